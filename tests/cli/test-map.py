#!/usr/bin/env python3
"""The command map: pictures, values, sidecars, recipes, regions, bases."""
import hashlib
import json
import os
import re

import numpy as np

from support import EXAMPLES, TINY, GoldenCase, TestCase, formula, main, png_chunks, png_size, read_png, read_safetensors, run, write_png

PCA = ("--overlay", "pca")
CLS = ("--overlay", "cls-attention")


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Values(TestCase):
    def test_demonstration_encoder(self):
        """PCA and CLS attention of a real film against scikit-learn and transformers."""
        case = GoldenCase("demo-radiograph", self.folder)
        npy = self.path("map.npy")
        self.good("map", *case.source, "--model", "demo", *PCA, "--npy", npy, "-o", self.path("map.png"))
        got, want = np.load(npy), case.expected["pca.projection"]
        self.assertEqual(got.shape, (37, 37, 3))
        for column in range(3):
            values = got.reshape(-1, 3)[:, column]
            # Signs by the rule of the largest loading; it can flip between precisions.
            sign = 1 if np.dot(values, want[:, column]) >= 0 else -1
            self.close(sign * values, want[:, column], 1e-3 * np.abs(want[:, column]).max())
        for block in (0, 3, 5):
            for head in range(3):
                self.good("map", *case.source, "--model", "demo", *CLS, "--set", "block=%d" % block, "--set", "head=%d" % head, "--npy", npy)
                self.close(np.load(npy).ravel(), case.expected["cls_attention.%d" % block][head], 1e-6, 1e-3)

    def test_occlusion(self):
        """The sweep runs to its end or as far as is asked for, and its sidecar makes it again."""
        film, npy, png, again = self.film("film.png", 56, 56), self.path("map.npy"), self.path("map.png"), self.path("again.png")
        sweep = ("map", film, "--model", TINY, "--overlay", "occlusion", "--set", "window=2", "--set", "stride=1")
        self.good(*sweep, "--npy", npy, "-o", png)
        whole = np.load(npy)
        self.assertEqual(whole.shape, (4, 4))
        self.assertTrue((whole >= 0).all() and whole.max() > 0)
        self.good("map", film, "--model", TINY, "--from", self.path("map.json"), "-o", again)
        self.assertEqual(open(png, "rb").read(), open(again, "rb").read())
        self.good(*sweep, "--set", "places=2", "--npy", npy)
        part = np.load(npy)
        self.assertEqual(np.isfinite(part).sum() if np.isnan(part).any() else (part != 0).sum(), 6)
        self.assertEqual(part[1, 0], part[0, 0])
        self.bad(1, *sweep[:-1], "stride=3", "--npy", npy, says="step")
        self.assertIn(b"occlusion", self.good("map", "--list", "--model", TINY).out)

    def test_cls_attention_of_small_cases(self):
        """Registers and odd grids; mean and maximum over the heads; the default is the last block's mean."""
        for name in ("tiny", "tiny-registers", "tiny-deep", "tiny-224crop"):
            with self.subTest(name):
                case = GoldenCase(name, self.folder)
                npy = self.path("map.npy")
                compute = lambda *options: (self.good("map", *case.source, "--model", case.model, *CLS, *options, "--npy", npy), np.load(npy))[1]
                last = case.blocks() - 1
                first = 5 if "registers" in name else 1
                for block in range(last + 1):
                    rows = case.expected["attention.%d" % block][:, 0, first:]
                    side = int(rows.shape[1] ** 0.5)
                    grid = rows.reshape(-1, side, side)
                    self.close(compute("--set", "block=%d" % block, "--set", "head=0"), grid[0], 1e-6, 1e-3)
                    self.close(compute("--set", "block=%d" % block, "--set", "head=mean"), grid.mean(0), 1e-6, 1e-3)
                    self.close(compute("--set", "block=%d" % block, "--set", "head=max"), grid.max(0), 1e-6, 1e-3)

    def test_pca_of_a_block(self):
        """One component of block 0 without the final LayerNorm, against numpy."""
        case = GoldenCase("tiny", self.folder)
        npy = self.path("map.npy")
        self.good("map", *case.source, "--model", case.model, *PCA, "--set", "block=0", "--set", "norm=false", "--set", "component=1", "--npy", npy)
        patches = case.expected["hidden.1"][1:].astype(np.float64)
        centred = patches - patches.mean(0)
        axes = np.linalg.svd(centred, full_matrices=False)[2]
        axis = axes[1] * np.sign(axes[1][np.abs(axes[1]).argmax()])
        want = (centred @ axis).reshape(4, 4)
        self.close(np.load(npy), want, 1e-3 * np.abs(want).max())


class Drawing(TestCase):
    def draw(self, *options, film=None):
        out = self.path("out.png")
        self.good("map", film or self.film(), "--model", TINY, *options, "-o", out)
        return out

    def test_sizes(self):
        self.assertEqual(png_size(self.draw(*PCA)), (91, 70))
        self.assertEqual(png_size(self.draw(*PCA, "--size", "model")), (56, 56))
        width, height = png_size(self.draw(*PCA, "--bar", film=str(EXAMPLES / "chest-01.png")))
        self.assertEqual(width, 640)
        self.assertGreater(height, 691)

    def test_channels_and_no_metadata(self):
        self.assertEqual(read_png(self.draw(*CLS)).shape, (70, 91, 3))
        self.assertEqual(read_png(self.draw(*CLS, "--map-only")).shape, (70, 91, 4))
        kinds = [kind for kind, _ in png_chunks(self.path("out.png"))]
        self.assertEqual(set(kinds), {b"IHDR", b"IDAT", b"IEND"})

    def test_map_only_is_the_colours(self):
        """Cells of the colour map's first and last entry where the least and the greatest value are."""
        npy = self.path("map.npy")
        pixels = read_png(self.draw(*CLS, "--map-only", "--size", "model", "--colormap", "grey", "--npy", npy))
        values = np.load(npy)
        self.assertTrue((pixels[..., 3] == 255).all())
        cells = pixels[7::14, 7::14, :3]
        self.assertEqual(cells.shape, (4, 4, 3))
        self.assertEqual(tuple(cells[np.unravel_index(values.argmax(), (4, 4))]), (255, 255, 255))
        order = np.argsort(values.ravel())
        self.assertTrue((np.diff(cells[..., 0].ravel()[order].astype(int)) >= 0).all())

    def test_opacity_and_the_picture_below(self):
        film = self.film()
        plain = read_png(self.draw(*CLS, "--opacity", "0", film=film))
        np.testing.assert_array_equal(plain, np.stack([formula(91, 70)] * 3, -1))
        opaque = read_png(self.draw(*CLS, "--opacity", "1", film=film)).astype(int)
        half = read_png(self.draw(*CLS, "--opacity", "0.5", film=film)).astype(int)
        self.assertLessEqual(np.abs(half - (plain.astype(int) + opaque) / 2).max(), 1)
        default = read_png(self.draw(*CLS, film=film)).astype(int)
        np.testing.assert_array_equal(default, half)

    def test_threshold_range_and_smoothing(self):
        npy = self.path("map.npy")
        alpha = lambda *options: read_png(self.draw(*CLS, "--map-only", "--size", "model", "--npy", npy, *options))[..., 3]
        self.assertTrue((alpha() == 255).all())
        values = np.load(npy)
        middle = float(np.median(values))
        drawn = alpha("--threshold", repr(middle))[7::14, 7::14] > 0
        np.testing.assert_array_equal(drawn, values >= np.float64(middle))
        picture = lambda *options: read(self.draw(*CLS, "--map-only", *options))
        self.assertNotEqual(picture("--range", "0:1"), picture())
        self.assertEqual(picture("--range", "auto"), picture())
        self.assertEqual(len({picture("--smooth", word) for word in ("cells", "bilinear", "guided")}), 3)
        self.assertEqual(picture("--smooth", "cells"), picture())
        self.assertEqual(picture("--contours", "0"), picture())
        self.assertNotEqual(picture("--contours", "3"), picture())
        self.bad(2, "map", self.film(), "--model", TINY, *CLS, "--contours", "11", "-o", self.path("x.png"), says=["contours"])

    def test_colormaps_that_list_prints(self):
        names = self.good("map", "--list", "--json", "--model", TINY).json()["colormaps"]
        for name in ("viridis", "magma", "inferno", "cividis", "grey"):
            self.assertIn(name, names)
        pictures = {read(self.draw(*CLS, "--colormap", name)) for name in names}
        self.assertEqual(len(pictures), len(names))
        self.bad(2, "map", self.film(), "--model", TINY, *CLS, "--colormap", "jet", "-o", self.path("x.png"), says=["jet", "viridis"])

    def test_colours_of_parts_are_for_parts_alone(self):
        self.bad(2, "map", self.film(), "--model", TINY, *CLS, "--colormap", "parts-4", "-o", self.path("x.png"), says=["parts-4", "viridis"])


class List(TestCase):
    def test_text(self):
        text = self.good("map", "--list", "--model", TINY).text
        for word in ("pca", "cls-attention", "block=0…1", "head=mean|max|0|1", "component=rgb|0", "basis=file"):
            self.assertIn(word, text)

    def test_json(self):
        overlays = self.good("map", "--list", "--json", "--model", TINY).json()["overlays"]
        self.assertEqual([overlay["id"] for overlay in overlays][:2], ["pca", "cls-attention"])
        parameters = {parameter["name"]: parameter for parameter in overlays[0]["parameters"]}
        self.assertLessEqual({"block", "component", "foreground", "basis", "norm"}, set(parameters))
        self.assertEqual((parameters["block"]["type"], parameters["block"]["range"], parameters["block"]["default"]), ("int", [0, 1], 1))
        self.assertEqual((parameters["norm"]["type"], parameters["norm"]["default"]), ("bool", True))
        self.assertEqual((parameters["component"]["type"], parameters["component"]["choices"][0]), ("enum", "rgb"))
        self.assertTrue(parameters["foreground"]["optional"])
        self.assertIsNone(parameters["foreground"]["default"])

    def test_what_is_not_there_yet(self):
        for word in ("heads", "nonsense"):
            self.bad(2, "map", self.film(), "--model", TINY, "--overlay", word, "-o", self.path("x.png"), says=[word, "pca", "cls-attention"])

    def test_bad_parameters(self):
        film, out = self.film(), self.path("x.png")
        for setting in ("block=2", "block=-1", "block=x", "colour=red", "block", "head=2", "head="):
            with self.subTest(setting):
                self.bad(2, "map", film, "--model", TINY, *CLS, "--set", setting, "-o", out, says=setting.split("=")[0])
        self.assertEqual(self.files(), ["film.png"])


class Sidecar(TestCase):
    def make(self, *options, out="out.png"):
        path = self.path(out)
        self.good("map", self.film(), "--model", TINY, *options, "-o", path)
        return json.loads(read(path[:-4] + ".json"))

    def test_fields(self):
        sidecar = self.make(*CLS, "--set", "block=0", "--set", "head=max", "--range", "0:0.25", "--bar", "--colormap", "magma", "--fit", "pad")
        self.assertEqual((sidecar["schema"], sidecar["version"]), ("dinoscope-sidecar", 1))
        self.assertEqual(sidecar["overlay"], "cls-attention")
        self.assertEqual(sidecar["parameters"], {"block": 0, "head": "max"})
        self.assertEqual(sidecar["style"]["range"], [0, 0.25])
        self.assertEqual(sidecar["style"]["colormap"], "magma")
        self.assertEqual(sidecar["preparation"]["fit"], "pad")
        view = sidecar["view"]
        self.assertEqual((view["bar"], view["map-only"], view["size"]), (True, False, "original"))
        self.assertEqual((view["width"], view["height"]), png_size(self.path("out.png")))
        weights = read(os.path.join(TINY, "model.safetensors"))
        self.assertEqual(sidecar["model"]["sha256"], hashlib.sha256(weights).hexdigest())
        picture = self.good("info", "--json", "--model", TINY, self.path("film.png")).json()["pictures"][0]
        self.assertEqual(sidecar["picture"]["sha256"], picture["pixels_sha256"])

    def test_variance_and_basis(self):
        sidecar = self.make(*PCA)
        details = sidecar["map"]["details"]
        self.assertEqual(len(details["variance-ratio"]), 3)
        self.assertRegex(details["basis-sha256"], r"^[0-9a-f]{64}$")

    def test_nothing_of_place_or_time(self):
        self.make(*PCA)
        text = read(self.path("out.json")).decode()
        self.assertNotIn(self.folder, text)
        self.assertNotIn("film", text)
        self.assertNotIn(os.path.dirname(TINY), text)
        self.assertIsNone(re.search(r"\d{4}-\d{2}-\d{2}", text))

    def test_from_gives_the_same_files(self):
        """Any recipe, made again from its sidecar: picture and sidecar have equal bytes."""
        recipes = (
            PCA,
            (*PCA, "--set", "component=1", "--set", "norm=false", "--smooth", "bilinear", "--opacity", "0.75"),
            (*PCA, "--set", "foreground=0.25", "--map-only"),
            (*CLS, "--set", "block=0", "--set", "head=1", "--range", "0:0.2", "--threshold", "0.05", "--size", "model"),
            (*CLS, "--bar", "--smooth", "guided", "--colormap", "cividis"),
            (*CLS, "--bar", "--contours", "4"),
            (*CLS, "--fit", "whole", "--input-size", "70", "--invert", "yes", "--map-only", "--opacity", "0.3"),
            (*CLS, "--window", "120:90:sigmoid", "--model-input", "window", "--invert", "yes"),
            (*PCA, "--window", "full", "--model-input", "percentile"),
            (*PCA, "--model-input", "bspline", "--fit", "whole"),
        )
        for recipe in recipes:
            with self.subTest(recipe):
                self.make(*recipe, out="a.png")
                self.make("--from", self.path("a.json"), out="b.png")
                self.assertEqual(read(self.path("a.png")), read(self.path("b.png")))
                self.assertEqual(read(self.path("a.json")), read(self.path("b.json")))

    def test_greys(self):
        """What was shown and what was encoded, apart."""
        sidecar = self.make(*CLS, "--window", "120:90", "--model-input", "window", "--invert", "yes")
        self.assertEqual(sidecar["preparation"]["model-input"], "window")
        self.assertEqual(sidecar["preparation"]["window"], "120:90:linear")
        self.assertEqual(sidecar["preparation"]["inverted"], "yes")
        self.assertEqual(sidecar["display"], {"window": "120:90:linear", "window-applied": "120:90:linear", "invert": "yes", "inverted": True})
        plain = self.make(*CLS)
        self.assertNotIn("window", plain["preparation"])
        self.assertEqual(plain["display"]["window"], "auto")
        self.assertNotIn("display", self.make(*CLS, "--map-only"))
        self.assertNotIn("grey-scale-sha256", plain["picture"])

    def test_shown_otherwise_than_encoded(self):
        """As the program's window writes it: the encoder's greys and those under the map differ."""
        self.make(*CLS, "--window", "full", "--model-input", "window", out="a.png")
        sidecar = json.loads(read(self.path("a.json")))
        sidecar["display"].update({"window": "100:60:linear", "invert": "yes"})
        open(self.path("c.json"), "w").write(json.dumps(sidecar))
        other = self.make("--from", self.path("c.json"), out="c.png")
        self.assertEqual(other["preparation"], sidecar["preparation"])
        self.assertEqual(other["display"], {"window": "100:60:linear", "window-applied": "100:60:linear", "invert": "yes", "inverted": True})
        shown = self.make("--from", self.path("a.json"), "--opacity", "0", "--window", "100:60", "--invert", "yes", out="d.png")
        self.make("--from", self.path("c.json"), "--opacity", "0", out="e.png")
        self.assertEqual(read(self.path("d.png")), read(self.path("e.png")))
        self.assertEqual(shown["preparation"]["window"], "100:60:linear")

    def test_window_under_the_map(self):
        """Opacity 0 leaves the radiograph through the window, by the formula of PS3.3 C.11.2.1.2.1."""
        film = self.film()
        self.good("map", film, "--model", TINY, *CLS, "--opacity", "0", "--window", "100:51", "-o", self.path("x.png"))
        x = read_png(film)[..., 0].astype(float)
        want = np.floor(np.clip(((x - 99.5) / 50 + 0.5) * 255, 0, 255) + 0.5)
        got = read_png(self.path("x.png"))
        np.testing.assert_array_equal(got[..., 0], want)

    def test_from_is_overridden_by_options(self):
        self.make(*CLS, "--set", "block=0", "--opacity", "0.25", "--fit", "pad", out="a.png")
        sidecar = self.make("--from", self.path("a.json"), "--set", "block=1", "--opacity", "0.5", "--fit", "crop", out="b.png")
        self.assertEqual(sidecar["parameters"]["block"], 1)
        self.assertEqual(sidecar["style"]["opacity"], 0.5)
        self.assertEqual(sidecar["preparation"]["fit"], "crop")
        self.make(*CLS, out="c.png")
        self.assertEqual(read(self.path("b.png")), read(self.path("c.png")))
        other = self.make("--from", self.path("a.json"), *PCA, out="d.png")
        self.assertEqual(other["overlay"], "pca")

    def test_from_another_encoder_is_said(self):
        self.make(*CLS, out="a.png")
        result = self.good("map", self.path("film.png"), "--model", "demo", "--from", self.path("a.json"), "-o", self.path("b.png"))
        self.assertIn("tiny-1", result.err)

    def test_bad_sidecars(self):
        film, out = self.film(), self.path("out.png")
        for number, text in enumerate(("", "{", "[]", "{}", '{"schema": "other", "version": 1}', '{"schema": "dinoscope-sidecar", "version": 2}')):
            with self.subTest(text):
                bad = self.path("bad%d.json" % number)
                open(bad, "w").write(text)
                self.bad(1, "map", film, "--model", TINY, "--from", bad, "-o", out, says="bad%d.json" % number)
        self.bad(1, "map", film, "--model", TINY, "--from", self.path("none.json"), "-o", out, says="none.json")
        self.assertFalse(os.path.exists(out))

    def test_a_file_of_somebody_else_is_kept(self):
        """OUT.json that is no sidecar stays as it is, newer or not, and nothing is written."""
        film, out, other = self.film(), self.path("out.png"), self.path("out.json")
        open(other, "w").write('{"schema": "mine"}\n')
        os.utime(other, (2**32, 2**32))
        self.bad(4, "map", film, "--model", TINY, *PCA, "-o", out, says="out.json")
        self.assertEqual(read(other), b'{"schema": "mine"}\n')
        self.assertFalse(os.path.exists(out))
        os.remove(other)
        self.make(*PCA)
        first = read(other)
        self.make(*CLS)
        self.assertNotEqual(read(other), first)

    def test_no_sidecar_for_standard_output(self):
        film = self.film()
        piped = self.good("map", film, "--model", TINY, *PCA, "-o", "-").out
        self.assertEqual(self.files(), ["film.png"])
        self.make(*PCA)
        self.assertEqual(piped, read(self.path("out.png")))


class Several(TestCase):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("out"))
        self.films = [self.film("a.png"), self.film("b.png", 70, 91)]

    def test_directory(self):
        self.good("map", *self.films, "--model", TINY, *PCA, "-o", self.path("out"), "--npy", self.path("out/"))
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a.json", "a.npy", "a.png", "b.json", "b.npy", "b.png"])
        self.good("map", self.films[0], "--model", TINY, *PCA, "-o", self.path("single.png"))
        self.assertEqual(read(self.path("single.png")), read(self.path("out/a.png")))

    def test_directory_is_made(self):
        self.good("map", *self.films, "--model", TINY, *PCA, "-o", self.path("new"), "--npy", self.path("values/"))
        self.assertEqual(sorted(os.listdir(self.path("new"))), ["a.json", "a.png", "b.json", "b.png"])
        self.assertEqual(sorted(os.listdir(self.path("values"))), ["a.npy", "b.npy"])
        self.good("map", self.films[0], "--model", TINY, *PCA, "-o", self.path("single/"))
        self.assertEqual(sorted(os.listdir(self.path("single"))), ["a.json", "a.png"])

    def test_one_bad_among_good(self):
        missing, broken = self.path("missing.png"), self.path("broken.png")
        open(broken, "wb").write(read(self.films[0])[:60])
        result = self.bad(1, "map", missing, self.films[0], broken, self.films[1], "--json", "--model", TINY, *PCA, "-o", self.path("out/"), says=["missing.png", "broken.png"])
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a.json", "a.png", "b.json", "b.png"])
        report = result.json()
        self.assertEqual(report["failed"], [missing, broken])
        self.assertEqual([item["input"] for item in report["results"]], self.films)
        self.assertEqual(report["results"][0]["output"], self.path("out/a.png"))
        self.assertEqual(report["results"][1]["grid"], [4, 4])

    def test_equal_names_are_refused(self):
        """Two inputs that would be written to one file: nothing is done."""
        os.mkdir(self.path("other"))
        twin = self.film("other/a.png", 56, 56)
        self.bad(2, "map", self.films[0], twin, "--model", TINY, *PCA, "-o", self.path("out"), says=[self.films[0], twin])
        self.assertEqual(os.listdir(self.path("out")), [])

    def test_inputs_are_not_overwritten(self):
        before = read(self.films[0])
        self.bad(2, "map", *self.films, "--model", TINY, *PCA, "-o", self.folder, says="a.png")
        self.bad(2, "map", self.films[0], "--model", TINY, *PCA, "-o", self.films[0], says="a.png")
        os.symlink(self.films[0], self.path("link.png"))
        self.bad(2, "map", self.films[0], "--model", TINY, *PCA, "-o", self.path("link.png"))
        self.bad(2, "map", self.films[0], "--model", TINY, *CLS, "--region", self.films[1], "--npy", self.films[1])
        self.assertEqual(read(self.films[0]), before)

    def test_targets_that_are_no_directories(self):
        self.bad(4, "map", *self.films, "--model", TINY, *PCA, "-o", self.path("nowhere/deep"), says="nowhere/deep")
        self.assertFalse(os.path.exists(self.path("nowhere")))
        self.bad(2, "map", *self.films, "--model", TINY, *PCA, "-o", self.films[0], says="directory")
        self.bad(2, "map", *self.films, "--model", TINY, *PCA, "-o", "-", says="directory")
        self.bad(2, "map", self.films[0], "--model", TINY, *PCA, "-o", self.path("out.jpg"), says="out.jpg")
        self.bad(2, "map", self.films[0], "--model", TINY, *PCA)
        self.bad(2, "map", "--model", TINY, *PCA, "-o", self.path("out.png"))
        self.bad(2, "map", self.films[0], "--model", TINY, "-o", self.path("out.png"), says="pca")


class Regions(TestCase):
    """Numbers of --region against numpy, at pixels of the original."""

    def setUp(self):
        super().setUp()
        self.square = self.film("square.png", 56, 56)
        self.npy = self.path("map.npy")

    def ask(self, region):
        report = self.good("map", self.square, "--model", TINY, *CLS, "--region", region, "--npy", self.npy).json()
        self.assertEqual(report["command"], "map")
        return report["results"][0]["regions"], np.load(self.npy).astype(np.float64)

    def check(self, region, values, share):
        """share [4,4]: of each cell, how much lies in the region."""
        self.assertAlmostEqual(region["area"], share.sum(), places=6)
        self.assertAlmostEqual(region["mean"], (values * share).sum() / share.sum(), places=6)
        self.assertAlmostEqual(region["maximum"], values[share > 0].max(), places=6)
        self.assertAlmostEqual(region["mass_share"], (values * share).sum() / values.sum(), places=6)

    def test_boxes(self):
        csv = self.path("boxes.csv")
        open(csv, "w").write("label,x0,y0,x1,y1\nleft lung,0,0,28,56\nbit,7,14,21,35\n")
        regions, values = self.ask(csv)
        self.assertEqual([region["label"] for region in regions], ["left lung", "bit"])
        left, bit = np.zeros((4, 4)), np.zeros((4, 4))
        left[:, :2] = 1
        bit[1, :2] = 0.5
        bit[2, :2] = 0.25
        self.check(regions[0], values, left)
        self.check(regions[1], values, bit)
        self.assertEqual(regions[1]["box"], [7, 14, 21, 35])
        self.assertEqual(regions[0]["peak_inside"], np.unravel_index(values.argmax(), (4, 4))[1] < 2)

    def test_ellipse(self):
        csv = self.path("boxes.csv")
        open(csv, "w").write("label,x0,y0,x1,y1,shape\nheart,3,10,47,41,ellipse\nits box,3,10,47,41,\n")
        regions, values = self.ask(csv)
        self.assertEqual([region["shape"] for region in regions], ["ellipse", "box"])
        points = (np.arange(56 * 40) + 0.5) / 40
        inside = ((points[None] - 25) / 22) ** 2 + ((points[:, None] - 25.5) / 15.5) ** 2 <= 1
        share = inside.reshape(4, 560, 4, 560).mean((1, 3))
        self.assertAlmostEqual(regions[0]["area"], share.sum(), places=3)
        self.assertAlmostEqual(regions[0]["mean"], (values * share).sum() / share.sum(), places=4)
        self.assertAlmostEqual(regions[0]["maximum"], values[share > 0].max(), places=6)
        self.assertAlmostEqual(regions[0]["mass_share"], (values * share).sum() / values.sum(), places=4)
        open(csv, "w").write("x0,y0,x1,y1,shape\n3,10,47,41,oval\n")
        self.bad(1, "map", self.square, "--model", TINY, *CLS, "--region", csv, says=["boxes.csv", "line 2", "ellipse"])

    def test_mask(self):
        mask = np.zeros((56, 56), np.uint8)
        mask[14:35, 7:21] = 200
        path = write_png(self.path("mask.png"), mask)
        regions, values = self.ask(path)
        share = np.zeros((4, 4))
        share[1, :2] = 0.5
        share[2, :2] = 0.25
        self.check(regions[0], values, share)

    def test_what_does_not_fit(self):
        csv = self.path("boxes.csv")
        open(csv, "w").write("0,0,28,56\n")
        self.bad(2, "map", self.square, "--model", TINY, *PCA, "--region", csv, says="component")
        small = write_png(self.path("mask.png"), np.ones((20, 20), np.uint8))
        self.bad(1, "map", self.square, "--model", TINY, *CLS, "--region", small, says=["square.png", "mask.png"])
        open(csv, "w").write("0,0,28\n")
        self.bad(1, "map", self.square, "--model", TINY, *CLS, "--region", csv, says="boxes.csv")
        self.bad(1, "map", self.square, "--model", TINY, *CLS, "--region", self.path("none.csv"), says="none.csv")
        self.bad(2, "map", self.square, "--model", TINY, *CLS, "--region", csv, "-o", "-")


class Basis(TestCase):
    def tokens(self, film):
        out = self.path("tokens.npy")
        self.good("features", film, "--model", TINY, "--what", "patches", "-o", out)
        return np.load(out).astype(np.float64)

    def test_one_basis_for_several(self):
        films = [self.film("a.png"), self.film("b.png", 70, 91), self.film("c.png", 128, 100)]
        basis, out = self.path("basis.safetensors"), self.path("out")
        os.mkdir(out)
        self.good("map", *films, "--model", TINY, *PCA, "--save-basis", basis, "-o", out, "--npy", out)
        got, metadata = read_safetensors(basis)
        self.assertEqual(set(got), {"mean", "components", "variance", "variance_ratio"})
        self.assertEqual(metadata["model"], "tiny-1")
        pooled = np.concatenate([self.tokens(film) for film in films])
        self.close(got["mean"], pooled.mean(0), 1e-5)
        centred = pooled - pooled.mean(0)
        singular, axes = np.linalg.svd(centred, full_matrices=False)[1:]
        variance = singular**2 / (len(pooled) - 1)
        count = len(got["components"])
        self.assertEqual(count, 10)
        self.close(got["variance"], variance[:count], 1e-4 * variance[0])
        self.close(got["variance_ratio"], variance[:count] / variance.sum(), 1e-4)
        axes = axes[:3] * np.sign(axes[np.arange(3), np.abs(axes[:3]).argmax(1)])[:, None]
        self.close(got["components"][:3], axes, 1e-3)
        for film, name in zip(films, "abc"):
            want = ((self.tokens(film) - pooled.mean(0)) @ axes.T).reshape(4, 4, 3)
            self.close(np.load(self.path("out/%s.npy" % name)), want, 1e-3 * np.abs(want).max())

    def test_used_again(self):
        film, basis = self.film(), self.path("basis.safetensors")
        self.good("map", film, "--model", TINY, *PCA, "--save-basis", basis, "-o", self.path("a.png"))
        self.good("map", film, "--model", TINY, *PCA, "--set", "basis=" + basis, "-o", self.path("b.png"))
        self.assertEqual(read(self.path("a.png")), read(self.path("b.png")))
        self.assertEqual(read(self.path("a.json")), read(self.path("b.json")))
        text = read(self.path("a.json")).decode()
        self.assertNotIn(self.folder, text)
        self.bad(2, "map", film, "--model", TINY, "--from", self.path("a.json"), "-o", self.path("c.png"), says="basis")
        self.good("map", film, "--model", TINY, "--from", self.path("a.json"), "--set", "basis=" + basis, "-o", self.path("c.png"))
        self.assertEqual(read(self.path("a.png")), read(self.path("c.png")))

    def test_alone_and_with_a_bad_picture(self):
        film, basis, missing = self.film(), self.path("basis.safetensors"), self.path("missing.png")
        self.bad(1, "map", missing, film, "--model", TINY, *PCA, "--save-basis", basis, says="missing.png")
        self.assertEqual(read_safetensors(basis)[0]["mean"].shape, (32,))
        os.remove(basis)
        self.bad(1, "map", missing, "--model", TINY, *PCA, "--save-basis", basis)
        self.assertFalse(os.path.exists(basis))
        self.bad(2, "map", film, "--model", TINY, *CLS, "--save-basis", basis)
        self.bad(2, "map", film, "--model", TINY, *PCA, "--save-basis", basis, "--set", "basis=" + film)
        self.bad(4, "map", film, "--model", TINY, *PCA, "--save-basis", self.path("no/basis.safetensors"))

    def test_bad_basis(self):
        film, basis = self.film(), self.path("bad.safetensors")
        open(basis, "wb").write(b"\x02\0\0\0\0\0\0\0{}")
        self.bad(1, "map", film, "--model", TINY, *PCA, "--set", "basis=" + basis, "-o", self.path("out.png"), says="bad.safetensors")
        self.assertFalse(os.path.exists(self.path("out.png")))


if __name__ == "__main__":
    main()
