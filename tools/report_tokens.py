#!/usr/bin/env python3
"""Feeds patch tokens to the projector of a report model, in numpy.

    dinoscope-cli features film.png --what patches --dtype f16 -o tokens.npy
    report_tokens.py tokens.npy projector.safetensors -o projected.npy

TOKENS is what `features` writes ([N, D]) or the patches.npy of a folder of
`embed` ([n, N, D]), float16 or float32. PROJECTOR holds linear layers with the
exact GELU between them, two in LLaVA-1.5, four in MAIRA-2, under the names that
these have in their checkpoints:

    mm_projector.0, mm_projector.2                       LLaVA, original code
    multi_modal_projector.linear_1, …linear_2            LLaVA, transformers
    multi_modal_projector.layers.0, .2, .4, .6           MAIRA-2

also with anything before them, and in a file that holds the rest of the model
as well. OUT gets [N, H] or [n, N, H] in float32: what takes the places of the
image tokens among the language model's embeddings.

A projector knows the tokens that it was trained on: the same encoder, block and
normalisation. docs/report-models.md says which options give them.
"""
import argparse
import json
import math
import re
import struct
import sys

import numpy as np

LAYER = re.compile(r"(?:^|\.)(?:mm_projector\.(\d+)|multi_modal_projector\.linear_(\d+)|multi_modal_projector\.layers\.(\d+))\.(weight|bias)$")
KINDS = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}

# Rows that pass through all layers together: what one needs is small and stays in the cache.
STRIP = 128


class Refused(Exception):
    """A file that cannot be used, and why."""


def widen(data, kind):
    """float32 of the bytes of a tensor."""
    values = np.frombuffer(data, KINDS[kind])
    return (values.astype("<u4") << 16).view("<f4") if kind == "BF16" else values.astype(np.float32)


def read_layers(path):
    """[(weight [out, in], bias [out])] in the order of their numbers, from a .safetensors file."""
    found = {}
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        for name, about in header.items():
            match = LAYER.search(name)
            if match is None:
                continue
            if about["dtype"] not in KINDS:
                raise Refused("%s: %s is of type %s; F32, F16 and BF16 are read" % (path, name, about["dtype"]))
            number = int(next(group for group in match.groups()[:3] if group is not None))
            begin, end = about["data_offsets"]
            file.seek(8 + length + begin)
            found.setdefault(number, {})[match.group(4)] = widen(file.read(end - begin), about["dtype"]).reshape(about["shape"])
    if not found:
        raise Refused("%s has no linear layers of a projector" % path)
    return [(found[number]["weight"], found[number].get("bias", np.float32(0))) for number in sorted(found)]


def gelu(values):
    """x Phi(x) with the error function itself, as torch.nn.GELU()."""
    erf = np.fromiter(map(math.erf, (values / math.sqrt(2)).ravel()), np.float32, values.size).reshape(values.shape)
    return values * (np.float32(0.5) * (1 + erf))


def project(tokens, layers):
    """[N, H] from [N, D]."""
    strips = []
    for first in range(0, len(tokens), STRIP):
        values = tokens[first : first + STRIP].astype(np.float32)
        for number, (weight, bias) in enumerate(layers):
            values = values if number == 0 else gelu(values)
            values = values @ weight.T + bias
        strips.append(values)
    return np.concatenate(strips)


def check(tokens, layers):
    if tokens.ndim not in (2, 3):
        raise Refused("the tokens are of shape %s; [N, D] or [n, N, D] is needed (features --what patches, embed --patches)" % list(tokens.shape))
    width = tokens.shape[-1]
    for weight, _ in layers:
        if weight.ndim != 2 or weight.shape[1] != width:
            raise Refused("a layer of shape %s does not take %d channels: these are not the tokens that it was trained on" % (list(weight.shape), width))
        width = weight.shape[0]
    return width


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tokens")
    parser.add_argument("projector")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    tokens = np.load(options.tokens, mmap_mode="r")
    layers = read_layers(options.projector)
    width = check(tokens, layers)
    # Written picture by picture, so that a whole collection fits.
    out = np.lib.format.open_memmap(options.output, mode="w+", dtype=np.float32, shape=tokens.shape[:-1] + (width,))
    if tokens.ndim == 2:
        out[:] = project(tokens, layers)
    else:
        for index, picture in enumerate(tokens):
            out[index] = project(picture, layers)
    out.flush()
    print("%s: %s %s to %s" % (options.output, list(tokens.shape), tokens.dtype, list(out.shape)))


if __name__ == "__main__":
    try:
        main()
    except (Refused, OSError, ValueError) as problem:
        sys.exit("report_tokens.py: %s" % problem)
