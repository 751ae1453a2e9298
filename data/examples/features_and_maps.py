#!/usr/bin/env python3
"""What libdinoscope offers to Python, on one radiograph.

features_and_maps.py PICTURE [--model NAME] [--overlay ID] [--set NAME=VALUE]… [-o FOLDER]

Encodes the picture, tells what it found, and writes into FOLDER: tokens.npy
(the encoder's output, [tokens, channels]), map.npy (the map's values, [rows,
columns] or [rows, columns, 3]) and map.ppm (the map's colours).

Needs PyGObject and numpy (Debian: python3-gi, python3-numpy). From a prefix that
is not the system's, GI_TYPELIB_PATH and LD_LIBRARY_PATH have to lead there."""

import argparse
import os
import sys

import gi
import numpy as np

gi.require_version("Dinoscope", "1")
from gi.repository import Dinoscope, Gio, GLib  # noqa: E402


class Shared:
    """Memory of the library for numpy, without a copy: read-only, and kept as
    long as there is an array that looks at it. (GLib.Bytes.get_data() copies.)"""

    def __init__(self, data, shape, kind):
        self.data = data
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": kind,
            "data": (Dinoscope.bytes_get_address(data), True),
        }


def array(data, *shape, kind="f4"):
    """data (GLib.Bytes) as an array; numbers are in the machine's byte order."""
    kind = np.dtype(kind)
    if data.get_size() != np.prod(shape, dtype=int) * kind.itemsize:
        raise ValueError("%d bytes are no array of %s" % (data.get_size(), shape))
    return np.asarray(Shared(data, shape, kind.str))


def tell(done, total, partial, _data=None):
    """Called after every block; partial has what is known by then."""
    print("\rblock %d of %d" % (done, total), end="\n" if done == total else "", file=sys.stderr)


def parse(provider, model, settings):
    """NAME=VALUE as on the command line, checked; what is left out has its default."""
    parameters = {parameter.get_name(): parameter for parameter in provider.list_parameters(model)}
    values = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in parameters:
            sys.exit("%s has no parameter “%s”, but %s" % (provider.get_id(), name, ", ".join(parameters)))
        values[name] = parameters[name].parse(text)
    return GLib.Variant("a{sv}", values)


def main():
    parser = argparse.ArgumentParser(description="Features and a map of a radiograph.")
    parser.add_argument("picture")
    parser.add_argument("--model", help="a directory, a file or a name; default: the one that dinoscope-cli uses")
    parser.add_argument("--overlay", default="pca")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("-o", "--output", default=".", metavar="FOLDER")
    arguments = parser.parse_args()

    engine = Dinoscope.Engine.new(0)
    model = engine.open_model(arguments.model, Dinoscope.Precision.FP32, None)
    study = engine.open_picture(Gio.File.new_for_path(arguments.picture), None, None)
    print("%s, %d × %d pixels" % (study.dup_title(), study.get_width(), study.get_height()))
    print("encoder: %s" % model.describe())

    # Maps of blocks and of attention need more than the output.
    keep = Dinoscope.Keep.HIDDEN_STATES | Dinoscope.Keep.CLS_ATTENTION
    features = engine.encode(study, model, keep, None, tell)
    rows, columns = features.get_rows(), features.get_columns()
    tokens = array(features.dup_last_hidden_state(), features.get_n_tokens(), model.get_n_channels())
    patches = tokens[features.get_first_patch() :].reshape(rows, columns, -1)
    norms = np.linalg.norm(patches, axis=-1)
    row, column = np.unravel_index(norms.argmax(), norms.shape)
    print("%d × %d patches of %d channels; the longest patch token is at row %d, column %d" % (rows, columns, patches.shape[-1], row, column))

    provider = Dinoscope.overlays_find(arguments.overlay)
    if provider is None:
        sys.exit("there is no overlay “%s”, but %s" % (arguments.overlay, ", ".join(p.get_id() for p in Dinoscope.overlays_list())))
    overlay_map = engine.compute_map(provider, Dinoscope.Context.new(features, None), parse(provider, model, arguments.set), None)
    channels = overlay_map.get_channels()
    shape = (overlay_map.get_height(), overlay_map.get_width(), channels)[: 2 if channels == 1 else 3]
    values = array(overlay_map.dup_values(), *shape)
    print(overlay_map.get_title())
    print("covers %.1f, %.1f … %.1f, %.1f of the picture" % tuple(overlay_map.get_place()))

    # All of the picture, the map opaque: one pixel for each of the original's.
    width, height = study.get_width(), study.get_height()
    style = Dinoscope.MapStyle(opacity=1.0, smooth=Dinoscope.Smooth.BILINEAR)
    rgba = array(engine.draw_map(overlay_map, style, study, 0, 0, width, height, width, height), height, width, 4, kind="u1")

    os.makedirs(arguments.output, exist_ok=True)
    features.save(os.path.join(arguments.output, "tokens.npy"), None)
    np.save(os.path.join(arguments.output, "map.npy"), values)
    with open(os.path.join(arguments.output, "map.ppm"), "wb") as file:
        file.write(b"P6 %d %d 255\n" % (width, height) + rgba[:, :, :3].tobytes())
    engine.shutdown()


if __name__ == "__main__":
    try:
        main()
    except GLib.Error as error:
        sys.exit(error.message)
