#!/usr/bin/env python3
"""Formats of map: SVG, PDF, CSV and NPY beside PNG, each with its sidecar, by
which it is made again; the visible part; what is marked."""
import base64
import csv
import json
import os
import re
import struct
import xml.etree.ElementTree as ET

import numpy as np

from support import EXAMPLES, TestCase, main, read_png, run

FILM = str(EXAMPLES / "chest-01.png")
CLS = ("--overlay", "cls-attention", "--set", "block=3", "--set", "head=1")
PICTURES = ("png", "svg", "pdf")
FORMATS = PICTURES + ("csv", "npy")
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
NOTICE = "For research only. Not for clinical use."


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sidecar_of(path):
    return path[:-4] + ".json" if path.endswith(".png") else path + ".json"


class Export(TestCase):
    def export(self, name, *options):
        path = self.path(name)
        self.good("map", FILM, "--model", "demo", *options, "-o", path)
        return path

    def test_again_from_the_sidecar(self):
        """Every format, and its sidecar, are the same bytes again."""
        for suffix in FORMATS:
            with self.subTest(suffix):
                first = self.export("first." + suffix, *CLS, "--bar", "--smooth", "bilinear", "--opacity", "0.7")
                again = self.export("again." + suffix, "--from", sidecar_of(first))
                self.assertEqual(read(first), read(again))
                self.assertEqual(read(sidecar_of(first)), read(sidecar_of(again)))

    def images_of_svg(self, root):
        images = []
        for image in root.iter(SVG + "image"):
            kind, data = image.get(LINK).split(",", 1)
            self.assertEqual(kind, "data:image/png;base64")
            path = self.path("image.png")
            with open(path, "wb") as file:
                file.write(base64.b64decode(data))
            if int(image.get("width")) > 256:
                images.append(read_png(path))
        return images

    def test_svg(self):
        """The radiograph and the map as images of the picture's own pixels, texts as texts, nothing that a process counts."""
        svg = self.export("map.svg", *CLS, "--bar")
        text = read(svg).decode()
        root = ET.fromstring(text)
        texts = ["".join(element.itertext()) for element in root.iter(SVG + "text")]
        self.assertIn(NOTICE, texts)
        self.assertIn("Demonstration encoder", " ".join(texts))
        self.assertEqual(root.find(SVG + "desc").text, NOTICE)
        self.assertNotIn("glyph", text)
        numbers = [int(number) for number in re.findall(r' id="[a-z]+(\d+)"', text)]
        self.assertLess(max(numbers), len(numbers) + 1)
        under, over = self.images_of_svg(root)
        picture = read_png(FILM)
        self.assertEqual(under.shape[:2], picture.shape[:2])
        self.assertTrue((under[..., 0] == picture.reshape(under.shape[:2])).all())
        # One over the other they are the PNG.
        plain = read_png(self.export("map.png", *CLS)).astype(float)
        alpha = over[..., 3:] / 255.0
        self.assertLessEqual(np.abs(over[..., :3] * alpha + under * (1 - alpha) - plain).max(), 2)

    def test_pdf(self):
        """Images at the picture's size, letters that can be found again, no date."""
        pdf = read(self.export("map.pdf", *CLS, "--bar"))
        width, height = read_png(FILM).shape[1::-1]
        self.assertTrue(pdf.startswith(b"%PDF-1.4"))
        self.assertNotIn(b"Date", pdf)
        sizes = re.findall(rb"/Width (\d+)\s+/Height (\d+)", pdf)
        self.assertGreaterEqual(sizes.count((b"%d" % width, b"%d" % height)), 3)  # radiograph, map, its opacity
        self.assertIn(b"/ToUnicode", pdf)
        self.assertIn(b"/FontFile", pdf)
        self.assertIn(NOTICE.encode(), pdf)

    def test_csv(self):
        """One line a patch: its box as geometry has it, the value of the NPY to the bit."""
        for name, options, columns in (("one", CLS, ["value"]), ("three", ("--overlay", "pca"), ["value1", "value2", "value3"])):
            with self.subTest(name):
                path = self.export(name + ".csv", *options)
                values = np.load(self.export(name + ".npy", *options))
                seen = json.loads(read(sidecar_of(path)))["preparation"]["seen"]
                with open(path, newline="") as file:
                    rows = list(csv.DictReader(file))
                self.assertEqual(list(rows[0]), ["row", "column", "x0", "y0", "x1", "y1", *columns, "valid"])
                self.assertEqual(len(rows), 37 * 37)
                for index, row in enumerate(rows):
                    y, x = divmod(index, 37)
                    self.assertEqual((row["row"], row["column"], row["valid"]), (str(y), str(x), "1"))
                    want = [seen[0] + (seen[2] - seen[0]) * x / 37, seen[1] + (seen[3] - seen[1]) * y / 37]
                    want += [seen[0] + (seen[2] - seen[0]) * (x + 1) / 37, seen[1] + (seen[3] - seen[1]) * (y + 1) / 37]
                    self.close(np.array([float(row[key]) for key in ("x0", "y0", "x1", "y1")]), np.array(want), 1e-9)
                    got = np.array([np.float32(row[key]) for key in columns])
                    self.assertTrue((got == values[y, x].ravel()).all())

    def seen_through(self, suffix, **view):
        """A sidecar with another view, and what comes of it."""
        source = sidecar_of(self.export("whole.png", *CLS))
        recipe = json.loads(read(source))
        recipe["view"].update(view)
        path = self.path("view.json")
        with open(path, "w") as file:
            json.dump(recipe, file)
        return self.export("part." + suffix, "--from", path)

    def test_visible_part(self):
        """Cut, turned and mirrored like the whole picture's pixels."""
        whole = read_png(self.export("all.png", *CLS))
        box = [100.25, 50.5, 300, 200.75]
        cut = whole[50:201, 100:300]
        for turns in range(4):
            for flipped in (False, True):
                with self.subTest("%d %s" % (turns, flipped)):
                    part = self.seen_through("png", part="visible", box=box, turns=turns, flipped=flipped)
                    want = np.rot90(cut, -turns)
                    want = want[:, ::-1] if flipped else want
                    self.assertTrue(np.array_equal(read_png(part), want))
                    view = json.loads(read(sidecar_of(part)))["view"]
                    self.assertEqual((view["part"], view["box"], view["turns"], view["flipped"]), ("visible", box, turns, flipped))
                    self.assertEqual((view["width"], view["height"]), want.shape[1::-1])
        kept = self.seen_through("png", part="whole", box=box, turns=1, flipped=True)
        self.assertTrue(np.array_equal(read_png(kept), whole))

    def test_bad_view(self):
        for name, view in (("part", {"part": "half"}), ("part", {"part": "visible"}), ("box", {"box": [5, 5, 5, 9]}), ("box", {"box": [1, 2]}), ("turns", {"box": [0, 0, 9, 9], "turns": 4})):
            with self.subTest(name):
                source = sidecar_of(self.export("bad.png", *CLS))
                recipe = json.loads(read(source))
                recipe["view"].update(view)
                path = self.path("bad-view.json")
                with open(path, "w") as file:
                    json.dump(recipe, file)
                result = run("map", FILM, "--model", "demo", "--from", path, "-o", self.path("no.png"))
                self.assertNotEqual(result.code, 0)
                self.assertIn(name, result.err)
                self.assertFalse(os.path.exists(self.path("no.png")))

    def test_marks_are_kept(self):
        """What a person marked stays in the sidecar from one export to the next."""
        source = sidecar_of(self.export("marked.png", *CLS))
        recipe = json.loads(read(source))
        recipe["marks"] = {"cursor": [3, 4], "pins": [[1, 2], [5, 6]]}
        recipe["regions"] = [{"shape": "ellipse", "box": [1.5, 2.0, 30.0, 40.25], "label": "one"}]
        path = self.path("marks.json")
        with open(path, "w") as file:
            json.dump(recipe, file)
        kept = json.loads(read(sidecar_of(self.export("marks-out.csv", "--from", path))))
        self.assertEqual((kept["marks"], kept["regions"]), (recipe["marks"], recipe["regions"]))

    def elements(self, data):
        """All elements of an explicit little-endian file: (group, element) to value."""
        self.assertEqual(data[128:132], b"DICM")
        place, found = 132, {}
        while place < len(data):
            group, element, kind = struct.unpack_from("<HH2s", data, place)
            if kind in (b"OB", b"OW", b"UN", b"UT", b"SQ"):
                length, start = struct.unpack_from("<I", data, place + 8)[0], place + 12
            else:
                length, start = struct.unpack_from("<H", data, place + 6)[0], place + 8
            found[group, element] = data[start : start + length]
            place = start + length
        self.assertEqual(place, len(data))
        return found

    def test_secondary_capture(self):
        """The PNG's pixels in a new object: what it says of itself, nobody's name, other identifiers each time."""
        result = run("map", FILM, "--model", "demo", *CLS, "-o", self.path("no.dcm"))
        self.assertEqual(result.code, 2)
        self.assertIn("--secondary-capture", result.err)
        first = self.elements(read(self.export("one.dcm", *CLS, "--bar", "--secondary-capture")))
        second = self.elements(read(self.export("two.dcm", *CLS, "--bar", "--secondary-capture")))
        text = lambda *tag: first[tag].decode().rstrip(" \0")
        self.assertEqual(text(0x0002, 0x0010), "1.2.840.10008.1.2.1")
        self.assertEqual(text(0x0008, 0x0016), "1.2.840.10008.5.1.4.1.1.7")
        self.assertEqual(text(0x0002, 0x0003), text(0x0008, 0x0018))
        self.assertEqual((text(0x0008, 0x0060), text(0x0008, 0x0064), text(0x0028, 0x0301)), ("OT", "WSD", "YES"))
        self.assertEqual(text(0x0020, 0x4000), NOTICE)
        self.assertIn("Demonstration encoder", text(0x0008, 0x2111))
        for tag in ((0x0010, 0x0010), (0x0010, 0x0020), (0x0010, 0x0030), (0x0010, 0x0040), (0x0008, 0x0020), (0x0008, 0x0030), (0x0008, 0x0050), (0x0008, 0x0090)):
            self.assertEqual(first[tag], b"")
        uids = []
        for tag in ((0x0008, 0x0018), (0x0020, 0x000D), (0x0020, 0x000E)):
            for elements in (first, second):
                uid = elements[tag].decode().rstrip("\0")
                self.assertRegex(uid, r"^2\.25\.[1-9][0-9]{30,38}$")
                self.assertEqual(int(uid[5:]) >> 76 & 15, 4)
                uids.append(uid)
        self.assertEqual(len(set(uids)), 6)
        picture = read_png(self.export("same.png", *CLS, "--bar"))
        rows, columns = struct.unpack("<H", first[0x0028, 0x0010])[0], struct.unpack("<H", first[0x0028, 0x0011])[0]
        self.assertEqual((rows, columns), picture.shape[:2])
        pixels = np.frombuffer(first[0x7FE0, 0x0010], np.uint8)[: picture.size].reshape(picture.shape)
        self.assertTrue((pixels == picture).all())
        self.assertLessEqual({group for group, _ in first}, {0x0002, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028, 0x7FE0})

    def test_input_is_not_overwritten(self):
        """Not even by name of the very file that is read."""
        film = self.film("film.dcm")
        before = read(film)
        result = run("map", film, "--model", "demo", *CLS, "--secondary-capture", "-o", film)
        self.assertEqual(result.code, 2)
        self.assertEqual(read(film), before)

    def test_names(self):
        """The ending is the format, whatever its case; another one is refused before any work."""
        path = self.export("UPPER.CSV", *CLS)
        self.assertTrue(read(path).startswith(b"row,column"))
        result = run("map", FILM, "--model", "demo", *CLS, "-o", self.path("map.tiff"))
        self.assertEqual(result.code, 2)
        self.assertIn(".svg", result.err)


if __name__ == "__main__":
    main()
