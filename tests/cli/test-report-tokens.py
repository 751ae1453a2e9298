#!/usr/bin/env python3
"""Patch tokens as report models take them, and the example that feeds them to a projector."""
import json
import math
import os
import struct
import subprocess
import sys

import numpy as np

from support import TINY, WATCHDOG, GoldenCase, TestCase, formula, main, write_png

TOOL = os.path.abspath(sys.argv[2])


def bfloat16(values):
    """To the nearest, ties to even; as the upper halves."""
    bits = np.ascontiguousarray(values, "<f4").view("<u4").astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")


def write_projector(path, names, shapes, kind="F32", seed=1):
    """Layers of these names and shapes [out, in]; returns them as they are read back."""
    random = np.random.default_rng(seed)
    header, body, layers = {}, b"", []
    for name, (rows, columns) in zip(names, shapes):
        pair = []
        for part, shape in (("weight", (rows, columns)), ("bias", (rows,))):
            values = (random.standard_normal(shape) / math.sqrt(columns)).astype("<f4")
            stored = {"F32": values, "F16": values.astype("<f2"), "BF16": None}[kind]
            if kind == "BF16":
                stored = bfloat16(values)
                values = (stored.astype("<u4") << 16).view("<f4")
            else:
                values = stored.astype("<f4")
            data = stored.tobytes()
            header[name + "." + part] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
            body += data
            pair.append(values.reshape(shape).astype(np.float64))
        layers.append(pair)
    # The rest of the model lies in the same file.
    header["language_model.layers.0.weight"] = {"dtype": "F32", "shape": [1], "data_offsets": [len(body), len(body) + 4]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body + b"\0\0\0\0")
    return layers


def formula_of_projector(tokens, layers):
    values = tokens.astype(np.float64)
    for number, (weight, bias) in enumerate(layers):
        if number > 0:
            values = 0.5 * values * (1 + np.vectorize(math.erf)(values / math.sqrt(2)))
        values = values @ weight.T + bias
    return values


class Tokens(TestCase):
    """The layouts, against the reference implementation's hidden states."""

    def setUp(self):
        super().setUp()
        self.case = GoldenCase("tiny", self.folder)

    def get(self, *options):
        out = self.path("tokens.npy")
        self.good("features", *self.case.source, "--model", self.case.model, "-o", out, *options)
        return np.load(out)

    def test_last_layer_normalised(self):
        """MAIRA-2: the backbone's last feature map, CLS left out; or first."""
        want = self.case.expected["last_hidden_state"]
        self.close(self.get("--what", "patches"), want[1:], 1e-4)
        self.close(self.get("--what", "cls+patches"), want, 1e-4)

    def test_hidden_state_before_the_last(self):
        """LLaVA: hidden_states[-2] of L blocks is block L-2, not normalised."""
        n_blocks = self.case.blocks()
        want = self.case.expected["hidden.%d" % (n_blocks - 1)]
        options = ("--block", n_blocks - 2, "--no-norm")
        self.close(self.get("--what", "patches", *options), want[1:], 1e-4)
        self.close(self.get("--what", "cls+patches", *options), want, 1e-4)

    def test_half_is_rounded_once(self):
        for options in (("--what", "patches"), ("--what", "cls+patches", "--block", 0, "--no-norm")):
            half = self.get(*options, "--dtype", "f16")
            self.assertEqual(half.dtype, np.float16)
            np.testing.assert_array_equal(half, self.get(*options).astype(np.float16))

    def test_of_collections(self):
        """embed --patches takes the same options and writes the same bits, CLS in a file of its own."""
        os.mkdir(self.path("films"))
        for number in range(3):
            write_png(self.path("films/%d.png" % number), formula(91 + number, 70))
        choices = ((), ("--dtype", "f16"), ("--block", 0, "--no-norm", "--dtype", "f16"), ("--block", 0))
        for index, options in enumerate(choices):
            out = self.path("out-%d" % index)
            self.good("embed", self.path("films"), "--model", self.case.model, "--patches", "-o", out, *options)
            cls, patches = (np.load(os.path.join(out, name + ".npy"), mmap_mode="r") for name in ("cls", "patches"))
            for number in range(3):
                self.good("features", self.path("films/%d.png" % number), "--model", self.case.model, "--what", "cls+patches", "-o", self.path("one.npy"), *options)
                np.testing.assert_array_equal(np.concatenate([cls[number : number + 1], patches[number]]), np.load(self.path("one.npy")))

    def test_layout_of_full_size(self):
        """[1369, D] at 518 pixels, in the order of the grid."""
        film = write_png(self.path("film.png"), formula(640, 600))
        tokens = {}
        for what, rows in (("patches", 1369), ("cls+patches", 1370)):
            out = self.path(what + ".npy")
            self.good("features", film, "--model", "demo", "--what", what, "--dtype", "f16", "-o", out)
            tokens[what] = np.load(out)
            self.assertEqual(tokens[what].shape[0], rows)
        np.testing.assert_array_equal(tokens["cls+patches"][1:], tokens["patches"])


class Projector(TestCase):
    """tools/report_tokens.py."""

    NAMES = {
        "llava": (["model.mm_projector.0", "model.mm_projector.2"], "F16"),
        "transformers": (["multi_modal_projector.linear_1", "multi_modal_projector.linear_2"], "F32"),
        "maira": (["multi_modal_projector.layers.%d" % number for number in (0, 2, 4, 6)], "BF16"),
    }

    def tool(self, *arguments):
        return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True, timeout=WATCHDOG)

    def tokens(self, *options):
        out = self.path("tokens.npy")
        self.good("features", self.film(), "--model", TINY, "-o", out, *options)
        return out

    def project(self, tokens, name):
        names, kind = self.NAMES[name]
        width = np.load(tokens, mmap_mode="r").shape[-1]
        shapes = [(48, width if number == 0 else 48) for number in range(len(names))]
        layers = write_projector(self.path("projector.safetensors"), names, shapes, kind)
        out = self.path("out.npy")
        done = self.tool(tokens, self.path("projector.safetensors"), "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return np.load(out), layers

    def test_projectors(self):
        tokens = self.tokens("--what", "patches", "--dtype", "f16")
        for name in self.NAMES:
            with self.subTest(name):
                got, layers = self.project(tokens, name)
                self.assertEqual(got.dtype, np.float32)
                self.close(got, formula_of_projector(np.load(tokens), layers), 2e-5)

    def test_many_pictures(self):
        one = np.load(self.tokens("--what", "patches"))
        np.save(self.path("patches.npy"), np.stack([one, one[::-1], one * 2]).astype(np.float16))
        got, layers = self.project(self.path("patches.npy"), "transformers")
        self.assertEqual(got.shape, (3, len(one), 48))
        for index, picture in enumerate(np.load(self.path("patches.npy"))):
            self.close(got[index], formula_of_projector(picture, layers), 4e-5)

    def test_refusals(self):
        tokens = self.tokens("--what", "patches")
        width = np.load(tokens).shape[-1]
        write_projector(self.path("wide.safetensors"), ["mm_projector.0"], [(4, width + 1)])
        write_projector(self.path("none.safetensors"), ["other"], [(4, width)])
        np.save(self.path("cls.npy"), np.zeros(width, np.float32))
        for arguments, words in (
            ((tokens, self.path("wide.safetensors")), "does not take %d channels" % width),
            ((tokens, self.path("none.safetensors")), "no linear layers"),
            ((self.path("cls.npy"), self.path("wide.safetensors")), "[N, D]"),
            ((self.path("missing.npy"), self.path("wide.safetensors")), "missing.npy"),
        ):
            done = self.tool(*arguments, "-o", self.path("out.npy"))
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
            self.assertFalse(os.path.exists(self.path("out.npy")))


if __name__ == "__main__":
    main()
