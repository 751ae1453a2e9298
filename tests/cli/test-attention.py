#!/usr/bin/env python3
"""The overlays of attention, by the command map, against numpy on what the
published implementation gives."""
import json

import numpy as np

from support import TINY, GoldenCase, TestCase, main, png_size, read_png

CASES = ("tiny", "tiny-registers", "tiny-deep")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def fuse(heads, word):
    if word == "mean":
        return heads.mean(0)
    return heads.max(0) if word == "max" else heads.min(0) if word == "min" else heads[int(word)]


def roll_out(matrices, fusion, discard):
    """R = A R over the blocks, first block first; the row of CLS."""
    rolled = np.eye(matrices[0].shape[-1])
    for matrix in matrices:
        fused = fuse(matrix.astype(np.float64), fusion)
        others = np.sort(fused[:, 1:].ravel())
        n = int(discard * others.size)
        if n:
            fused[:, 1:][fused[:, 1:] <= others[n - 1]] = 0
        mixed = (fused + np.eye(len(fused))) / 2
        rolled = mixed / mixed.sum(1, keepdims=True) @ rolled
    return rolled[0]


class Attention(TestCase):
    def case(self, name):
        case = GoldenCase(name, self.folder)
        case.first = 5 if "registers" in name else 1
        case.shape = [side // 14 for side in case.expected["pixel_values"].shape[-2:]]
        case.attention = [case.expected["attention.%d" % block] for block in range(case.blocks())]
        return case

    def compute(self, case, overlay, *settings):
        """Values [h, w] of the patches."""
        options = [word for setting in settings for word in ("--set", setting)]
        self.good("map", *case.source, "--model", case.model, "--overlay", overlay, *options, "--npy", self.path("map.npy"))
        return np.load(self.path("map.npy"))

    def sidecar(self, overlay, *settings, model=TINY):
        options = [word for setting in settings for word in ("--set", setting)]
        self.good("map", self.film(), "--model", model, "--overlay", overlay, *options, "-o", self.path("out.png"))
        return json.loads(read(self.path("out.json")))

    def grid(self, case, values):
        return values[case.first :].reshape(case.shape)

    def test_patch_attention(self):
        for name in CASES:
            with self.subTest(name):
                case = self.case(name)
                row, column = case.shape[0] - 1, 1
                token = case.first + row * case.shape[1] + column
                place = ("block=1", "row=%d" % row, "column=%d" % column)
                for head in ("mean", "max", "1"):
                    heads = case.attention[1]
                    want = self.grid(case, fuse(heads[:, token], head))
                    self.close(self.compute(case, "patch-attention", *place, "head=" + head), want, 1e-6, 1e-3)
                    want = self.grid(case, fuse(heads[:, :, token], head))
                    self.close(self.compute(case, "patch-attention", *place, "head=" + head, "direction=key"), want, 1e-6, 1e-3)
                got = self.compute(case, "patch-attention", *place, "direction=key", "scale=log")
                self.close(got, np.log10(self.grid(case, fuse(case.attention[1][:, :, token], "mean"))), 1e-3)

    def test_the_default_patch_is_in_the_middle(self):
        case = self.case("tiny")
        token = 1 + 2 * 4 + 2
        self.close(self.compute(case, "patch-attention"), self.grid(case, case.attention[1][:, token].mean(0)), 1e-6, 1e-3)

    def test_a_patch_outside(self):
        film = self.film()
        for setting in ("row=4", "column=4", "row=16383"):
            self.bad(1, "map", film, "--model", TINY, "--overlay", "patch-attention", "--set", setting, "-o", self.path("x.png"), says="rows 0 to 3")
            self.assertNotIn("x.png", self.files())
        self.bad(2, "map", film, "--model", TINY, "--overlay", "patch-attention", "--set", "row=-1", "-o", self.path("x.png"), says="row")

    def test_rollout(self):
        for name in CASES:
            with self.subTest(name):
                case = self.case(name)
                for fusion in ("mean", "max", "min"):
                    for discard in (0, 0.5, 0.9):
                        got = self.compute(case, "rollout", "fusion=" + fusion, "discard=%g" % discard)
                        self.close(got, self.grid(case, roll_out(case.attention, fusion, discard)), 1e-6, 1e-3)
                got = self.compute(case, "rollout", "block=0")
                self.close(got, self.grid(case, roll_out(case.attention[:1], "mean", 0)), 1e-6, 1e-3)

    def test_rollout_of_the_demonstration_encoder(self):
        case = GoldenCase("demo-radiograph", self.folder)
        self.close(self.compute(case, "rollout").ravel(), case.expected["rollout_mean.cls"], 1e-6, 1e-3)

    def test_head_entropy(self):
        for name in CASES:
            with self.subTest(name):
                case = self.case(name)
                weights = case.attention[1].astype(np.float64)
                bits = -(weights * np.log2(weights)).sum(-1)
                for head in ("mean", "max", "0"):
                    self.close(self.compute(case, "head-entropy", "block=1", "head=" + head), self.grid(case, fuse(bits, head)), 1e-4)

    def test_mass(self):
        """What is drawn is what visualize_attention.py keeps; the sidecar says how much."""
        sidecar = self.sidecar("cls-attention", "mass=0.6")
        alpha = self.path("alpha.png")
        self.good("map", self.film(), "--model", TINY, "--overlay", "cls-attention", "--set", "mass=0.6", "--map-only", "--size", "model", "--npy", self.path("map.npy"), "-o", alpha)
        values = np.load(self.path("map.npy")).ravel().astype(np.float64)
        order = values.argsort(kind="stable")
        kept = np.zeros(16, bool)
        kept[order[np.cumsum(values[order]) > 0.4 * values.sum()]] = True
        np.testing.assert_array_equal(read_png(alpha)[7::14, 7::14, 3].ravel() > 0, kept)
        details = sidecar["map"]["details"]
        self.assertEqual(details["patches-kept"], kept.sum())
        self.assertAlmostEqual(details["mass"], values[kept].sum() / values.sum(), 6)
        self.assertAlmostEqual(details["patches-weight"], values.sum(), 6)
        self.assertAlmostEqual(details["strongest-10-weight"], np.sort(values)[-10:].sum(), 6)
        self.assertAlmostEqual(sidecar["map"]["range"][0], values[kept].min(), 6)
        plain = self.sidecar("cls-attention")["map"]["details"]
        self.assertNotIn("patches-kept", plain)
        for setting in ("mass=1.5", "mass=-0.1", "mass=x"):
            self.bad(2, "map", self.film(), "--model", TINY, "--overlay", "cls-attention", "--set", setting, "-o", self.path("x.png"), says="mass")

    def test_cells(self):
        """What has no place in the picture is told in the sidecar and drawn beside the bar."""
        map_ = self.sidecar("cls-attention")["map"]
        self.assertEqual([cell["label"] for cell in map_["cells"]], ["CLS"])
        self.assertAlmostEqual(map_["cells"][0]["value"], map_["details"]["cls-weight"], 12)
        self.assertAlmostEqual(map_["cells"][0]["value"] + map_["details"]["patches-weight"], 1, 5)
        registers = self.case("tiny-registers")
        self.good("map", *registers.source, "--model", registers.model, "--overlay", "rollout", "-o", self.path("r.png"))
        cells = json.loads(read(self.path("r.json")))["map"]["cells"]
        self.assertEqual([cell["label"] for cell in cells], ["CLS", "R0", "R1", "R2", "R3"])
        want = roll_out(registers.attention, "mean", 0)
        self.close(np.array([cell["value"] for cell in cells]), want[:5], 1e-6, 1e-3)

    def test_from_gives_the_same_files(self):
        for recipe in (
            ("patch-attention", "row=1", "column=3", "direction=key", "scale=log"),
            ("rollout", "discard=0.25", "fusion=min", "block=0"),
            ("head-entropy", "head=1"),
            ("cls-attention", "mass=0.5"),
        ):
            with self.subTest(recipe):
                options = [word for setting in recipe[1:] for word in ("--set", setting)]
                self.good("map", self.film(), "--model", TINY, "--overlay", recipe[0], *options, "--bar", "-o", self.path("a.png"))
                self.good("map", self.film(), "--model", TINY, "--from", self.path("a.json"), "-o", self.path("b.png"))
                self.assertEqual(read(self.path("a.png")), read(self.path("b.png")))
                self.assertEqual(read(self.path("a.json")), read(self.path("b.json")))

    def test_list(self):
        overlays = {overlay["id"]: {parameter["name"]: parameter for parameter in overlay["parameters"]} for overlay in self.good("map", "--list", "--json", "--model", TINY).json()["overlays"]}
        self.assertEqual(list(overlays["patch-attention"]), ["block", "head", "row", "column", "direction", "scale"])
        self.assertEqual(overlays["patch-attention"]["row"]["default"], 2)
        self.assertEqual(list(overlays["rollout"]), ["block", "fusion", "discard"])
        self.assertEqual(overlays["rollout"]["fusion"]["choices"], ["mean", "max", "min"])
        self.assertEqual(list(overlays["head-entropy"]), ["block", "head"])
        self.assertTrue(overlays["cls-attention"]["mass"]["optional"])


if __name__ == "__main__":
    main()
