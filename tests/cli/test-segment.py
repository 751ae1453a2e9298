"""segment: labels, training, masks, Dice and outlines, each a second time in
plain Python; and what is refused."""
import json
import os
import re
import zlib

import numpy as np

from support import EXAMPLES, TINY, TestCase, formula, main, png_chunk, read_png, read_safetensors, run, write_png

PATCH = 14
SIDE = 518
GRID = SIDE // PATCH
FILM = EXAMPLES / "chest-01.png"


def write_masks(path, values, bits=8, palette=None):
    """A PNG of indexes or greys of so many bits."""
    height, width = values.shape
    per = 8 // bits
    padded = np.zeros((height, -(-width // per) * per), np.uint8)
    padded[:, :width] = values
    shifts = np.arange(per)[::-1] * bits
    rows = (padded.reshape(height, -1, per) << shifts).sum(-1).astype(np.uint8)
    body = b"".join(b"\0" + row.tobytes() for row in rows)
    head = np.array([width, height], ">u4").tobytes() + bytes([bits, 3 if palette else 0, 0, 0, 0])
    chunks = [png_chunk(b"IHDR", head)]
    if palette:
        chunks.append(png_chunk(b"PLTE", bytes(palette)))
    chunks += [png_chunk(b"IDAT", zlib.compress(body)), png_chunk(b"IEND", b"")]
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


def geometry(width, height):
    short = min(width, height)
    resized = SIDE * width // short, SIDE * height // short
    return resized, ((resized[0] - SIDE) // 2, (resized[1] - SIDE) // 2)


def places(size, resized, crop):
    """Of the original's pixels along an axis, in cells; which were seen."""
    place = ((np.arange(size) + 0.5) * resized / size - crop) / PATCH
    return place, (place >= 0) & (place < GRID)


def expected_mask(logits, width, height):
    (rw, rh), (left, top) = geometry(width, height)
    (x, seen_x), (y, seen_y) = places(width, rw, left), places(height, rh, top)
    grid = logits.reshape(GRID, GRID, -1)

    def around(place):
        place = np.clip(place - 0.5, 0, GRID - 1)
        before = np.minimum(place.astype(int), GRID - 1)
        return before, np.minimum(before + 1, GRID - 1), place - before

    x0, x1, dx = around(x)
    y0, y1, dy = around(y)
    rows = grid[y0] * (1 - dy)[:, None, None] + grid[y1] * dy[:, None, None]
    values = rows[:, x0] * (1 - dx)[:, None] + rows[:, x1] * dx[:, None]
    ordered = np.sort(values, -1)
    clear = ordered[..., -1] - ordered[..., -2] > 1e-3
    seen = seen_y[:, None] & seen_x[None]
    return np.where(seen, values.argmax(-1), -1), clear | ~seen


def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def fill(rings, width, height):
    """Even-odd filling at the centres of pixels, as a raster."""
    inside = np.zeros((height, width), bool)
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, ring[1:]):
            if ay == by:
                continue
            low, high = min(ay, by), max(ay, by)
            for y in range(int(low), int(high)):
                at = ax + (y + 0.5 - ay) / (by - ay) * (bx - ax)
                inside[y, max(int(np.ceil(at - 0.5)), 0) :] ^= True
    return inside


def crosses(a, b, c, d):
    """Whether segments have a point in common other than an end of both."""

    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    def on(p, q, r):
        return side(p, q, r) == 0 and min(p[0], q[0]) <= r[0] <= max(p[0], q[0]) and min(p[1], q[1]) <= r[1] <= max(p[1], q[1])

    if side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0:
        return True
    ends = {tuple(a), tuple(b)}
    return any(on(a, b, p) and tuple(p) not in ends for p in (c, d)) or any(on(c, d, p) and tuple(p) not in ({tuple(c), tuple(d)}) for p in (a, b))


class SegmentTest(TestCase):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("masks"))
        self.grey = read_png(FILM)[:, :, 0]
        self.mask = np.where(self.grey > 150, 7, np.where(self.grey > 80, 2, 0)).astype(np.uint8)
        write_masks(self.path("masks/chest-01.png"), self.mask)

    def train(self, *options, head="head.safetensors", pictures=(FILM,)):
        return self.good("segment", "train", *pictures, "--model", "demo", "--masks", self.path("masks"), "-o", self.path(head), "--json", *options).json()

    def labels(self, mask):
        height, width = mask.shape
        (rw, rh), (left, top) = geometry(width, height)
        x = np.cumsum([width / rw / 2] + [width / rw] * (rw - 1))[left : left + SIDE].astype(int)
        y = np.cumsum([height / rh / 2] + [height / rh] * (rh - 1))[top : top + SIDE].astype(int)
        cells = mask[np.ix_(y, x)].reshape(GRID, PATCH, GRID, PATCH).transpose(0, 2, 1, 3).reshape(GRID * GRID, -1)
        return np.array([np.bincount(cell, minlength=8).argmax() for cell in cells])

    def test_all(self):
        """Training, applying and testing, followed step by step."""
        report = self.train("--classes", "0=around,2=some \"quoted\" <thing>,7=bright")
        labels = self.labels(self.mask)
        self.assertEqual([c["patches"] for c in report["classes"]], [int((labels == v).sum()) for v in (0, 2, 7)])
        arrays, metadata = read_safetensors(self.path("head.safetensors"))
        self.assertEqual(json.loads(metadata["classes"]), ["around", 'some "quoted" <thing>', "bright"])
        self.assertEqual(json.loads(metadata["values"]), [0, 2, 7])
        self.assertEqual((metadata["features"], metadata["block"]), ("patches", "5"))
        self.assertEqual(json.loads(metadata["preparation"]), {"exif": "applied", "fit": "crop", "input-size": SIDE, "invert": "auto", "model-input": "minmax"})

        self.good("features", FILM, "--model", "demo", "--what", "patches", "-o", self.path("t.npy"))
        tokens = np.load(self.path("t.npy")).astype(np.float64)
        logits = tokens @ arrays["weight"].T.astype(np.float64) + arrays["bias"]
        index = {0: 0, 2: 1, 7: 2}
        wanted = np.vectorize(index.get)(labels)
        shifted = logits - logits.max(1, keepdims=True)
        loss = np.mean(np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(wanted)), wanted])
        spread = arrays["weight"] * tokens.std(0)
        self.assertAlmostEqual(report["loss"], loss + 1e-4 / 2 * (spread**2).sum(), delta=2e-4)
        self.assertAlmostEqual(report["accuracy"], np.mean(logits.argmax(1) == wanted), delta=0.003)

        result = self.good("segment", "apply", FILM, "--model", "demo", "--head", self.path("head.safetensors"), "-o", self.path("out.png"), "--polygons", self.path("out.geojson"), "--simplify", 0, "--json").json()["results"][0]
        values = self.read_indexed(self.path("out.png"))
        expected, clear = expected_mask(logits, self.mask.shape[1], self.mask.shape[0])
        expected = np.array([0, 2, 7, 255])[expected]
        self.assertEqual((values != expected)[clear].sum(), 0)
        self.assertGreater(clear.mean(), 0.99)
        self.assertEqual(result["unseen"], {"value": 255, "pixels": int((values == 255).sum())})
        self.assertEqual([c["pixels"] for c in result["classes"]], [int((values == v).sum()) for v in (0, 2, 7)])

        score = self.good("segment", "test", FILM, "--model", "demo", "--masks", self.path("masks"), "--head", self.path("head.safetensors"), "--json", "-o", self.path("t.tsv")).json()
        for entry in score["total"]["classes"]:
            v, seen = entry["value"], values != 255
            both = int(((values == v) & (self.mask == v)).sum())
            total = int((values == v).sum()) + int(((self.mask == v) & seen).sum())
            self.assertEqual((entry["both"], entry["predicted"] + entry["mask"]), (both, total))
            self.assertAlmostEqual(entry["dice"], 2 * both / total, places=12)
            self.assertAlmostEqual(entry["iou"], both / (total - both), places=12)
        self.assertAlmostEqual(score["total"]["dice"], np.mean([e["dice"] for e in score["total"]["classes"][1:]]), places=12)
        with open(self.path("t.tsv")) as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        self.assertEqual(rows[0], ["scope", "picture", "class", "dice", "iou", "predicted", "mask", "both"])
        self.assertEqual([row[0] for row in rows[1:]], ["picture"] * 3 + ["picture-mean"] + ["total"] * 3 + ["total-mean"])
        self.assertAlmostEqual(float(rows[4][3]), score["results"][0]["dice"], places=12)
        self.check_polygons(self.path("out.geojson"), values, {"some \"quoted\" <thing>": 2, "bright": 7})

        self.good("segment", "apply", FILM, "--model", "demo", "--head", self.path("head.safetensors"), "--polygons", self.path("s.geojson"), "--quiet")
        self.check_simplified(self.path("out.geojson"), self.path("s.geojson"))
        self.good("segment", "apply", FILM, "--model", "demo", "--head", self.path("head.safetensors"), "--polygons", self.path("s.svg"), "--quiet")
        with open(self.path("s.svg")) as file:
            text = file.read()
        with open(self.path("s.geojson")) as file:
            self.assertEqual(text.count("<path "), len(json.load(file)["features"]))
        self.assertIn("<title>some &#34;quoted&#34; &#60;thing&#62;</title>", text)

    def read_indexed(self, path):
        """Indexes of a PNG with a palette."""
        with open(path, "rb") as file:
            data = file.read()
        self.assertEqual(data[25], 3)
        patched = data[:25] + b"\0" + data[26:]
        with open(path + ".grey", "wb") as file:
            file.write(patched)
        return read_png(path + ".grey")[:, :, 0]

    def check_polygons(self, path, values, classes):
        """Filled again they are the mask; areas, holes and rings are as they say."""
        with open(path) as file:
            document = json.load(file)
        self.assertEqual(document["type"], "FeatureCollection")
        drawn = {value: np.zeros(values.shape, bool) for value in classes.values()}
        for feature in document["features"]:
            rings = feature["geometry"]["coordinates"]
            properties = feature["properties"]
            self.assertEqual(classes[properties["class"]], properties["value"])
            self.assertTrue(all(ring[0] == ring[-1] and len(ring) >= 5 for ring in rings))
            self.assertGreater(area(rings[0]), 0)
            self.assertTrue(all(area(ring) < 0 for ring in rings[1:]))
            self.assertEqual(sum(area(ring) for ring in rings), properties["area_pixels"])
            # No ring passes a corner twice.
            self.assertTrue(all(len({tuple(p) for p in ring}) == len(ring) - 1 for ring in rings))
            drawn[properties["value"]] ^= fill(rings, *values.shape[::-1])
        for value, raster in drawn.items():
            self.assertEqual(((values == value) != raster).sum(), 0)

    def check_simplified(self, whole, simplified):
        with open(whole) as file:
            before = json.load(file)["features"]
        with open(simplified) as file:
            after = json.load(file)["features"]
        count = [sum(len(ring) for f in features for ring in f["geometry"]["coordinates"]) for features in (before, after)]
        self.assertLess(count[1], 0.7 * count[0])
        self.assertEqual(len(before), len(after))
        for a, b in zip(before, after):
            self.assertEqual(a["properties"], b["properties"])
            kept = {tuple(p) for ring in a["geometry"]["coordinates"] for p in ring}
            self.assertTrue(all(tuple(p) in kept for ring in b["geometry"]["coordinates"] for p in ring))
        for value in {f["properties"]["value"] for f in after}:
            lines = [(p, q) for f in after if f["properties"]["value"] == value for ring in f["geometry"]["coordinates"] for p, q in zip(ring, ring[1:])]
            self.assertEqual(self.count_crossings(lines), 0)

    def count_crossings(self, lines):
        """Pairs that lie near each other, looked up by squares."""
        squares, found = {}, 0
        for i, (p, q) in enumerate(lines):
            for x in range(min(p[0], q[0]) // 32, max(p[0], q[0]) // 32 + 1):
                for y in range(min(p[1], q[1]) // 32, max(p[1], q[1]) // 32 + 1):
                    squares.setdefault((x, y), []).append(i)
        pairs = {(i, k) for members in squares.values() for n, i in enumerate(members) for k in members[:n]}
        return sum(crosses(*lines[i], *lines[k]) for i, k in pairs)

    def test_preparation(self):
        """A decoder for pictures that were prepared otherwise is applied with a warning."""
        self.train("--fit", "pad")
        for options, warns in ((["--fit", "pad"], False), ([], True), (["--fit", "pad", "--invert", "yes"], True)):
            for words in (["apply", FILM, "-o", self.path("out.png")], ["test", FILM, "--masks", self.path("masks")]):
                result = self.good("segment", *words, "--model", "demo", "--head", self.path("head.safetensors"), *options)
                self.assertEqual("prepared otherwise" in result.err, warns, result.err)

    def test_noise(self):
        """Outlines of a mask that touches itself everywhere."""
        rng = np.random.default_rng(5)
        picture = write_png(self.path("noise.png"), (rng.random((60, 80)) < 0.62).astype(np.uint8) * 200)
        write_masks(self.path("masks/noise.png"), (read_png(picture)[:, :, 0] > 0).astype(np.uint8))
        self.train("--input-size", "84", pictures=(picture,))
        # With patches as cells the mask has the corners that noise has.
        self.good("segment", "apply", picture, "--model", "demo", "--input-size", "84", "--smooth", "cells", "--head", self.path("head.safetensors"), "-o", self.path("n.png"), "--polygons", self.path("n.geojson"), "--simplify", 0, "--quiet")
        self.check_polygons(self.path("n.geojson"), self.read_indexed(self.path("n.png")), {"1": 1})

    def test_threads_and_seed(self):
        """The same bytes for any number of threads and the same seed; others for another."""
        files = []
        for i, options in enumerate((["-t", 1], ["-t", 2], ["-t", 3, "--seed", 0], ["--seed", 1])):
            self.train("--hidden-units", 5, "--block", 2, "--block", 5, *options, head="%d.safetensors" % i)
            with open(self.path("%d.safetensors" % i), "rb") as file:
                files.append(file.read())
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])
        self.assertNotEqual(files[0], files[3])
        arrays, metadata = read_safetensors(self.path("0.safetensors"))
        self.assertEqual({name: array.shape for name, array in arrays.items()}, {"weight": (3, 5), "bias": (3,), "hidden.weight": (5, 384), "hidden.bias": (5,)})
        self.assertEqual((metadata["block"], metadata["activation"]), ("2,5", "relu"))
        guided = []
        for threads in (1, 2):
            self.good("segment", "apply", FILM, "--model", "demo", "-t", threads, "--smooth", "guided", "--head", self.path("0.safetensors"), "-o", self.path("g.png"), "--quiet")
            guided.append(self.read_indexed(self.path("g.png")))
        self.assertTrue((guided[0] == guided[1]).all())

    def test_masks(self):
        """Palettes, few bits, an ignored value, all seen."""
        write_masks(self.path("masks/chest-01.png"), (self.grey > 100).astype(np.uint8), bits=1)
        self.assertEqual([c["value"] for c in self.train()["classes"]], [0, 1])
        write_masks(self.path("masks/chest-01.png"), np.where(self.grey > 100, 3, 1).astype(np.uint8), bits=2, palette=[9, 9, 9] * 4)
        self.assertEqual([c["value"] for c in self.train()["classes"]], [1, 3])
        ignored = self.mask.copy()
        ignored[: ignored.shape[0] // 2] = 255
        write_masks(self.path("masks/chest-01.png"), ignored)
        report = self.train("--ignore", 255, "--fit", "whole")
        self.assertEqual([c["value"] for c in report["classes"]], [0, 2, 7])
        result = self.good("segment", "test", FILM, "--model", "demo", "--fit", "whole", "--masks", self.path("masks"), "--ignore", 255, "--head", self.path("head.safetensors"), "--json").json()
        self.assertLessEqual(sum(c["mask"] for c in result["total"]["classes"]), int((ignored != 255).sum()))
        self.bad(1, "segment", "test", FILM, "--model", "demo", "--masks", self.path("masks"), "--head", self.path("head.safetensors"), says=["chest-01.png", "255", "--ignore"])

    def test_refused(self):
        common = ("--model", "demo", "--masks", self.path("masks"))
        out = ("-o", self.path("head.safetensors"))
        self.bad(2, "segment", says=["train, test, apply"])
        self.bad(2, "segment", "draw", FILM, says=["train, test, apply"])
        self.bad(2, "segment", "train", FILM, *out, says=["--masks"])
        self.bad(2, "segment", "train", FILM, *common, says=["-o"])
        self.bad(2, "segment", "train", *common, *out, says=["No picture"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--head", "x", says=["--head"])
        self.bad(2, "segment", "train", FILM, "--model", "demo", "--masks", self.path("nothing"), *out, says=["nothing"])
        self.bad(2, "segment", "train", FILM, FILM, *common, *out, says=["chest-01"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--block", 6, says=["0 to 5"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--block", 1, "--block", 1, says=["twice"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--classes", "0=a,300=b", says=["--classes"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--classes", "0=a,0=b", says=["--classes"])
        self.bad(2, "segment", "train", FILM, *common, *out, "--classes", "0=a", says=["only one class"])
        self.bad(1, "segment", "train", FILM, *common, *out, "--classes", "0=a,2=b", says=["value 7"])
        self.bad(1, "segment", "train", EXAMPLES / "chest-02.png", *common, *out, says=["chest-02.png", "no mask"])
        write_masks(self.path("masks/chest-01.png"), np.zeros_like(self.mask))
        self.bad(1, "segment", "train", FILM, *common, *out, says=["value 0 and no other"])
        write_masks(self.path("masks/chest-01.png"), self.mask[:-1])
        self.bad(1, "segment", "train", FILM, *common, *out, says=["must be equal"])
        write_png(self.path("masks/chest-01.png"), np.stack([self.mask] * 3, -1))
        self.bad(1, "segment", "train", FILM, *common, *out, says=["in colour"])
        write_png(self.path("masks/chest-01.png"), self.mask.astype(np.uint16))
        self.bad(1, "segment", "train", FILM, *common, *out, says=["16 bits"])
        write_masks(self.path("masks/chest-01.png"), self.grey)
        self.bad(1, "segment", "train", FILM, *common, *out, says=["more than 64 values"])
        spot = np.zeros_like(self.mask)
        spot[0, 0] = 1
        write_masks(self.path("masks/chest-01.png"), spot)
        self.bad(1, "segment", "train", FILM, *common, *out, says=["Class “1” is on no patch"])
        self.assertFalse(os.path.exists(self.path("head.safetensors")))

    def bad(self, code, *arguments, says=()):
        """The exit code, and all of says among the complaints: one may follow from another."""
        result = run(*arguments)
        self.assertEqual(result.code, code, result.err)
        for text in says:
            self.assertIn(text, result.err)

    def test_damaged_heads(self):
        self.train()
        with open(self.path("head.safetensors"), "rb") as file:
            data = file.read()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])

        def refuse(change, code=3, says=()):
            copy = json.loads(json.dumps(header))
            body = change(copy) or data[8 + length :]
            text = json.dumps(copy).encode()
            with open(self.path("bad.safetensors"), "wb") as file:
                file.write(len(text).to_bytes(8, "little") + text + body)
            self.bad(code, "segment", "apply", FILM, "--model", "demo", "--head", self.path("bad.safetensors"), "-o", self.path("x.png"), says=says)

        def set_metadata(**values):
            return lambda copy: copy["__metadata__"].update(values)

        refuse(lambda copy: data[8 + length : -4], says=["bad.safetensors"])
        refuse(lambda copy: copy.update(other=copy.pop("bias")), says=["bias"])
        refuse(lambda copy: copy["weight"].update(shape=[192, 3]), says=["bad.safetensors"])
        refuse(lambda copy: copy["weight"].update(shape=[3 * 192]), says=["dimensions"])
        refuse(lambda copy: b"\xff" * (len(data) - 8 - length), says=["finite"])
        refuse(set_metadata(features="cls"), says=["patch tokens"])
        refuse(set_metadata(classes='["a"]'), says=["classes"])
        refuse(set_metadata(classes='["a", "b", ""]'), says=["class 2"])
        refuse(set_metadata(values="[0, 0, 1]"), says=["class 1"])
        refuse(set_metadata(block="5,x"), says=["block"])
        refuse(set_metadata(block="9"), says=["block 9"])
        refuse(set_metadata(block="4,5"), says=["384"])
        refuse(set_metadata(model_sha256="0" * 64), says=["another encoder"])
        refuse(set_metadata(model_sha256="12"), says=["SHA-256"])
        self.bad(3, "segment", "apply", FILM, "--model", TINY, "--head", self.path("head.safetensors"), "-o", self.path("x.png"), says=["another encoder"])
        self.bad(3, "segment", "apply", FILM, "--model", "demo", "--head", self.path("none"), "-o", self.path("x.png"), says=["none"])
        self.assertFalse(os.path.exists(self.path("x.png")))

    def test_outputs(self):
        self.train()
        head = ("--model", "demo", "--head", self.path("head.safetensors"))
        self.bad(2, "segment", "apply", FILM, *head, says=["No output"])
        self.bad(2, "segment", "apply", FILM, *head, "-o", self.path("x.jpg"), says=[".png"])
        self.bad(2, "segment", "apply", FILM, *head, "--polygons", self.path("x.txt"), says=[".geojson"])
        self.bad(2, "segment", "apply", FILM, EXAMPLES / "chest-02.png", *head, "-o", self.path("head.safetensors"), says=["head.safetensors"])
        self.bad(4, "segment", "apply", FILM, *head, "-o", self.path("no/x.png"), says=["no/x.png"])
        result = self.good("segment", "apply", FILM, EXAMPLES / "chest-02.png", *head, "-o", self.path("many"), "--polygons", self.path("many"), "--json")
        self.assertEqual(sorted(os.listdir(self.path("many"))), ["chest-01.geojson", "chest-01.png", "chest-02.geojson", "chest-02.png"])
        self.assertEqual(len(result.json()["results"]), 2)
        self.assertTrue(re.search(r"chest-01.*did not see", result.err) or result.json()["results"][0]["unseen"]["pixels"] == 0)
        self.bad(1, "segment", "apply", FILM, self.path("missing.png"), *head, "-o", self.path("many"), says=["missing.png"])
        data = self.good("segment", "apply", FILM, *head, "-o", "-", "--quiet").out
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")


if __name__ == "__main__":
    main()
