#!/usr/bin/env python3
"""tools/accuracy.py: test-accuracy.py CLI

Its measures on vectors whose answer is known, and its table on small models."""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from support import CLI, EXAMPLES, TINY, TestCase, main

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))
sys.dont_write_bytecode = True

import accuracy  # noqa: E402

# Stands for the program: float32 is answered by the real one, the rest by what the test says.
STAND_IN = """#!/bin/sh
case "$*" in
*"--precision bf16"*) echo "no such thing" >&2; exit %d ;;
*) exec "%s" "$@" ;;
esac
"""


def orthogonal_noise(values, relative, seed=1):
    """values [n, D] with a part at right angles added, of that relative length."""
    noise = np.random.default_rng(seed).standard_normal(values.shape)
    along = (noise * values).sum(1, keepdims=True) / (values**2).sum(1, keepdims=True)
    noise -= along * values
    noise *= np.linalg.norm(values, axis=1, keepdims=True) / np.linalg.norm(noise, axis=1, keepdims=True)
    return values + relative * noise


class Measures(TestCase):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(7)
        self.patches = [random.standard_normal((30, 8)) + 20 for _ in range(12)]
        self.cls = random.standard_normal((12, 8))
        self.reference = accuracy.Reference(self.cls, self.patches, 1000)

    def test_equal_tokens(self):
        result = self.reference.compare(self.cls, self.patches)
        for group in ("cls", "patch", "centred"):
            for value in result[group].values():
                self.assertAlmostEqual(value, 1.0, places=12)
        self.assertEqual(result["pca"], {"mean": 0.0, "max": 0.0})
        self.assertEqual(result["neighbours"], {"patches": 1.0, "cls": 1.0})

    def test_cosine_of_noise_at_right_angles(self):
        values = np.random.default_rng(3).standard_normal((50, 16))
        for relative in (0.01, 0.3, 2.0):
            found = accuracy.cosines(orthogonal_noise(values, relative), values)
            np.testing.assert_allclose(found, 1 / np.sqrt(1 + relative**2), rtol=1e-12)

    def test_spread(self):
        values = np.linspace(0, 1, 101)
        self.assertEqual(accuracy.spread(values), {"worst": 0.0, "p1": 0.01, "median": 0.5})

    def test_one_bad_token_is_the_worst(self):
        patches = [p.copy() for p in self.patches]
        patches[5][7] = -patches[5][7]
        result = self.reference.compare(self.cls, patches)
        self.assertAlmostEqual(result["patch"]["worst"], -1.0, places=12)
        self.assertAlmostEqual(result["patch"]["median"], 1.0, places=12)

    def test_centred_sees_what_a_shared_mean_hides(self):
        """Noise as large as what differs between patches: the mean makes plain cosines look good."""
        means = [p.mean(0) for p in self.patches]
        noisy = [m + orthogonal_noise(p - m, 1.0, seed) for seed, (p, m) in enumerate(zip(self.patches, means))]
        result = self.reference.compare(self.cls, noisy)
        self.assertGreater(result["patch"]["worst"], 0.98)
        self.assertAlmostEqual(result["centred"]["worst"], 2**-0.5, places=9)
        self.assertAlmostEqual(result["centred"]["median"], 2**-0.5, places=9)

    def test_pca_difference_in_grey_levels(self):
        patches = self.patches[0]
        mean, components = basis = accuracy.pca_basis(patches)
        projected = (patches - mean) @ components.T
        extent = projected[:, 0].max() - projected[:, 0].min()
        # A tenth of the range further along the first component.
        moved = patches + 0.1 * extent * components[0]
        difference = accuracy.pca_difference(moved, patches, basis)
        self.assertEqual(difference[:, 1:].max(), 0)
        self.assertLessEqual(difference[:, 0].max(), 26)
        self.assertIn(np.median(difference[:, 0]), (25, 26))

    def test_neighbours_by_brute_force(self):
        vectors = np.random.default_rng(11).standard_normal((600, 5))
        found = accuracy.nearest(vectors, np.arange(0, 600, 7), 10)
        for query, got in zip(range(0, 600, 7), found):
            by_likeness = sorted((i for i in range(600) if i != query), key=lambda i: -accuracy.cosines(vectors[[i]], vectors[[query]])[0])
            self.assertEqual(set(got), set(by_likeness[:10]))

    def test_overlap(self):
        self.assertEqual(accuracy.overlap(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), np.array([[4, 3, 2, 1], [8, 9, 10, 11]])), 0.625)

    def test_noise_costs_neighbours(self):
        strong = [orthogonal_noise(p, 0.5, seed) for seed, p in enumerate(self.patches)]
        result = self.reference.compare(orthogonal_noise(self.cls, 2.0), strong)
        self.assertLess(result["neighbours"]["patches"], 0.5)
        self.assertLess(result["neighbours"]["cls"], 1.0)


class Limits(TestCase):
    @staticmethod
    def row(**changes):
        good = {key: 1.0 for key in ("worst", "p1", "median")}
        row = {"model": "base", "precision": "bf16", "isa": "amx", "against": "fp32", "cls": dict(good), "patch": dict(good), "centred": dict(good)}
        return {**row, **changes}

    def test_limits(self):
        self.assertEqual(accuracy.check([self.row()]), (3, []))
        for group, key, limit in (("cls", "worst", 0.9999), ("patch", "worst", 0.9998), ("centred", "median", 0.9995)):
            for value, failures in ((limit, 0), (limit - 1e-7, 1), (float("nan"), 1)):
                row = self.row()
                row[group][key] = value
                self.assertEqual(len(accuracy.check([row])[1]), failures, (group, value))

    def test_what_has_no_limits(self):
        rows = [self.row(model="rad-dino"), self.row(against="transformers"), {"model": "base", "precision": "int8", "unavailable": "x"}]
        self.assertEqual(accuracy.check(rows), (0, []))


class Program(TestCase):
    def tool(self, cli, *arguments):
        command = [sys.executable, "-B", str(TOOLS / "accuracy.py"), "--cli", cli, "--presets", "", "--model", TINY]
        return subprocess.run([*command, "--json", self.path("rows.json"), *arguments], capture_output=True, text=True)

    def rows(self):
        return json.loads(Path(self.path("rows.json")).read_text())["rows"]

    def test_portable_kernels_against_the_best(self):
        films = [self.film("%d.png" % width, width, 90) for width in range(80, 92)]
        result = self.tool(CLI, "--precision", "fp32", "--isa", "generic", "--images", *films)
        self.assertEqual(result.returncode, 0, result.stderr)
        (row,) = self.rows()
        self.assertEqual((row["model"], row["isa"], row["pictures"]), ("tiny-1", "generic", len(films)))
        self.assertGreater(row["centred"]["worst"], 1 - 1e-9)
        self.assertEqual(row["neighbours"]["cls"], 1.0)
        self.assertIn("| tiny-1 | fp32 | generic | fp32 | 1.000000 / ", result.stdout)

    def test_not_available(self):
        cli = Path(self.path("stand-in"))
        cli.write_text(STAND_IN % (3, CLI))
        cli.chmod(0o755)
        result = self.tool(str(cli), "--precision", "bf16", "--check", "--images", str(EXAMPLES), "--pictures", "2")
        self.assertEqual(result.returncode, 77, result.stderr)
        self.assertEqual([row["unavailable"] for row in self.rows()], ["no such thing"])
        self.assertIn("not available: no such thing", result.stdout)

    def test_failure_of_the_program_ends_it(self):
        cli = Path(self.path("stand-in"))
        cli.write_text(STAND_IN % (1, CLI))
        cli.chmod(0o755)
        result = self.tool(str(cli), "--precision", "bf16", "--images", self.film())
        self.assertEqual(result.returncode, 1)
        self.assertIn("no such thing", result.stderr)
        self.assertNotIn("Traceback", result.stderr)


if __name__ == "__main__":
    main()
