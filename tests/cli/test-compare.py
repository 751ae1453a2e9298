#!/usr/bin/env python3
"""compare against numpy: linear CKA, effective rank, overlap of neighbours."""
import json
import os

import numpy as np

from support import TINY, TestCase, checkpoint, formula, main, png_size, write_png


def center(x):
    return x - x.mean(0)


def cka(x, y):
    x, y = center(x), center(y)
    return ((x.T @ y) ** 2).sum() / np.sqrt(((x.T @ x) ** 2).sum() * ((y.T @ y) ** 2).sum())


def unbiased_hsic(k, l):
    """Song et al. 2012, equation 5, as it is written there."""
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def unbiased_cka(x, y):
    k, l = x @ x.T, y @ y.T
    return unbiased_hsic(k, l) / np.sqrt(unbiased_hsic(k, k) * unbiased_hsic(l, l))


def effective_rank(x):
    s = np.linalg.svd(center(x), compute_uv=False)
    p = s[s > 0] / s.sum()
    p = p[p > 1e-12]
    return float(np.exp(-(p * np.log(p)).sum()))


def neighbors(x, k):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -2)
    return np.argsort(-cosines, 1, kind="stable")[:, :k]


def overlap(x, y, k):
    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(neighbors(x, k), neighbors(y, k))]))


class Compare(TestCase):
    def setUp(self):
        super().setUp()
        self.pictures = self.path("pictures")
        os.makedirs(self.pictures)
        random = np.random.default_rng(4)
        self.files = []
        for i in range(14):
            grey = np.roll(formula(64, 80), 5 * i, i % 2) // (1 + i % 4) + random.integers(0, 40, (80, 64))
            self.files.append(write_png(os.path.join(self.pictures, "%02d.png" % i), grey.astype(np.uint8)))

    def vectors(self, block, *options, what="cls", model=TINY):
        rows = []
        for path in self.files:
            self.good("features", path, "--model", model, "--what", what, "--block", block, "-o", self.path("x.npy"), *options)
            row = np.load(self.path("x.npy")).astype(float)
            rows.append(row if what == "cls" else row.mean(0))
        return np.stack(rows)

    def compare(self, *options):
        return self.good("compare", self.pictures, "--model", TINY, "--json", *options).json()

    def test_blocks(self):
        """Blocks of one encoder with each other."""
        found = self.compare("-k", 4)
        rows = [self.vectors(block) for block in found["primary"]["blocks"]]
        n = len(rows)
        self.assertEqual((found["pictures"], found["k"], found["reference"]), (14, 4, found["primary"]))
        self.close(np.array(found["cka"]), np.array([[cka(a, b) for b in rows] for a in rows]), 1e-5)
        self.close(np.array(found["neighbors"]), np.array([[overlap(a, b, 4) for b in rows] for a in rows]), 2 / (14 * 4))
        self.close(np.array(found["primary"]["effective_rank"]), np.array([effective_rank(a) for a in rows]), 1e-2)
        for i in range(n):
            self.assertAlmostEqual(found["cka"][i][i], 1, places=9)
            self.assertEqual(found["neighbors"][i][i], 1)

    def test_preparations(self):
        """Another preparation and input size, the mean of the patches, one block, no LayerNorm, no bias."""
        options = ("--mean", "--no-norm", "--blocks", "1", "--debiased", "-k", "3")
        found = self.compare("--reference-fit", "pad", *options)
        one, other = self.vectors(1, "--no-norm", what="patches"), self.vectors(1, "--no-norm", "--fit", "pad", what="patches")
        self.assertEqual((found["primary"]["fit"], found["reference"]["fit"]), ("crop", "pad"))
        self.assertAlmostEqual(found["cka"][0][0], unbiased_cka(one, other), places=4)
        self.assertAlmostEqual(found["neighbors"][0][0], overlap(one, other, 3), delta=0.05)

    def test_models(self):
        """Another encoder: other numbers of blocks and channels."""
        model = checkpoint("tiny-deep-1")
        found = self.compare("--reference-model", model, "--blocks", "last")
        last = found["primary"]["blocks"][0], found["reference"]["blocks"][0]
        one, other = self.vectors(last[0]), self.vectors(last[1], model=model)
        self.assertAlmostEqual(found["cka"][0][0], cka(one, other), places=4)
        self.assertAlmostEqual(found["reference"]["effective_rank"][0], effective_rank(other), delta=1e-2)

    def test_files(self):
        """The table, the summary and the picture; equal bytes for any number of threads."""
        seen = set()
        for threads in (1, 3):
            out = self.path("out-%d" % threads)
            table = self.good("compare", self.pictures, "--model", TINY, "--threads", threads, "-o", out).text
            with open(os.path.join(out, "compare.tsv")) as file:
                self.assertEqual(file.read(), table)
            with open(os.path.join(out, "compare.json")) as file:
                summary = json.load(file)
            self.assertEqual(png_size(os.path.join(out, "compare.png")), (2240, 1240))
            seen.add(b"".join(open(os.path.join(out, name), "rb").read() for name in sorted(os.listdir(out))))
        self.assertEqual(len(seen), 1)
        first = table.splitlines()[1].split("\t")
        self.assertEqual(first[:2], ["0", "0"])
        self.assertAlmostEqual(float(first[4]), summary["primary"]["effective_rank"][0], places=4)
        self.good("compare", self.pictures, "--model", TINY, "--format", "svg", "-o", out, "-q")
        with open(os.path.join(out, "compare.svg")) as file:
            self.assertIn("Linear CKA", file.read())

    def test_bad(self):
        self.bad(2, "compare", "--model", TINY, says="No pictures")
        self.bad(2, "compare", self.pictures, "--model", TINY, "--blocks", "0,99", says="--blocks")
        self.bad(1, "compare", *self.files[:2], "--model", TINY, says="at least 3")
        self.bad(3, "compare", self.pictures, "--model", TINY, "--reference-model", self.path("none"))
        with open(self.files[5], "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\nbroken")
        result = self.bad(1, "compare", self.pictures, "--model", TINY, "--blocks", "last", "--json", says="05.png")
        self.assertEqual(result.json()["pictures"], 13)
        self.assertIn("05.png", result.json()["failed"][0])


main()
