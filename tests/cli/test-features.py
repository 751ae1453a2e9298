#!/usr/bin/env python3
"""The command features, against the reference outputs."""
import hashlib
import json
import os

import numpy as np

from support import DATA, EXAMPLES, GOLDEN, TINY, GoldenCase, TestCase, checkpoint, formula, main, read_safetensors, write_png

CASES = sorted(path.parent.name for path in GOLDEN.glob("*/case.json") if path.parent.name != "demo-radiograph")
TOLERANCE = 1e-4


class Golden(TestCase):
    def test_cases_are_there(self):
        self.assertEqual(len(CASES), 10)

    def test_safetensors(self):
        """Input, all hidden states, attention of every block, output: every small case."""
        for name in CASES:
            with self.subTest(name):
                case = GoldenCase(name, self.folder)
                out = self.path(name + ".safetensors")
                attention = [word for block in range(case.blocks()) for word in ("--attention", block)]
                self.good("features", *case.source, "--model", case.model, "--hidden", *attention, "-o", out)
                got, metadata = read_safetensors(out)
                want = case.expected
                digest = hashlib.sha256(got["pixel_values"].tobytes()).hexdigest()
                self.assertEqual(digest, case.pixel_values_sha256)
                np.testing.assert_array_equal(got["pixel_values"], want["pixel_values"])
                self.close(got["last_hidden_state"], want["last_hidden_state"], TOLERANCE)
                self.close(got["pooler_output"], want["pooler_output"], TOLERANCE)
                for block in range(case.blocks() + 1):
                    self.close(got["hidden_states.%d" % block], want["hidden.%d" % block], TOLERANCE)
                for block in range(case.blocks()):
                    self.close(got["attentions.%d" % block], want["attention.%d" % block], 1e-6, 1e-3)
                self.assertEqual(len(got), 3 + case.blocks() + 1 + case.blocks())
                self.assertEqual(metadata["model"], os.path.basename(case.model))
                weights = open(os.path.join(case.model, "model.safetensors"), "rb").read()
                self.assertEqual(metadata["model_sha256"], hashlib.sha256(weights).hexdigest())
                self.assertEqual(metadata["precision"], "fp32")
                self.assertEqual(set(metadata), {"instruction_set", "model", "model_sha256", "precision", "preparation", "version"})

    def test_demonstration_encoder(self):
        case = GoldenCase("demo-radiograph", self.folder)
        out = self.path("out.safetensors")
        self.good("features", *case.source, "--model", "demo", "--hidden", "-o", out)
        got, _ = read_safetensors(out)
        self.assertEqual(hashlib.sha256(got["pixel_values"].tobytes()).hexdigest(), case.pixel_values_sha256)
        rows = case.expected["rows"]
        self.close(got["last_hidden_state"][rows], case.expected["last_hidden_state.rows"], 2e-4)
        self.close(got["pooler_output"], case.expected["pooler_output"], 2e-4)
        hidden = np.stack([got["hidden_states.%d" % i][0] for i in range(7)])
        self.close(hidden, case.expected["hidden.cls"], 2e-4)

    def test_preparation_of_every_mode(self):
        """pixel_values of every pixel mode, bit for bit; 16-bit grey is prepared otherwise, on purpose."""
        reference = json.load(open(GOLDEN / "preprocess.json"))["files"]
        names = [name for name in sorted(reference) if name.startswith("modes/") and "grey16" not in name]
        self.assertGreater(len(names), 10)
        for name in names:
            with self.subTest(name):
                out = self.path("pixels.npy")
                self.good("features", GOLDEN / name, "--model", "demo", "--pixel-values", out)
                got = np.load(out)
                self.assertEqual(got.shape, (3, 518, 518))
                self.assertEqual(hashlib.sha256(got.tobytes()).hexdigest(), reference[name]["pixel_values_sha256"])


class Npy(TestCase):
    """--what, --block, --no-norm and --facet against the reference and against numpy."""

    def setUp(self):
        super().setUp()
        self.case = GoldenCase("tiny-registers", self.folder)
        self.want = self.case.expected["last_hidden_state"]
        self.out = self.path("out.npy")

    def get(self, *options):
        self.good("features", *self.case.source, "--model", self.case.model, *options, "-o", self.out)
        return np.load(self.out)

    def weights(self):
        return read_safetensors(os.path.join(self.case.model, "model.safetensors"))[0]

    def test_what(self):
        tokens = self.get()
        self.close(tokens, self.want, TOLERANCE)
        self.assertEqual(tokens.dtype, np.dtype("<f4"))
        self.assertEqual(tokens.shape, (21, 32))
        np.testing.assert_array_equal(self.get("--what", "tokens"), tokens)
        np.testing.assert_array_equal(self.get("--what", "cls"), tokens[0])
        np.testing.assert_array_equal(self.get("--what=patches"), tokens[5:])
        np.testing.assert_array_equal(self.get("--what", "grid"), tokens[5:].T.reshape(32, 4, 4))
        np.testing.assert_array_equal(self.get("--what", "cls+patches"), np.concatenate([tokens[:1], tokens[5:]]))

    def test_half(self):
        tokens = self.get()
        half = self.get("--dtype", "f16")
        self.assertEqual(half.dtype, np.dtype("<f2"))
        np.testing.assert_array_equal(half, tokens.astype(np.float16))

    def norm(self, values):
        weights = self.weights()
        values = values.astype(np.float64)
        centred = values - values.mean(1, keepdims=True)
        scale = np.sqrt((centred**2).mean(1, keepdims=True) + 1e-6)
        return centred / scale * weights["layernorm.weight"] + weights["layernorm.bias"]

    def test_block_and_norm(self):
        hidden = self.case.expected
        self.close(self.get("--block", "0", "--no-norm"), hidden["hidden.1"], TOLERANCE)
        self.close(self.get("--block", "1", "--no-norm"), hidden["hidden.2"], TOLERANCE)
        self.close(self.get("--no-norm"), hidden["hidden.2"], TOLERANCE)
        self.close(self.get("--block", "0"), self.norm(hidden["hidden.1"]), TOLERANCE)
        np.testing.assert_array_equal(self.get("--block", "1"), self.get())

    def test_facets(self):
        """q, k and v of block 1 from its input, by numpy."""
        weights = self.weights()
        prefix = "encoder.layer.1."
        values = self.case.expected["hidden.1"].astype(np.float64)
        centred = values - values.mean(1, keepdims=True)
        normal = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-6)
        normal = normal * weights[prefix + "norm1.weight"] + weights[prefix + "norm1.bias"]
        for facet, name in (("q", "query"), ("k", "key"), ("v", "value")):
            with self.subTest(facet):
                base = prefix + "attention.attention.%s." % name
                want = normal @ weights[base + "weight"].T.astype(np.float64) + weights[base + "bias"]
                self.close(self.get("--facet", facet, "--block", "1"), want, TOLERANCE)
                np.testing.assert_array_equal(self.get("--facet", facet), self.get("--facet", facet, "--block", "1"))
        np.testing.assert_array_equal(self.get("--facet", "token"), self.get())

    def test_one_head(self):
        out = self.path("out.safetensors")
        self.good("features", *self.case.source, "--model", self.case.model, "--attention", "1,1", "-o", out)
        got, _ = read_safetensors(out)
        self.close(got["attentions.1"], self.case.expected["attention.1"][1:2], 1e-6, 1e-3)
        self.assertEqual(sorted(got), ["attentions.1", "last_hidden_state", "pixel_values", "pooler_output"])

    def test_equal_bits_for_any_number_of_threads(self):
        outputs = []
        for threads in (1, 2, 3, 5):
            self.get("--threads", threads)
            outputs.append(open(self.out, "rb").read())
        self.assertEqual(len(set(outputs)), 1)


class Inputs(TestCase):
    def test_pixel_values_and_back(self):
        """The written input, given back as --raw-pixels, gives the same output."""
        film, pixels = self.film(), self.path("pixels.npy")
        self.good("features", film, "--model", TINY, "--pixel-values", pixels, "-o", self.path("a.npy"))
        self.good("features", "--raw-pixels", pixels, "--model", TINY, "-o", self.path("b.npy"))
        self.assertEqual(np.load(pixels).shape, (3, 56, 56))
        self.assertEqual(open(self.path("a.npy"), "rb").read(), open(self.path("b.npy"), "rb").read())

    def test_pixel_values_alone(self):
        pixels = self.path("pixels.npy")
        self.good("features", self.film(), "--model", TINY, "--pixel-values", pixels)
        np.testing.assert_array_equal(np.load(pixels), GoldenCase("tiny", self.folder).expected["pixel_values"])

    def test_preparation_options_reach_the_model(self):
        film, pixels = self.film(), self.path("pixels.npy")
        prepare = lambda *options: (self.good("features", film, "--model", TINY, "--pixel-values", pixels, *options), np.load(pixels))[1]
        plain = prepare()
        self.assertEqual(prepare("--fit", "whole").shape, (3, 56, 70))
        self.assertEqual(prepare("--input-size", "70").shape, (3, 70, 70))
        self.assertEqual(prepare("--fit", "pad").shape, (3, 56, 56))
        grey = lambda values: np.rint((values * np.float32(0.2583) + np.float32(0.5307)) * 255)
        inverted = prepare("--invert", "yes")
        self.assertLessEqual(np.abs(grey(plain) + grey(inverted) - 255).max(), 2)

    def greys(self, samples, *options):
        """The 8-bit picture that entered the model, from its normalised values."""
        film, pixels = write_png(self.path("grey.png"), samples), self.path("pixels.npy")
        self.good("features", film, "--model", TINY, "--pixel-values", pixels, *options)
        values = np.load(pixels).astype(np.float64)
        np.testing.assert_array_equal(values[0], values[1])
        return np.rint((values[0] * 0.2583 + 0.5307) * 255)

    def test_greys_of_the_model(self):
        """Each choice by its formula, rounded half up; 56 x 56 px are not resized."""
        half_up = lambda values: np.floor(np.clip(values, 0, 255) + 0.5)
        grey = formula(56, 56)
        deep = (16 * grey.astype(np.uint16) + grey.T + 500).astype(np.uint16)
        wide = deep.astype(np.float64)
        for samples, options, want in (
            (grey, (), grey),
            (deep, (), half_up((wide - wide.min()) / (wide.max() - wide.min()) * 255)),
            (deep, ("--window", "full"), half_up((wide - wide.min()) / (wide.max() - wide.min()) * 255)),
            (deep, ("--model-input", "window", "--window", "2000:1001"), half_up(((wide - 1999.5) / 1000 + 0.5) * 255)),
            (deep, ("--model-input", "window", "--window", "2000:900:sigmoid"), half_up(255 / (1 + np.exp(-4 * (wide - 2000) / 900)))),
            (grey, ("--model-input", "window", "--window", "90:61"), half_up(((grey - 89.5) / 60 + 0.5) * 255)),
        ):
            with self.subTest(options):
                np.testing.assert_array_equal(self.greys(samples, *options), want)
        for samples in (deep, grey):
            low, high = np.percentile(samples, [1, 99])
            want = half_up((samples.astype(np.float64) - low) / (high - low) * 255)
            np.testing.assert_array_equal(self.greys(samples, "--model-input", "percentile"), want)

    def test_whole(self):
        """Nothing cropped of a non-square picture: what transformers gives for the same tensor."""
        for name in ("tiny-nonsquare", "tiny-registers-nonsquare"):
            case = GoldenCase(name, self.folder)
            height, width = case.expected["pixel_values"].shape[1:]
            film, out = write_png(self.path("film.png"), formula(width, height)), self.path("out.safetensors")
            self.good("features", film, "--model", case.model, "--fit", "whole", "--hidden", "-o", out)
            got, metadata = read_safetensors(out)
            self.assertEqual(got["pixel_values"].shape, (3, height, width))
            self.assertIn("fit=whole", metadata["preparation"])
            self.close(got["pixel_values"], case.expected["pixel_values"], 1e-6)
            self.close(got["last_hidden_state"], case.expected["last_hidden_state"], TOLERANCE)
            for block in range(case.blocks() + 1):
                self.close(got["hidden_states.%d" % block], case.expected["hidden.%d" % block], TOLERANCE)

    def test_bspline(self):
        """Pictures that SimpleITK resized, through the crop."""
        for case in json.loads((DATA / "grey/bspline.json").read_text())["pictures"][:2]:
            x, y = formula(case["width"], case["height"]), formula(case["height"], case["width"]).T
            samples = (16 * x.astype(np.uint16) + y).astype(np.uint16) if case["deep"] else x
            width, height = case["size"]
            edge = case["edge"]
            want = np.array(case["greys"]).reshape(height, width)
            top, left = (height - edge) // 2, (width - edge) // 2
            got = self.greys(samples, "--model-input", "bspline", "--input-size", edge)
            self.assertLessEqual(np.abs(got - want[top : top + edge, left : left + edge]).max(), 1)

    def test_colours_are_refused(self):
        colour = write_png(self.path("colour.png"), np.stack([formula(60, 60)] * 3, -1))
        for choice in ("bspline", "window", "percentile"):
            out = self.path("out.npy")
            self.bad(1, "features", colour, "--model", TINY, "--model-input", choice, "-o", out, says=["colour.png", choice, "grey"])
            self.assertFalse(os.path.exists(out))

    def test_raw_pixels_of_the_wrong_shape(self):
        for shape in ((3, 57, 56), (3, 56, 60), (1, 56, 56), (3, 56), (56, 56, 3), (3, 0, 56)):
            with self.subTest(shape):
                raw = self.path("raw.npy")
                np.save(raw, np.zeros(shape, np.float32))
                out = self.path("out.npy")
                self.bad(1, "features", "--raw-pixels", raw, "--model", TINY, "-o", out, says="raw.npy")
                self.assertFalse(os.path.exists(out))

    def test_raw_pixels_that_are_no_array(self):
        raw, out = self.path("raw.npy"), self.path("out.npy")
        np.save(raw, np.zeros((3, 56, 56), np.float64))
        self.bad(1, "features", "--raw-pixels", raw, "--model", TINY, "-o", out, says="raw.npy")
        open(raw, "wb").write(b"\x93NUMPY\x01\0")
        self.bad(1, "features", "--raw-pixels", raw, "--model", TINY, "-o", out, says="raw.npy")
        self.assertFalse(os.path.exists(out))


class Outputs(TestCase):
    def test_standard_output(self):
        film, out = self.film(), self.path("out.npy")
        self.good("features", film, "--model", TINY, "-o", out)
        self.assertEqual(self.good("features", film, "--model", TINY, "-o", "-").out, open(out, "rb").read())
        together = self.path("out.safetensors")
        self.good("features", film, "--model", TINY, "--hidden", "-o", together)
        piped = self.good("features", film, "--model", TINY, "--hidden", "-o", "-").out
        self.assertEqual(piped, open(together, "rb").read())

    def test_json(self):
        film, out = self.film(), self.path("out.npy")
        report = self.good("features", film, "--model", TINY, "--json", "-o", out).json()
        self.assertEqual((report["schema"], report["command"]), ("dinoscope-cli-1", "features"))
        self.assertEqual((report["input"], report["output"], report["grid"]), (film, out, [4, 4]))
        self.assertEqual(report["model"]["name"], "tiny-1")
        self.bad(2, "features", film, "--model", TINY, "--json", "-o", "-")

    def test_combinations_that_mean_nothing(self):
        film = self.film()
        npy, st = self.path("out.npy"), self.path("out.safetensors")
        for arguments in (
            ("-o", npy, "--hidden"),
            ("-o", npy, "--attention", "0"),
            ("-o", st, "--what", "cls"),
            ("-o", st, "--block", "0"),
            ("-o", st, "--dtype", "f16"),
            ("-o", npy, "--facet", "q", "--no-norm"),
            ("-o", npy, "--block", "2"),
            ("-o", st, "--attention", "2"),
            ("-o", st, "--attention", "0,2"),
            ("-o", st, "--attention", "0,0,0"),
            ("-o", st, "--attention", "x"),
            ("-o", st, "--attention", "0", "--attention", "0,1"),
            ("-o", self.path("out.txt")),
            ("-o", npy, "--pixel-values", npy),
            ("-o", npy, "--raw-pixels", npy),
            ("-o", film),
            (),
        ):
            with self.subTest(arguments):
                before = self.files()
                self.bad(2, "features", film, "--model", TINY, *arguments)
                self.assertEqual(self.files(), before)
        self.bad(2, "features", "--model", TINY, "-o", npy)
        self.bad(2, "features", film, film, "--model", TINY, "-o", npy)
        self.bad(2, "features", "--raw-pixels", npy, "--fit", "pad", "--model", TINY, "-o", st, says="--fit")


if __name__ == "__main__":
    main()
