"""A decoder of patch tokens against scikit-learn's on the same patches: trained
on 20 radiographs, tested on 20 others, with masks that a rule makes. What lies
between (labels of patches, logits between their centres, Dice) is done a second
time here, in numpy."""
import os
import sys
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from support import TestCase, main, png_size, read_png, read_safetensors, run, write_png  # noqa: E402

REFERENCE = Path(os.environ.get("DINOSCOPE_TESTDATA") or Path(__file__).parents[3] / "shared")
FILMS = REFERENCE / "testdata" / "chest-png"
VALUES = (0, 90, 200)
L2 = 1e-3
PATCH = 14
SIDE = 518
GRID = SIDE // PATCH


def rule(grey):
    """Classes of a radiograph: of its middle (8 to 92 % across, 10 to 85 % down)
    the darker half, smoothed over 9 x 9 pixels, and the brightest fifth."""
    height, width = grey.shape
    summed = np.pad(grey.astype(np.float64), 4, "edge").cumsum(0).cumsum(1)
    summed = np.pad(summed, ((1, 0), (1, 0)))
    smooth = (summed[9:, 9:] - summed[:-9, 9:] - summed[9:, :-9] + summed[:-9, :-9]) / 81
    y, x = np.mgrid[:height, :width]
    middle = (x > 0.08 * width) & (x < 0.92 * width) & (y > 0.10 * height) & (y < 0.85 * height)
    dark, bright = np.quantile(smooth[middle], (0.5, 0.8))
    return np.where(middle & (smooth < dark), 1, np.where(middle & (smooth > bright), 2, 0))


class Geometry:
    """The processor's resize and centre crop, of the size alone."""

    def __init__(self, width, height):
        self.size = width, height
        short = min(width, height)
        self.resized = SIDE * width // short, SIDE * height // short
        self.crop = (self.resized[0] - SIDE) // 2, (self.resized[1] - SIDE) // 2

    def nearest(self, axis):
        """The original's pixel under each of the SIDE pixels of an axis."""
        step = self.size[axis] / self.resized[axis]
        # Pillow sums positions up instead of multiplying.
        places = np.cumsum([step / 2] + [step] * (self.resized[axis] - 1))
        return places[self.crop[axis] : self.crop[axis] + SIDE].astype(int)

    def cells(self, axis):
        """Where the original's pixels lie, in cells; and which were seen."""
        scale = self.resized[axis] / self.size[axis]
        place = ((np.arange(self.size[axis]) + 0.5) * scale - self.crop[axis]) / PATCH
        return place, (place >= 0) & (place < GRID)


def label_patches(mask):
    geometry = Geometry(mask.shape[1], mask.shape[0])
    n = GRID
    seen = mask[np.ix_(geometry.nearest(1), geometry.nearest(0))]
    cells = seen.reshape(n, PATCH, n, PATCH).transpose(0, 2, 1, 3).reshape(n * n, -1)
    return np.array([np.bincount(cell, minlength=len(VALUES)).argmax() for cell in cells])


def between(axis_cells, n):
    """Index of the centre before, of the one after, and the share of the latter."""
    place = np.clip(axis_cells - 0.5, 0, n - 1)
    before = np.minimum(place.astype(int), n - 1)
    return before, np.minimum(before + 1, n - 1), place - before


def predict(logits, width, height):
    """Classes of all pixels, -1 where nothing was seen."""
    geometry = Geometry(width, height)
    n = GRID
    grid = logits.reshape(n, n, -1)
    (x, seen_x), (y, seen_y) = geometry.cells(0), geometry.cells(1)
    x0, x1, dx = between(x, n)
    y0, y1, dy = between(y, n)
    rows = grid[y0] * (1 - dy)[:, None, None] + grid[y1] * dy[:, None, None]
    values = rows[:, x0] * (1 - dx)[:, None] + rows[:, x1] * dx[:, None]
    return np.where(seen_y[:, None] & seen_x[None], values.argmax(-1), -1)


def dice(pairs):
    """Of each class, over all pixels that were seen."""
    scores = []
    for c in range(len(VALUES)):
        both = sum(((p == c) & (m == c)).sum() for p, m in pairs)
        total = sum((p == c).sum() + ((m == c) & (p >= 0)).sum() for p, m in pairs)
        scores.append(2 * both / total)
    return np.array(scores)


class SegmentTest(TestCase):
    @classmethod
    def setUpClass(cls):
        if not FILMS.is_dir():
            raise cls.skipTest(cls, "the radiographs are not here")

    def setUp(self):
        super().setUp()
        films = [film for film in sorted(FILMS.glob("*.png")) if max(png_size(film)) <= 1000][:40]
        self.films = films
        self.masks = self.path("masks")
        os.mkdir(self.masks)
        self.truth, self.tokens = {}, {}
        for film in films:
            mask = rule(read_png(film)[:, :, 0])
            write_png(os.path.join(self.masks, film.name), np.array(VALUES, np.uint8)[mask])
            self.truth[film] = mask
            self.good("features", film, "--model", "demo", "--what", "patches", "--quiet", "-o", self.path("tokens.npy"))
            self.tokens[film] = np.load(self.path("tokens.npy")).astype(np.float64)

    def reference_scores(self, classifier, films):
        return dice([(predict(classifier(self.tokens[film]), *self.truth[film].shape[::-1]), self.truth[film]) for film in films])

    def train(self, films, *options):
        head = self.path("head.safetensors")
        report = self.good("segment", "train", *films, "--model", "demo", "--masks", self.masks, "--l2", L2, *options, "-o", head, "--json").json()
        return report, *read_safetensors(head)

    def our_scores(self, films):
        result = self.good("segment", "test", *films, "--model", "demo", "--masks", self.masks, "--head", self.path("head.safetensors"), "--json").json()
        return np.array([entry["dice"] for entry in result["total"]["classes"]])

    def test_scikit_learn(self):
        from sklearn.linear_model import LogisticRegression
        from sklearn.neural_network import MLPClassifier

        train, test = self.films[:20], self.films[20:]
        x = np.concatenate([self.tokens[film] for film in train])
        y = np.concatenate([label_patches(self.truth[film]) for film in train])
        mean, scale = x.mean(0), x.std(0)
        n = len(y)

        with self.subTest("linear"):
            model = LogisticRegression(C=1 / (L2 * n), max_iter=1000, tol=1e-6).fit((x - mean) / scale, y)
            report, arrays, metadata = self.train(train)
            ours = self.our_scores(test)
            theirs = self.reference_scores(lambda tokens: model.decision_function((tokens - mean) / scale), test)
            self.assertEqual([entry["patches"] for entry in report["classes"]], list(np.bincount(y)))
            self.assertTrue(report["converged"])
            self.note("linear: ours %s, scikit-learn's %s" % (np.round(ours, 4), np.round(theirs, 4)))
            self.assertLess(abs(ours - theirs).max(), 0.01)
            self.assertGreater(ours.min(), 0.4)
            # The same minimum, with the scaling folded in; logits are equal up to a constant of all classes.
            weight = model.coef_ / scale
            expected = weight - weight.mean(0)
            self.assertLess(abs(arrays["weight"] - arrays["weight"].mean(0) - expected).max(), 5e-3 * abs(expected).max())
            self.assertEqual(metadata["features"], "patches")

        with self.subTest("hidden"):
            few = train[:6]
            x, y = x[: len(few) * GRID**2], y[: len(few) * GRID**2]
            mean, scale = x.mean(0), x.std(0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = MLPClassifier((16,), solver="lbfgs", alpha=L2 * len(y), max_iter=500, random_state=0).fit((x - mean) / scale, y)

            def forward(tokens, weights):
                return np.maximum(tokens @ weights[0] + weights[1], 0) @ weights[2] + weights[3]

            _, arrays, metadata = self.train(few, "--hidden-units", 16)
            own = [arrays["hidden.weight"].T, arrays["hidden.bias"], arrays["weight"].T, arrays["bias"]]
            their = [network.coefs_[0], network.intercepts_[0], network.coefs_[1], network.intercepts_[1]]
            ours = self.reference_scores(lambda tokens: forward(tokens, own), test)
            theirs = self.reference_scores(lambda tokens: forward((tokens - mean) / scale, their), test)
            self.note("hidden: ours %s, scikit-learn's %s" % (np.round(ours, 4), np.round(theirs, 4)))
            self.assertEqual(metadata["activation"], "relu")
            # There is no one minimum: from another start another network.
            self.assertLess(abs(ours - theirs).max(), 0.04)

    def note(self, text):
        print("# " + text, flush=True)


if __name__ == "__main__":
    main()
