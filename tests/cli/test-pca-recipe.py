#!/usr/bin/env python3
"""The recipe of the overlay pca against numpy: what it is fitted on, signs, order, foreground, ranges."""
import json

import numpy as np

from support import TINY, TestCase, formula, main, write_png


def principal(tokens):
    """Mean, components (largest loading positive) and shares of variance."""
    mean = tokens.mean(0)
    _, values, vectors = np.linalg.svd(tokens - mean, full_matrices=False)
    for vector in vectors:
        if vector[np.abs(vector).argmax()] < 0:
            vector *= -1
    return mean, vectors, values**2 / (values**2).sum()


class Recipe(TestCase):
    def setUp(self):
        super().setUp()
        self.pictures = [self.path("%s.png" % name) for name in "abc"]
        for number, path in enumerate(self.pictures):
            write_png(path, np.roll(formula(70, 80), 11 * number, 1) // (number + 1) + 20)
        self.npy = self.path("map.npy")

    def tokens(self, picture):
        npy = self.path("tokens.npy")
        self.good("features", picture, "--model", TINY, "--what", "patches", "-o", npy)
        return np.load(npy).astype(float)

    def map(self, picture, *settings, references=()):
        """Values [h, w] or [h, w, 3] and the sidecar."""
        options = [word for setting in settings for word in ("--set", setting)]
        options += [word for path in references for word in ("--reference", path)]
        self.good("map", picture, "--model", TINY, "--overlay", "pca", *options, "--npy", self.npy, "-o", self.path("map.png"))
        with open(self.path("map.json")) as file:
            return np.load(self.npy), json.load(file)

    def near(self, got, want):
        self.close(got.reshape(want.shape), want, 1e-3 * np.abs(want).max())

    def test_fitted_on_several(self):
        """One basis and one range, whichever picture is looked at and in whatever order the others come."""
        tokens = [self.tokens(path) for path in self.pictures]
        mean, vectors, shares = principal(np.concatenate(tokens))
        scores = [(each - mean) @ vectors[:3].T for each in tokens]
        seen = set()
        for own in range(3):
            others = [path for path in self.pictures if path != self.pictures[own]]
            values, sidecar = self.map(self.pictures[own], "fit=references", references=others[:: 1 if own else -1])
            self.near(values, scores[own])
            details = sidecar["map"]["details"]
            self.assertEqual((details["basis"], details["n-pictures"], details["n-samples"]), ("pictures", 3, sum(map(len, tokens))))
            self.close(np.array(details["variance-ratio"]), shares[:3], 1e-4)
            ranges = np.array(sidecar["map"]["ranges"])
            joint = np.concatenate(scores)
            self.close(ranges, np.stack([joint.min(0), joint.max(0)], 1), 1e-3 * np.abs(joint).max())
            self.assertEqual(len(sidecar["references"]), 2)
            seen.add((details["basis-sha256"], str(sidecar["map"]["ranges"])))
        self.assertEqual(len(seen), 1)

    def test_the_same_picture_counts_once(self):
        alone, sidecar = self.map(self.pictures[0])
        again, twice = self.map(self.pictures[0], "fit=references", references=[self.pictures[0]])
        self.assertTrue((alone == again).all())
        self.assertEqual(sidecar["map"]["details"]["basis-sha256"], twice["map"]["details"]["basis-sha256"])

    def test_signs_and_order(self):
        """Colour k of the word is that of component k."""
        plain, _ = self.map(self.pictures[0])
        for order in ("rgb", "rbg", "grb", "gbr", "brg", "bgr"):
            values, sidecar = self.map(self.pictures[0], "order=" + order, "flip2=true")
            for component, colour in enumerate(order):
                sign = -1 if component == 1 else 1
                self.assertTrue((values[..., "rgb".index(colour)] == sign * plain[..., component]).all(), order)
        one, _ = self.map(self.pictures[0], "component=2", "flip3=true")
        self.assertTrue((one == -plain[..., 2]).all())

    def test_foreground(self):
        """A second analysis inside, on either side of the threshold; the histogram is of the first."""
        tokens = self.tokens(self.pictures[0])
        mean, vectors, _ = principal(tokens)
        first = (tokens - mean) @ vectors[0]
        threshold = float(np.round(np.quantile(first, 0.4), 2))
        for side, inside in (("above", first > threshold), ("below", first < threshold)):
            values, sidecar = self.map(self.pictures[0], "foreground=%g" % threshold, "foreground-side=" + side)
            mean2, vectors2, _ = principal(tokens[inside])
            want = (tokens - mean2) @ vectors2[:3].T
            self.near(values.reshape(-1, 3)[inside], want[inside])
            details = sidecar["map"]["details"]
            self.assertEqual((details["foreground"], details["foreground-side"]), (threshold, side))
            self.assertEqual((details["n-inside"], details["n-patches"]), (int(inside.sum()), len(tokens)))
            counts, edges = np.histogram(first, 32)
            self.close(np.array([details["histogram-low"], details["histogram-high"]]), edges[[0, -1]], 1e-3)
            self.assertEqual(sum(details["histogram"]), len(tokens))
            self.assertLessEqual(np.abs(np.array(details["histogram"]) - counts).sum(), 4)
        self.bad(1, "map", self.pictures[0], "--model", TINY, "--overlay", "pca", "--set", "foreground=-900", "--set", "foreground-side=below", "--npy", self.npy, says="below -900")

    def test_percentiles(self):
        values, sidecar = self.map(self.pictures[0], "scaling=percentile")
        want = np.percentile(values.reshape(-1, 3).astype(float), [1, 99], axis=0).T
        self.close(np.array(sidecar["map"]["ranges"]), want, 1e-6)
        self.assertEqual(sidecar["map"]["details"]["scaling"], "percentile")
        values, sidecar = self.map(self.pictures[0], "scaling=percentile", "component=0")
        far = np.abs(np.percentile(values.astype(float), [1, 99])).max()
        self.close(np.array(sidecar["map"]["range"]), np.array([-far, far]), 1e-6)

    def test_needs_another(self):
        self.bad(2, "map", self.pictures[0], "--model", TINY, "--overlay", "pca", "--set", "fit=references", "--npy", self.npy, says="needs another picture")


if __name__ == "__main__":
    main()
