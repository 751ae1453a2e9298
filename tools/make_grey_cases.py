#!/usr/bin/env python3
"""Grey scale arithmetic computed by others, for the tests of core/picture.

needs: numpy pydicom SimpleITK      make_grey_cases.py --out tests/data/grey

grey.json     every stored value of small pictures through pydicom's modality and VOI steps
ranges.json   numpy's percentiles of pictures, padding left out
bspline.json  pictures resized by SimpleITK's cubic B-spline, and sizes by Python's round()
The pictures are p(x,y) = (7x + 13y + ((x*y)>>3) + ((x*x+3*y*y)>>7)) & 255, or deep ones 16 p(x,y) + p(y,x) + offset.
"""
import argparse
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from pydicom.sequence import Sequence


def formula(x, y):
    return (7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255


def picture(width, height, deep, offset=0):
    x, y = np.meshgrid(np.arange(width, dtype=np.int64), np.arange(height, dtype=np.int64))
    return 16 * formula(x, y) + formula(y, x) + offset if deep else formula(x, y)


def lut(first, bits, entries):
    item = Dataset()
    item.add_new(0x00283002, "SS" if first < 0 else "US", [len(entries), first, bits])
    item.LUTDescriptor = [len(entries), first, bits]
    item.add_new(0x00283006, "US", [int(entry) for entry in entries])
    return item


GREY = [
    dict(bits=8, windows=[[128, 100]]),
    dict(bits=8, windows=[[100, 1]]),
    dict(bits=8, windows=[[127.5, 255]], function="LINEAR_EXACT"),
    dict(bits=8, windows=[[60, 40.5]], function="LINEAR_EXACT"),
    dict(bits=8, windows=[[90, 55]], function="SIGMOID"),
    dict(bits=8, signed=True, rescale=[2.5, -1024], windows=[[-1000, 350]]),
    dict(bits=8, signed=True, rescale=[2.5, -1024], windows=[[-1000, 350]], function="SIGMOID"),
    dict(bits=8, rescale=[-1, 255], windows=[[128, 100]]),
    dict(bits=8, rescale=[-0.5, 10], windows=[[-40, 60]], function="LINEAR_EXACT"),
    dict(bits=7, windows=[[550, 1024], [40, 30], [60, 20]], index=2),
    dict(bits=8, modality=dict(first=30, bits=16, entries=[(37 * i * i) % 4096 for i in range(90)]), windows=[[2000, 3000]]),
    dict(bits=8, signed=True, modality=dict(first=-20, bits=16, entries=[(977 * i) % 65536 for i in range(60)]), windows=[]),
    dict(bits=8, rescale=[0.5, 3], voi=[dict(first=20, bits=10, entries=[(11 * i) % 1024 for i in range(80)])], windows=[[3, 4]]),
    dict(bits=8, signed=True, rescale=[1, 0], voi=[dict(first=-30, bits=8, entries=[255 - i for i in range(90)]),
                                                   dict(first=-100, bits=16, entries=[65535 - 300 * i for i in range(200)])], index=1),
    dict(bits=8, modality=dict(first=0, bits=16, entries=[4 * i for i in range(256)]),
         voi=[dict(first=300, bits=16, entries=[100 * i for i in range(400)])]),
]


def pack_lut(table):
    if table is None:
        return struct.pack("<I", 0)
    entries = table["entries"]
    return struct.pack("<Iii", len(entries), table["first"], table["bits"]) + np.array(entries, "<u2").tobytes()


def digest(about):
    """docs/sidecar.md, picture.grey-scale-sha256."""
    function = ["", "LINEAR_EXACT", "SIGMOID"].index(about.get("function", ""))
    slope, intercept = about.get("rescale", [1, 0])
    tables, windows = about.get("voi", []), about.get("windows", [])
    data = struct.pack("<i", -32768 if about.get("signed") else 0) + pack_lut(about.get("modality"))
    data += struct.pack("<ddi", slope, intercept, len(tables) + len(windows)) + b"".join(pack_lut(table) for table in tables)
    data += b"".join(pack_lut(None) + struct.pack("<ddi", *window, function) for window in windows)
    return hashlib.sha256(data + struct.pack("<iiiii", 0, 0, 0, 0, 0)).hexdigest()


def voi_range(about, low):
    """What the VOI step's output lies in: a table's entries, else the modality's own range."""
    if "voi" in about:
        return [0, 2 ** about["voi"][about.get("index", 0)]["bits"] - 1]
    if "modality" in about:
        return [0, 2 ** about["modality"]["bits"] - 1]
    slope, intercept = about.get("rescale", [1, 0])
    return [slope * low + intercept, slope * (low + 2 ** about["bits"] - 1) + intercept]


def grey_case(about):
    bits, signed = about["bits"], about.get("signed", False)
    low = -(1 << (bits - 1)) if signed else 0
    stored = np.arange(low, low + (1 << bits), dtype=np.int16 if signed else np.uint16)
    ds = Dataset()
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.BitsStored, ds.BitsAllocated, ds.PixelRepresentation = bits, 16, int(signed)
    if "rescale" in about:
        ds.RescaleSlope, ds.RescaleIntercept = (str(value) for value in about["rescale"])
    if "modality" in about:
        ds.ModalityLUTSequence = Sequence([lut(**about["modality"])])
    if about.get("windows"):
        ds.WindowCenter, ds.WindowWidth = ([str(window[i]) for window in about["windows"]] for i in (0, 1))
    if "function" in about:
        ds.VOILUTFunction = about["function"]
    if "voi" in about:
        ds.VOILUTSequence = Sequence([lut(**table) for table in about["voi"]])
    modality = np.asarray(apply_modality_lut(stored, ds))
    voi = np.asarray(apply_voi_lut(modality, ds, index=about.get("index", 0)))
    return dict(about, low=low, expected_range=voi_range(about, low), digest=digest(about),
                expected_modality=modality.astype(float).tolist(), expected_voi=voi.astype(float).tolist())


def range_case(width, height, offset, padding, percents, rescale=(1.0, 0.0)):
    values = picture(width, height, True, offset).ravel()
    kept = values[(values < padding[0]) | (values > padding[1])] if padding else values
    modality = kept * rescale[0] + rescale[1]
    return dict(width=width, height=height, offset=offset, padding=padding, rescale=list(rescale), percents=percents,
                range=[float(modality.min()), float(modality.max())], expected=np.percentile(modality, percents).tolist())


def bspline_case(width, height, edge, deep, offset=0):
    """Resize, then min-max, as the model card's preparation: docs/model.md, "Greys"."""
    values = picture(width, height, deep, offset).astype(np.float32)
    image = sitk.GetImageFromArray(values)
    short = min(width, height)
    size = [int(round(width * edge / short)), int(round(height * edge / short))]
    resized = sitk.Resample(image, size, sitk.Transform(), sitk.sitkBSpline, image.GetOrigin(), [width / size[0], height / size[1]],
                            image.GetDirection(), 0.0, sitk.sitkFloat32)
    floats = sitk.GetArrayFromImage(resized)
    wide = floats.astype(np.float64)
    greys = ((wide - wide.min()) / (wide.max() - wide.min()) * 255).astype(np.uint8)
    return dict(width=width, height=height, edge=edge, deep=deep, offset=offset, size=size,
                floats=[round(float(value), 4) for value in floats.ravel()], greys=greys.ravel().tolist())


def size_case(width, height, edge):
    short = min(width, height)
    return [width, height, edge, int(round(width * edge / short)), int(round(height * edge / short))]


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")).replace("},{", "},\n{") + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, type=Path)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    write(out / "grey.json", [grey_case(about) for about in GREY])
    write(out / "ranges.json", [
        range_case(40, 30, 0, None, [0, 1, 25, 50, 99, 100]),
        range_case(33, 21, -2048, None, [1, 99], (2.5, -100.0)),
        range_case(33, 21, 0, [0, 2000], [1, 37.5, 99]),
        range_case(33, 21, -2048, [-2048, -1000], [1, 99], (-0.5, 10.0)),
        range_case(3, 1, 0, None, [1, 50, 99]),
    ])
    write(out / "bspline.json", dict(
        pictures=[bspline_case(45, 61, 28, False), bspline_case(31, 26, 42, True), bspline_case(40, 30, 28, True, -2048),
                  bspline_case(12, 17, 28, True, 500), bspline_case(5, 3, 7, False), bspline_case(19, 18, 17, False)],
        sizes=[size_case(*size) for size in [(777, 1001, 518), (2765, 2505, 518), (1841, 1955, 518), (1976, 1576, 518), (2394, 3062, 518),
                                             (440, 440, 518), (4, 5, 518), (8, 9, 4), (8, 11, 4), (8, 13, 4), (301, 260, 256)]]))


if __name__ == "__main__":
    main()
