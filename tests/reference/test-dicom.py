#!/usr/bin/env python3
"""DICOM through the command line as a user runs it, against pydicom's and SimpleITK's numbers: TAP.

    test-dicom.py CLI RESIZE_PROBE

Looks for golden/ and testdata/ in $DINOSCOPE_TESTDATA.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

CLI, PROBE = sys.argv[1:3]
REFERENCE = Path(os.environ.get("DINOSCOPE_TESTDATA") or "/nonexistent")
TESTDATA = REFERENCE / "testdata"
LOSSLESS = ["RG3_UNC", "RG3_RLE", "RG3_JPLL", "RG3_JLSL", "RG3_J2KR"]
EQUAL = ["MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_expb.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm",
         "MR_small_jpeg_ls_lossless.dcm", "MR_small_padded.dcm"]
MONOCHROME1 = "chest-dicom/Fake_MONOHR1.dcm"
MONOCHROME2 = "chest-dicom/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm"
LOSSY = ("JPEG Baseline (Process 1)", "JPEG 2000 Image Compression", "JPEG-LS Lossy (Near-Lossless) Image Compression")


def cli(*arguments):
    result = subprocess.run([CLI, "--quiet", *map(str, arguments)], capture_output=True)
    if result.returncode != 0:
        raise RuntimeError("%s: exit %d: %s" % (arguments, result.returncode, result.stderr.decode()))
    return result.stdout


def greys(folder, name, *options):
    """The 8-bit picture that entered the model."""
    out = os.path.join(folder, "pixels.npy")
    cli("features", TESTDATA / name, "--model", "demo", "--pixel-values", out, *options)
    return np.rint((np.load(out)[0].astype(np.float64) * 0.2583 + 0.5307) * 255)


def test_info(folder):
    """Stored values by sha256, windows and the choice among them."""
    for name, row in json.loads((REFERENCE / "golden/dicom.json").read_text())["files"].items():
        if "error" in row:
            continue
        picture = json.loads(cli("info", "--json", "--model", "demo", TESTDATA / name))["pictures"][0]
        if row["transfer_syntax"] not in LOSSY:
            assert picture["stored_sha256"] == row["stored"]["sha256"], name
            assert row["modality"]["min"] <= picture["modality"]["range"][0], name
            assert picture["modality"]["range"][1] == row["modality"]["max"], name
        assert picture["photometric"] == row["photometric"], name
        assert picture["signed"] == row["signed"], name
        assert picture["presentation"] == (row["presentation_lut"] or None), name
        windows = [[voi["center"], voi["width"]] for voi in picture["voi"] if voi["kind"] == "window"]
        assert windows == row["windows"], (name, windows)
        assert sum(voi["kind"] == "table" for voi in picture["voi"]) == row["voi_luts"], name
        assert picture["display"]["chosen"] == ("file:0" if picture["voi"] else "percentile"), name
        assert picture["display"]["inverted"] == picture["model_input"]["inverted"] == (row["photometric"] == "MONOCHROME1"), name


def test_equal_features(folder):
    """Lossless encodings of one picture give the same features, bit for bit."""
    for names in (LOSSLESS, EQUAL):
        outputs = set()
        for name in names:
            out = os.path.join(folder, "out.npy")
            cli("features", TESTDATA / "dicom-transfer-syntax" / name, "--model", "demo", "-o", out)
            outputs.add(Path(out).read_bytes())
        assert len(outputs) == 1, names


def with_short(data, tag, value):
    """The file with another value of a US element of group 0028, explicit little endian."""
    at = data.index(struct.pack("<HH", 0x28, tag) + b"US\2\0") + 8
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


def test_bytes_in_words(folder):
    """A stream of 8 bits a sample in a file that allocates 16."""
    path = os.path.join(folder, "film")
    Path(path).write_bytes(with_short((TESTDATA / MONOCHROME1).read_bytes(), 0x100, 16))
    first, second = (json.loads(cli("info", "--json", "--model", "demo", name))["pictures"][0] for name in (TESTDATA / MONOCHROME1, path))
    assert first["stored_sha256"] == second["stored_sha256"]


def test_rle_header(folder):
    """Segments that begin outside of the frame are refused before they are decoded."""
    data = (TESTDATA / "dicom-transfer-syntax/MR_small_RLE.dcm").read_bytes()
    at = data.index(struct.pack("<4I", 2, 64, struct.unpack_from("<I", data, data.index(struct.pack("<2I", 2, 64)) + 8)[0], 0))
    path = os.path.join(folder, "film")
    for offset, value in ((0, 1), (0, 3), (4, 1 << 31), (8, 64), (8, 0xFFFFFFFF), (12, 0xFF000000)):
        Path(path).write_bytes(data[: at + offset] + struct.pack("<I", value) + data[at + offset + 4 :])
        result = subprocess.run([CLI, "info", "--model", "demo", path], capture_output=True, text=True)
        assert result.returncode == 1 and "cannot be decoded" in result.stderr, (offset, value, result.stderr)


def test_negatives(folder):
    """Equal pixels as MONOCHROME1 and MONOCHROME2, encoded and shown; --invert overrules."""
    first, second = greys(folder, MONOCHROME1), greys(folder, MONOCHROME2)
    assert np.abs(first + second - 255).max() <= 1
    assert np.abs(first - second).max() > 200
    np.testing.assert_array_equal(greys(folder, MONOCHROME1, "--invert", "no"), second)
    np.testing.assert_array_equal(greys(folder, MONOCHROME2, "--invert", "yes"), first)
    for options in (("--model-input", "window", "--window", "128:100"), ("--model-input", "percentile")):
        assert np.abs(greys(folder, MONOCHROME1, *options) + greys(folder, MONOCHROME2, *options) - 255).max() <= 2
    np.testing.assert_array_equal(greys(folder, MONOCHROME1, "--model-input", "bspline"), greys(folder, MONOCHROME2, "--model-input", "bspline"))


def test_bspline(folder):
    """golden/bspline.npz: float within 1e-2 of the range, greys within one level, whole picture and crop."""
    golden = np.load(REFERENCE / "golden/bspline.npz")
    names = [key[: -len("__float")] for key in golden.files if key.endswith("__float")]
    assert len(names) == 4
    for key in names:
        name = key.replace("__", "/")
        width, height = golden[key + "__size"]
        out = os.path.join(folder, "resized.npy")
        subprocess.run([PROBE, TESTDATA / name, str(width), str(height), out], check=True)
        got, want = np.load(out)[::7, ::7], golden[key + "__float"]
        assert np.abs(got - want).max() <= 1e-2 * (want.max() - want.min()), (name, np.abs(got - want).max())
        full = np.full((height, width), np.nan)
        top, left = (height - 518) // 2, (width - 518) // 2
        full[top : top + 518, left : left + 518] = greys(folder, name, "--model-input", "bspline")
        difference = np.abs(full[::7, ::7] - golden[key + "__uint8"])
        # Two decoders of lossy JPEG differ by a stored value here and there, and so does the range.
        assert np.nanmax(difference) <= (2 if name == MONOCHROME1 else 1), (name, np.nanmax(difference))
        assert np.isfinite(difference).mean() > 0.9, name


def test_sidecar(folder):
    """Equal samples that mean another thing are told apart; --from makes the same again."""
    digests = []
    for number, name in enumerate((MONOCHROME1, MONOCHROME2)):
        out = os.path.join(folder, "map%d.png" % number)
        cli("map", TESTDATA / name, "--model", "demo", "--overlay", "cls-attention", "--opacity", "0", "--window", "100:150", "--model-input", "window", "-o", out)
        sidecar = json.loads(Path(out.replace(".png", ".json")).read_text())
        digests.append((sidecar["picture"]["sha256"], sidecar["picture"]["grey-scale-sha256"]))
        assert sidecar["display"]["inverted"] == (number == 0)
        assert sidecar["preparation"]["inverted"] == ("yes" if number == 0 else "no")
        again = os.path.join(folder, "again.png")
        cli("map", TESTDATA / name, "--model", "demo", "--from", out.replace(".png", ".json"), "-o", again)
        assert Path(again).read_bytes() == Path(out).read_bytes()
        assert Path(again.replace(".png", ".json")).read_bytes() == Path(out.replace(".png", ".json")).read_bytes()
    assert digests[0][0] == digests[1][0] and digests[0][1] != digests[1][1]


def main():
    print("TAP version 13")
    if not (REFERENCE / "golden/dicom.json").is_file():
        print("1..0 # SKIP the reference material is not there")
        return 0
    tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
    print("1..%d" % len(tests))
    failed = False
    for number, test in enumerate(tests, 1):
        problem = None
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
            except Exception as error:
                problem = "%s: %s" % (type(error).__name__, error)
        failed = failed or problem is not None
        print("%sok %d - %s" % ("not " if problem else "", number, test.__name__), flush=True)
        if problem:
            print("# " + problem.replace("\n", " "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
