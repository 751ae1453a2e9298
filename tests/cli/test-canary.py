#!/usr/bin/env python3
"""Patients' data (design.md): strings planted in a DICOM header, in EXIF, in
texts of PNG and JPEG files and in file names; every command that reads a
picture; then everything that was printed, written or left behind is searched."""
import json
import os
from pathlib import Path

import numpy as np

import canary
from support import DATA, TINY, TestCase, formula, main, run, write_png


class Canary(TestCase):
    def setUp(self):
        super().setUp()
        self.home = self.path("home")
        self.out = self.path("out")
        for folder in (self.home, self.out):
            os.mkdir(folder)
        self.env = {"HOME": self.home}
        for name in ("CACHE", "DATA", "CONFIG", "STATE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.home, name.lower())
        self.env["XDG_RUNTIME_DIR"] = self.home
        self.env["TMPDIR"] = self.home

    def plant(self, name, data):
        path = self.path(name)
        Path(path).write_bytes(data)
        return path

    def clean(self, data, words, where):
        self.assertEqual(canary.found(data, words), [], where)

    def clean_tree(self, folder, words):
        """Contents, and names as well."""
        count = 0
        for root, folders, names in os.walk(folder):
            for name in folders + names:
                self.clean(name.encode(), words, "a name under " + folder)
            for name in names:
                self.clean(Path(root, name).read_bytes(), words, name)
                count += 1
        return count

    def commands(self, picture, width, height):
        def out(name):
            return os.path.join(self.out, name)

        boxes = self.path("boxes.csv")
        Path(boxes).write_text("x0,y0,x1,y1,label\n10,10,40,40,opacity\n")
        mask = write_png(self.path("mask.png"), np.full((height, width), 255, np.uint8))
        yield "info", picture
        yield "info", picture, "--json"
        yield "info", picture, "--invert", "yes", "--fit", "pad"
        yield "features", picture, "-o", out("tokens.npy"), "--pixel-values", out("input.npy")
        yield "features", picture, "-o", out("all.safetensors"), "--hidden", "--attention", "0", "--json"
        yield "map", picture, "--overlay", "pca", "--bar", "-o", out("pca.png"), "--npy", out("pca.npy")
        yield "map", picture, "--overlay", "cls-attention", "--region", boxes, "--map-only", "-o", out("attention.png")
        yield "map", picture, "--overlay", "cls-attention", "--region", mask
        yield "map", picture, "--overlay", "pca", "--save-basis", out("basis.safetensors"), "--json"
        yield "map", picture, "--from", out("pca.json"), "-o", out("again.png")
        for suffix in ("svg", "pdf", "csv", "npy"):
            yield "map", picture, "--from", out("pca.json"), "-o", out("again." + suffix)
        yield "map", picture, "--from", out("pca.json"), "--secondary-capture", "-o", out("capture.dcm")
        yield "map", picture, "--overlay", "pca", "--fit", "whole", "--invert", "yes", "-o", out("whole.png"), "--json"
        yield "bench", picture, "--runs", "1", "-o", out("bench.npy")

    def check_picture(self, picture):
        report = self.good("info", picture, "--json", "--model", TINY, env=self.env).json()["pictures"][0]
        for command in self.commands(picture, *report["size"]):
            with self.subTest(" ".join(command[:3])):
                result = self.good(*command, "--model", TINY, env=self.env)
                self.clean(result.out + result.err.encode(), canary.PERSONAL, "printed by " + command[0])
        self.assertGreaterEqual(self.clean_tree(self.out, canary.PERSONAL + [canary.FILE]), 12)
        self.clean_tree(self.home, canary.PERSONAL + [canary.FILE])

    def test_dicom(self):
        self.check_picture(self.plant(canary.FILE + ".dcm", canary.dicom_bytes(canary.film())))

    def test_jpeg(self):
        source = DATA / "golden" / "modes" / "grey.jpg"
        self.check_picture(self.plant(canary.FILE + ".jpg", canary.plant_jpeg(source.read_bytes())))

    def test_png(self):
        self.check_picture(self.plant(canary.FILE + ".png", canary.plant_png(canary.film())))

    def test_broken_dicom(self):
        """Parsers like to quote what they stumble over."""
        whole = canary.dicom_bytes(canary.film())
        places = [whole.index(word.encode()) for word in (canary.NAME, canary.PATIENT_ID, canary.TEXT, canary.UID)]
        broken = {"cut-%d" % place: whole[: place + 9] for place in places}
        for place in places:
            broken["length-%d" % place] = whole[: place - 2] + b"\xff\x7f" + whole[place:]
            broken["kind-%d" % place] = whole[: place - 4] + b"ZZ" + whole[place - 2 :]
        broken["no-pixels"] = whole[: whole.index(b"\xe0\x7f\x10\x00")]
        for name, data in broken.items():
            with self.subTest(name):
                result = run("info", self.plant(name + ".dcm", data), "--model", TINY, env=self.env)
                self.assertIn(result.code, (0, 1), result.err)
                self.clean(result.out + result.err.encode(), canary.PERSONAL, "printed")
        self.clean_tree(self.home, canary.PERSONAL + [canary.FILE])

    def test_search_finds(self):
        """The search itself: a planted word is found wherever it can hide."""
        self.assertEqual(canary.found(canary.dicom_bytes(canary.film()), [canary.NAME, canary.UID, "ELSTER"]), [canary.NAME, canary.UID])
        self.assertEqual(canary.found(canary.plant_png(formula(20, 20)), [canary.TEXT]), [canary.TEXT])
        self.assertEqual(canary.found(canary.plant_png(formula(20, 20)), [canary.EXIF]), [canary.EXIF])
        self.assertEqual(canary.found(json.dumps(canary.FILE).encode("utf-16-le"), [canary.FILE]), [canary.FILE])


if __name__ == "__main__":
    main()
