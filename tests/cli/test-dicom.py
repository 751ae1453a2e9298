#!/usr/bin/env python3
"""DICOM files made here, through the command line: the grey scale, its choices, frames, and what is never told."""
import hashlib
import json
import os
import shlex
import signal
import struct
import subprocess
import time

import numpy as np

from support import CLI, TINY, TestCase, formula, main, read_png

MONOCHROME = "1.2.840.10008.5.1.4.1.1.1"
EXPLICIT = "1.2.840.10008.1.2.1"
PATIENT = "CANARY^JANE"
TYPES = {"US": "H", "SS": "h"}


def element(group, number, kind, value):
    if kind in TYPES:
        value = b"".join(struct.pack("<" + TYPES[kind], one) for one in np.atleast_1d(value).tolist())
    elif isinstance(value, str):
        value = value.encode()
    if len(value) % 2:
        value += b"\0" if kind in ("UI", "OB") else b" "
    long = kind in ("OB", "OW", "SQ", "UT")
    head = struct.pack("<HH2s", group, number, kind.encode())
    return head + (struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))) + value


def dicom(stored, *, bits=12, photometric="MONOCHROME2", modality="CR", extra=()):
    """Stored values [h, w] or [frames, h, w], signed where their type is; extra: elements in any order."""
    signed = int(stored.dtype.kind == "i")
    kind = "SS" if signed else "US"
    frames = [(0x28, 0x8, "IS", str(len(stored)))] if stored.ndim == 3 else []
    elements = [
        (0x8, 0x16, "UI", MONOCHROME), (0x8, 0x18, "UI", "1.2.3.4"), (0x8, 0x60, "CS", modality), (0x10, 0x10, "PN", PATIENT), (0x10, 0x20, "LO", "CANARY-ID"),
        (0x28, 0x2, "US", 1), (0x28, 0x4, "CS", photometric), *frames, (0x28, 0x10, "US", stored.shape[-2]), (0x28, 0x11, "US", stored.shape[-1]),
        (0x28, 0x100, "US", 16), (0x28, 0x101, "US", bits), (0x28, 0x102, "US", bits - 1), (0x28, 0x103, "US", signed),
        *((group, number, kind if form == "XS" else form, value) for group, number, form, value in extra),
        (0x7FE0, 0x10, "OW", (stored.astype("<i4") & ((1 << bits) - 1)).astype("<u2").tobytes()),
    ]
    meta = element(2, 2, "UI", MONOCHROME) + element(2, 3, "UI", "1.2.3.4") + element(2, 0x10, "UI", EXPLICIT)
    meta = element(2, 1, "OB", b"\0\1") + meta
    body = b"".join(element(*one) for one in sorted(elements, key=lambda one: one[:2]))
    return b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def half_up(values):
    return np.floor(np.clip(values, 0, 255) + 0.5)


WINDOWS = [(0x28, 0x1050, "DS", "300\\1200"), (0x28, 0x1051, "DS", "800\\900"), (0x28, 0x1055, "LO", "SOFT\\HARD")]
RESCALE = [(0x28, 0x1052, "DS", "-1024"), (0x28, 0x1053, "DS", "2"), (0x28, 0x1054, "LO", "HU")]


class Dicom(TestCase):
    def write(self, *arguments, **options):
        path = self.path("film.dcm")
        open(path, "wb").write(dicom(*arguments, **options))
        return path

    def film(self, **options):
        """56 x 56 px, so that the small encoder's processor does not resize: values 0 to 2000 or so."""
        stored = (8 * formula(56, 56).astype(np.int32) - (500 if options.pop("signed", False) else 0))
        stored = stored.astype(np.int16 if stored.min() < 0 else np.uint16)
        return self.write(stored, **options), stored.astype(np.float64)

    def info(self, path, *options):
        return self.good("info", "--json", "--model", TINY, path, *options).json()["pictures"][0]

    def greys(self, path, *options):
        pixels = self.path("pixels.npy")
        self.good("features", path, "--model", TINY, "--pixel-values", pixels, *options)
        return np.rint((np.load(pixels)[0].astype(np.float64) * 0.2583 + 0.5307) * 255)

    def shown(self, path, *options):
        out = self.path("shown.png")
        self.good("map", path, "--model", TINY, "--overlay", "cls-attention", "--opacity", "0", "-o", out, *options)
        return read_png(out)[..., 0]

    def test_info(self):
        path, stored = self.film(signed=True, extra=[*WINDOWS, *RESCALE, (0x28, 0x120, "XS", -500), (0x18, 0x1164, "DS", "0.143\\0.15")])
        picture = self.info(path)
        self.assertEqual((picture["format"], picture["signed"], picture["file_bits"]), ("DICOM", True, 12))
        self.assertEqual(picture["stored_sha256"], hashlib.sha256(stored.astype("<i4").tobytes()).hexdigest())
        kept = stored[stored != -500]
        self.assertEqual(picture["range"], [kept.min(), kept.max()])
        self.assertEqual(picture["padding"], [-500, -500])
        self.assertEqual(picture["modality"], {"kind": "rescale", "slope": 2, "intercept": -1024, "unit": "HU", "range": [2 * kept.min() - 1024, 2 * kept.max() - 1024]})
        self.assertEqual(picture["voi"], [{"index": 0, "kind": "window", "center": 300, "width": 800, "function": "linear", "name": "SOFT"},
                                          {"index": 1, "kind": "window", "center": 1200, "width": 900, "function": "linear", "name": "HARD"}])
        self.assertEqual(picture["display"]["chosen"], "file:0")
        self.assertEqual(picture["spacing"], {"x": 0.15, "y": 0.143, "unit": "mm", "at": "detector"})
        text = self.good("info", "--model", TINY, path, "--window", "1").text
        for words in ("slope 2, intercept -1024", "HU", "0.15 x 0.143 mm at detector", "“HARD”: center 1200, width 900 (linear), shown", "MONOCHROME2"):
            self.assertIn(words, text)

    def test_windows(self):
        path, stored = self.film(extra=[*WINDOWS, *RESCALE])
        value = 2 * stored - 1024
        linear = lambda center, width: half_up(((value - (center - 0.5)) / (width - 1) + 0.5) * 255)
        np.testing.assert_array_equal(self.shown(path), linear(300, 800))
        np.testing.assert_array_equal(self.shown(path, "--window", "1"), linear(1200, 900))
        np.testing.assert_array_equal(self.shown(path, "--window", "-100:400"), linear(-100, 400))
        np.testing.assert_array_equal(self.shown(path, "--window", "full"), half_up((value - value.min()) / (value.max() - value.min()) * 255))
        np.testing.assert_array_equal(self.shown(path, "--invert", "yes"), 255 - linear(300, 800))
        np.testing.assert_array_equal(self.greys(path, "--model-input", "window", "--window", "1"), linear(1200, 900))
        np.testing.assert_array_equal(self.greys(path), half_up((stored - stored.min()) / (stored.max() - stored.min()) * 255))
        self.bad(1, "info", "--model", TINY, path, "--window", "2", says=["film.dcm", "2"])

    def test_monochrome1(self):
        path, stored = self.film(photometric="MONOCHROME1", extra=[(0x2050, 0x20, "CS", "INVERSE")])
        want = half_up((stored - stored.min()) / (stored.max() - stored.min()) * 255)
        np.testing.assert_array_equal(self.greys(path), 255 - want)
        np.testing.assert_array_equal(self.greys(path, "--invert", "no"), want)
        np.testing.assert_array_equal(self.shown(path, "--window", "full"), 255 - want)
        picture = self.info(path)
        self.assertEqual((picture["photometric"], picture["presentation"]), ("MONOCHROME1", "INVERSE"))
        self.assertTrue(picture["display"]["inverted"] and picture["model_input"]["inverted"])
        self.assertFalse(self.info(path, "--model-input", "bspline")["model_input"]["inverted"])

    def test_padding(self):
        stored = (1000 + 3 * formula(56, 56).astype(np.int32)).astype(np.uint16)
        stored[:, :8] = 0
        path = self.write(stored, extra=[(0x28, 0x120, "XS", 0)])
        want = half_up((stored - 1000.0) / (stored.max() - 1000.0) * 255)
        np.testing.assert_array_equal(self.greys(path), want)
        low, high = np.percentile(stored[:, 8:], [1, 99])
        np.testing.assert_array_equal(self.shown(path), half_up((stored - low) / (high - low) * 255))

    def test_padding_in_the_other_type(self):
        """A signed value written as US, and the other way round: the bits count."""
        path, _ = self.film(signed=True, extra=[(0x28, 0x120, "US", 65536 - 500)])
        self.assertEqual(self.info(path)["padding"], [-500, -500])
        path, _ = self.film(extra=[(0x28, 0x120, "SS", -1), (0x28, 0x121, "SS", -6)])
        self.assertEqual(self.info(path)["padding"], [65530, 65535])

    def test_packed_table(self):
        """Entries of 8 bits, two in a word."""
        entries = np.arange(255, 0, -1, dtype=np.uint8)
        table = element(0x28, 0x3002, "US", [255, 0, 8]) + element(0x28, 0x3003, "LO", "PACKED") + element(0x28, 0x3006, "OW", entries.tobytes() + b"\0")
        item = struct.pack("<HHI", 0xFFFE, 0xE000, len(table)) + table
        path, stored = self.film(extra=[(0x28, 0x3010, "SQ", item)])
        self.assertEqual([(voi["kind"], voi["name"]) for voi in self.info(path)["voi"]], [("table", "PACKED")])
        np.testing.assert_array_equal(self.shown(path), entries[np.minimum(stored, 254).astype(int)])

    def test_spacing(self):
        """PS3.3 10.7.1.1: millimetres of which plane."""
        pixel, imager, scanned = (0x28, 0x30, "DS", "0.2\\0.1"), (0x18, 0x1164, "DS", "0.4\\0.3"), (0x18, 0x2010, "DS", "0.6\\0.5")
        same, typed = (0x18, 0x1164, "DS", "0.2\\0.1"), (0x28, 0xA02, "CS", "FIDUCIAL")
        for modality, elements, want in (
            ("CR", [imager], (0.3, 0.4, "detector")),
            ("CR", [scanned], (0.5, 0.6, "detector")),
            ("CR", [pixel], (0.1, 0.2, "detector")),
            ("CR", [pixel, same], (0.1, 0.2, "detector")),
            ("CR", [pixel, same, typed], (0.1, 0.2, "calibrated")),
            ("CR", [pixel, imager], (0.1, 0.2, "calibrated")),
            ("CR", [(0x28, 0x30, "DS", "0\\0"), imager], (0.3, 0.4, "detector")),
            ("CR", [(0x28, 0x34, "IS", "1\\2")], None),
            ("CT", [pixel], (0.1, 0.2, "plane")),
            ("OT", [pixel], None),
            ("OT", [pixel, imager], (0.1, 0.2, "calibrated")),
            ("", [pixel], None),
        ):
            with self.subTest(modality=modality, elements=elements):
                path, _ = self.film(extra=elements, modality=modality)
                spacing = self.info(path)["spacing"]
                self.assertEqual(spacing and (spacing["x"], spacing["y"], spacing["at"]), want)

    def test_truncated(self):
        path, _ = self.film()
        whole = open(path, "rb").read()
        for length in (200, len(whole) // 2, len(whole) - 1):
            open(path, "wb").write(whole[:length])
            self.bad(1, "info", "--model", TINY, path, says=["film.dcm", "truncated"])

    def helper(self, script):
        """A reader that does as the script says."""
        path = self.path("reader")
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + script)
        os.chmod(path, 0o755)
        return {"DINOSCOPE_DICOM_HELPER": path}

    def test_broken_reader(self):
        path, _ = self.film()
        for script, words in (
            ("kill -SEGV $$", "signal 11"),
            ("exit 70", "exit code 70"),
            ("head -c 1000 /dev/zero; exec sleep 1000", "makes no sense"),
            ("printf 'DINODCM1\\1\\0\\0\\0\\4\\0\\0\\0\\2\\0\\0\\0\\2\\0\\0\\0'; echo abc; exec sleep 1000", "makes no sense"),
        ):
            with self.subTest(script=script):
                self.bad(1, "info", "--model", TINY, path, env=self.helper(script), says=["film.dcm", words])
        self.bad(1, "info", "--model", TINY, path, env={"DINOSCOPE_DICOM_HELPER": self.path("absent")}, says=["film.dcm", "absent"])
        # Where nothing is named, the reader of the build that the program is of.
        self.good("info", "--model", TINY, path, env={"DINOSCOPE_DICOM_HELPER": ""})

    def test_cancelled(self):
        """A reader that hangs is left at once."""
        path, _ = self.film()
        started = self.path("started")
        env = {**os.environ, **self.helper("echo >%s; exec sleep 1000" % shlex.quote(started))}
        process = subprocess.Popen([CLI, "info", "--model", TINY, path], env=env, stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        while not os.path.exists(started):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        self.assertNotIn(b"busy", process.communicate()[1])
        self.assertEqual(process.returncode, 130)

    def test_frames(self):
        first = (8 * formula(56, 56).astype(np.int32)).astype(np.uint16)
        path = self.write(np.stack([first, first[::-1], first[:, ::-1]]))
        self.bad(1, "info", "--model", TINY, path, says=["3 frames", "--frame"])
        self.bad(1, "info", "--model", TINY, path, "--frame", "4", says="4")
        self.bad(2, "info", "--model", TINY, path, "--frame", "0", says="--frame")
        for number, want in ((1, first), (2, first[::-1]), (3, first[:, ::-1])):
            digest = hashlib.sha256(np.ascontiguousarray(want).astype("<i4").tobytes()).hexdigest()
            self.assertEqual(self.info(path, "--frame", str(number))["stored_sha256"], digest)
        shown = self.shown(path, "--frame", "2")
        sidecar = json.load(open(self.path("shown.json")))
        self.assertEqual(sidecar["preparation"]["frame"], 2)
        again = self.path("again.png")
        self.good("map", path, "--model", TINY, "--from", self.path("shown.json"), "-o", again)
        np.testing.assert_array_equal(read_png(again)[..., 0], shown)
        self.assertEqual(json.load(open(self.path("again.json"))), sidecar)

    def test_absurd_headers(self):
        """Slopes and windows beyond all measure give a picture of some kind, never a crash."""
        for extra in (
            [(0x28, 0x1052, "DS", "0"), (0x28, 0x1053, "DS", "1e308")],
            [(0x28, 0x1052, "DS", "-1e308"), (0x28, 0x1053, "DS", "-1e308")],
            [(0x28, 0x1052, "DS", "5"), (0x28, 0x1053, "DS", "0")],
            [(0x28, 0x1050, "DS", "1e308"), (0x28, 0x1051, "DS", "1e-308")],
            [(0x28, 0x1050, "DS", "3"), (0x28, 0x1051, "DS", "0")],
        ):
            path, _ = self.film(extra=extra)
            for options in ((), ("--window", "full"), ("--window", "percentile", "--model-input", "window"), ("--model-input", "percentile")):
                with self.subTest(extra=extra, options=options):
                    self.assertEqual(self.shown(path, *options).shape, (56, 56))
                    self.assertEqual(self.info(path, *options)["size"], [56, 56])

    def test_nothing_of_the_patient(self):
        path, _ = self.film(extra=WINDOWS)
        outputs = [self.good("info", "--model", TINY, path), self.good("info", "--json", "--model", TINY, path)]
        self.shown(path, "--window", "1", "--model-input", "window")
        for result in outputs:
            self.assertNotIn("CANARY", result.text + result.err)
        for name in self.files():
            if name != "film.dcm":
                self.assertNotIn(b"CANARY", open(self.path(name), "rb").read(), name)


if __name__ == "__main__":
    main()
