#!/usr/bin/env python3
"""map --reference and --reference-model: comparing with other pictures and encoders."""
import json
import os

import numpy as np

from support import TINY, TestCase, checkpoint, formula, main, write_png

DIFFERENCE = ("--overlay", "difference")
AGAINST = (*DIFFERENCE, "--set", "against=reference")


def read(path):
    with open(path, "rb") as file:
        return file.read()


class References(TestCase):
    def setUp(self):
        super().setUp()
        self.picture, self.other = self.path("a.png"), self.path("b.png")
        write_png(self.picture, formula(70, 80))
        write_png(self.other, formula(80, 70)[::-1].copy())
        self.npy = self.path("map.npy")

    def tokens(self, picture, *options):
        """Patch tokens after the last block, [patches, D]."""
        npy = self.path("tokens.npy")
        self.good("features", picture, "--model", TINY, "--what", "patches", *options, "-o", npy)
        return np.load(npy).astype(float)

    def values(self, *options):
        self.good("map", self.picture, "--model", TINY, *options, "--npy", self.npy)
        return np.load(self.npy)

    def test_difference_of_pictures(self):
        a, b = self.tokens(self.picture), self.tokens(self.other)
        cosine = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
        self.close(self.values(*AGAINST, "--reference", self.other).ravel(), 1 - cosine, 1e-5)
        a, b = (self.tokens(path, "--block", "0", "--no-norm") for path in (self.picture, self.other))
        norms = np.sqrt((a * a).sum(1)) - np.sqrt((b * b).sum(1))
        self.close(self.values(*AGAINST, "--set", "measure=norm", "--set", "block=0", "--reference", self.other).ravel(), norms, 1e-4)

    def test_difference_of_blocks(self):
        a, b = self.tokens(self.picture, "--block", "1"), self.tokens(self.picture, "--block", "0")
        cosine = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
        self.close(self.values(*DIFFERENCE, "--set", "block=1").ravel(), 1 - cosine, 1e-5)
        self.assertLess(self.values(*DIFFERENCE, "--set", "block=1", "--set", "other-block=1").max(), 1e-6)

    def test_difference_of_models(self):
        """Without --reference the same picture under the other encoder."""
        registers = checkpoint("tiny-registers-1")
        npy = self.path("tokens.npy")
        a = self.tokens(self.picture, "--block", "1", "--no-norm")
        self.good("features", self.picture, "--model", registers, "--what", "patches", "--block", "1", "--no-norm", "-o", npy)
        b = np.load(npy).astype(float)
        norms = np.sqrt((a * a).sum(1)) - np.sqrt((b * b).sum(1))
        output = self.path("map.png")
        self.close(self.values(*AGAINST, "--set", "measure=norm", "--reference-model", registers, "-o", output).ravel(), norms, 1e-4)
        reference = json.loads(read(self.path("map.json")))["references"]
        self.assertEqual(len(reference), 1)
        self.assertEqual(reference[0]["model"]["name"], "tiny-registers-1")
        again = self.path("again.png")
        self.bad(2, "map", self.picture, "--model", TINY, "--from", self.path("map.json"), "-o", again, says="--reference-model")
        self.good("map", self.picture, "--model", TINY, "--from", self.path("map.json"), "--reference-model", registers, "-o", again)
        self.assertEqual(read(output), read(again))

    def test_similarity_of_pictures(self):
        a, b = self.tokens(self.picture), self.tokens(self.other)
        side = int(len(b) ** 0.5)
        pin = b[2 * side + 1]
        cosine = a @ pin / np.sqrt((a * a).sum(1) * (pin * pin).sum())
        got = self.values("--overlay", "similarity", "--set", "source=reference", "--set", "row=2", "--set", "column=1", "--reference", self.other)
        self.close(got.ravel(), cosine, 1e-5)

    def test_sidecar(self):
        """The reference is named by its pixels, and --from wants the same."""
        output, again = self.path("map.png"), self.path("again.png")
        self.good("map", self.picture, "--model", TINY, *AGAINST, "--reference", self.other, "-o", output, "--bar")
        sidecar = json.loads(read(self.path("map.json")))
        info = json.loads(self.good("info", self.other, "--model", TINY, "--json").out)
        self.assertEqual([list(entry) for entry in sidecar["references"]], [["sha256"]])
        self.assertIn(sidecar["references"][0]["sha256"], json.dumps(info))
        start = ("map", self.picture, "--model", TINY, "--from", self.path("map.json"), "-o", again)
        self.good(*start, "--reference", self.other)
        self.assertEqual(read(output), read(again))
        self.assertEqual(read(self.path("map.json")), read(self.path("again.json")))
        self.bad(2, *start, says="name it with --reference")
        self.bad(1, *start, "--reference", self.picture, says="pixels are others")

    def test_number(self):
        start = ("map", self.picture, "--model", TINY, "-o", self.path("map.png"))
        self.bad(2, *start, *AGAINST, says="needs another picture")
        self.bad(2, *start, *DIFFERENCE, "--reference", self.other, says="no other picture")
        self.bad(2, *start, *AGAINST, "--reference", self.other, "--reference", self.picture, says="fewer")
        self.assertFalse(os.path.exists(self.path("map.png")))

    def test_what_cannot_be_read(self):
        start = ("map", self.picture, "--model", TINY, *AGAINST)
        self.bad(1, *start, "--reference", self.path("nothing.png"), "-o", self.path("map.png"), says="nothing.png")
        self.bad(3, *start, "--reference-model", self.path("nothing"), "-o", self.path("map.png"))
        before = read(self.other)
        self.bad(2, *start, "--reference", self.other, "-o", self.other)
        self.assertEqual(read(self.other), before)

    def test_grids(self):
        """Another model with other patches is no grid to compare with."""
        deep = checkpoint("tiny-deep-1")
        self.bad(1, "map", self.picture, "--model", TINY, *AGAINST, "--set", "measure=norm", "--reference-model", deep, "-o", self.path("map.png"), says="grid")


if __name__ == "__main__":
    main()
