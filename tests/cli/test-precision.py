#!/usr/bin/env python3
"""--precision: what a processor cannot is refused in words, and what was
computed says how, everywhere."""
import json
import os

import numpy as np

from support import EXAMPLES, TINY, TestCase, main, read_safetensors

# Without what bf16 and int8 need, on every machine.
OLD = {"DINOSCOPE_ISA": "avx2"}
REDUCED = ("bf16", "int8")
PCA = ("--overlay", "pca")


class Impossible(TestCase):
    def test_every_command_ends_with_3(self):
        """Never another precision than the one that was asked for, and no file."""
        film, out = self.film(), self.path("out")
        for precision in REDUCED:
            for command in (
                ("info",),
                ("info", "--json"),
                ("info", film),
                ("features", film, "-o", out + ".npy"),
                ("features", film, "-o", out + ".safetensors"),
                ("map", film, *PCA, "-o", out + ".png"),
                ("map", "--list"),
                ("bench", "--runs", "1"),
            ):
                with self.subTest((precision, *command)):
                    result = self.bad(3, *command, "--model", TINY, "--precision", precision, env=OLD, says=[precision, "AVX-512 BF16 and VNNI"])
                    self.assertRegex(result.err, r"this one offers (avx2|generic)\.\n$")
                    self.assertEqual(result.out, b"")
        self.assertEqual(self.files(), ["film.png"])

    def test_info_says_what_can_be_had(self):
        program = self.good("info", "--json", env=OLD).json()["program"]
        self.assertEqual(program["precisions"], {"fp32": program["instruction_set"], "bf16": None, "int8": None})
        text = self.good("info", env=OLD).text
        self.assertRegex(text, r"(?m)^Precision fp32: .*(avx2|generic)$")
        for precision in REDUCED:
            self.assertRegex(text, r"(?m)^Precision %s: .*not on this processor.*AVX-512 BF16 and VNNI" % precision)


class Computed(TestCase):
    """Every precision that this processor has."""

    def setUp(self):
        super().setUp()
        program = self.good("info", "--json").json()["program"]
        self.best = program["instruction_set"]
        self.sets = {precision: isa for precision, isa in program["precisions"].items() if isa is not None}

    def features(self, precision, name="features.safetensors"):
        out = self.path(name)
        result = self.good("features", EXAMPLES / "chest-02.png", "--precision", precision, "-o", out)
        arrays, metadata = read_safetensors(out)
        return arrays, metadata, result

    def test_float32_is_the_default(self):
        self.assertEqual(self.good("info", "--json").json()["model"]["precision"], "fp32")
        self.good("features", self.film(), "--model", TINY, "-o", self.path("a.npy"))
        self.good("features", self.path("film.png"), "--model", TINY, "--precision", "fp32", "-o", self.path("b.npy"))
        np.testing.assert_array_equal(np.load(self.path("a.npy")), np.load(self.path("b.npy")))

    def test_instruction_set_of_float32(self):
        """What the arithmetic uses, not the best that the processor has."""
        self.assertIn(self.sets["fp32"], ("generic", "avx2", "avx512"))
        if self.best in ("generic", "avx2", "avx512"):
            self.assertEqual(self.sets["fp32"], self.best)

    def test_every_output_says_how(self):
        film = str(EXAMPLES / "chest-02.png")
        for precision, isa in self.sets.items():
            with self.subTest(precision):
                both = {"precision": precision, "instruction_set": isa}
                calibration = self.good("info", "--json", "--precision", precision).json()["model"].get("calibration")
                self.assertEqual(calibration is not None, precision == "int8")
                _, metadata, result = self.features(precision)
                self.assertEqual({key: metadata[key] for key in both}, both)
                self.assertIn("Demonstration encoder - not RAD-DINO, %s, %s\n" % (precision, isa), result.err)

                basis = self.path("basis.safetensors")
                result = self.good("map", film, *PCA, "--precision", precision, "--save-basis", basis, "-o", self.path("map.png"), "--json")
                sidecar = json.load(open(self.path("map.json")))["model"]
                self.assertEqual((sidecar["precision"], sidecar["isa"], sidecar.get("calibration")), (precision, isa, calibration))
                for found in (result.json()["model"], read_safetensors(basis)[1]):
                    self.assertEqual({key: found[key] for key in both}, both)
                    self.assertEqual(found.get("calibration"), calibration)

                for command in (("info",), ("bench", "--runs", "1"), ("features", film, "-o", self.path("x.npy"))):
                    model = self.good(*command, "--precision", precision, "--json").json()["model"]
                    self.assertEqual({key: model[key] for key in both}, both)
                self.assertRegex(self.good("info", "--precision", precision).text, r"(?m)^Stored as: .* %s with %s$" % (precision, isa))

    def test_reduced_precisions_are_near_and_not_equal(self):
        """Near enough to be the same encoder, and not float32 under another name."""
        if len(self.sets) == 1:
            self.skipTest("this processor computes in float32 only: bf16 and int8 are NOT tested")
        reference = self.features("fp32")[0]["last_hidden_state"].astype(np.float64)
        for precision in REDUCED:
            with self.subTest(precision):
                got = self.features(precision)[0]["last_hidden_state"].astype(np.float64)
                self.assertFalse(np.array_equal(got, reference))
                cosines = (got * reference).sum(1) / np.linalg.norm(got, axis=1) / np.linalg.norm(reference, axis=1)
                self.assertGreater(cosines.min(), 0.98)
                np.testing.assert_array_equal(self.features(precision)[0]["last_hidden_state"], got)


class Recipes(TestCase):
    """A sidecar of another arithmetic: said, and computed as this run was asked to."""

    def make(self, name, *options, **more):
        self.good("map", self.film(), "--model", TINY, *PCA, "-o", self.path(name + ".png"), *options, **more)

    def again(self, sidecar, *options, **more):
        model = sidecar["model"]
        open(self.path("asked.json"), "w").write(json.dumps(sidecar))
        result = self.good("map", self.path("film.png"), "--model", TINY, "--from", self.path("asked.json"), "-o", self.path("again.png"), *options, **more)
        return result.err, json.load(open(self.path("again.json")))["model"], model

    def test_the_same_is_not_mentioned(self):
        self.make("a")
        err, _, _ = self.again(json.load(open(self.path("a.json"))))
        self.assertNotIn("sidecar", err)

    def test_another_instruction_set(self):
        self.make("a", env={"DINOSCOPE_ISA": "generic"})
        sidecar = json.load(open(self.path("a.json")))
        self.assertEqual(sidecar["model"]["isa"], "generic")
        sidecar["model"]["isa"] = "abacus"
        err, made, _ = self.again(sidecar)
        self.assertIn("The sidecar was made with abacus, this map with %s; the last digits can differ." % made["isa"], err)

    def test_another_precision(self):
        self.make("a")
        sidecar = json.load(open(self.path("a.json")))
        sidecar["model"].update(precision="bf16", isa="avx512-bf16")
        err, made, _ = self.again(sidecar)
        self.assertEqual(made["precision"], "fp32")
        self.assertIn("The sidecar was made in bf16 with avx512-bf16, this map in fp32 with %s; the values differ." % made["isa"], err)

    def test_another_calibration(self):
        if self.good("info", "--json").json()["program"]["precisions"]["int8"] is None:
            self.skipTest("this processor does not compute in 8 bits: its calibration is NOT tested")
        self.make("a", "--precision", "int8")
        sidecar = json.load(open(self.path("a.json")))
        self.assertRegex(sidecar["model"]["calibration"], "^[0-9a-f]{64}$")
        err, made, _ = self.again(sidecar, "--precision", "int8")
        self.assertNotIn("sidecar", err)
        self.assertEqual(made, sidecar["model"])
        sidecar["model"]["calibration"] = 64 * "0"
        err, _, _ = self.again(sidecar, "--precision", "int8")
        self.assertIn("The sidecar was made with another calibration of int8; the values differ.", err)

    def test_a_sidecar_that_does_not_say(self):
        self.make("a")
        sidecar = json.load(open(self.path("a.json")))
        for key in ("precision", "isa"):
            del sidecar["model"][key]
        err, _, _ = self.again(sidecar)
        self.assertIn("in unknown with unknown", err)
        self.assertNotIn("null", err)


if __name__ == "__main__":
    main()
