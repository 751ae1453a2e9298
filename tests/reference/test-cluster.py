#!/usr/bin/env python3
"""Groups and maps of all radiographs of the reference material, by the bundled
encoder, against scikit-learn: test-cluster.py CLI."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# More threads would only wait for each other beside other tests.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

REFERENCE = os.environ.get("DINOSCOPE_TESTDATA", "")
CLI = os.path.abspath(sys.argv[1])


def run(*arguments):
    result = subprocess.run([CLI, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        raise RuntimeError("%s: exit %d: %s" % (" ".join(map(str, arguments)), result.returncode, result.stderr))


def read_files(folder):
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def check_groups(values, out, k):
    """Inertia within 1 % of scikit-learn's."""
    from sklearn.cluster import KMeans

    centers = np.load(out / "centroids.npy")
    rows = [line.split("\t") for line in (out / "labels.tsv").read_text().splitlines()[1:]]
    labels = np.array([int(row[2]) for row in rows])
    ours = float(((values - centers[labels]) ** 2).sum())
    theirs = KMeans(k, n_init=10, random_state=0).fit(values).inertia_
    return ours <= 1.01 * theirs, "k = %d: inertia %.4f, scikit-learn %.4f" % (k, ours, theirs)


def check_map(values, out):
    """Trustworthiness within 0.02 of scikit-learn's t-SNE."""
    from sklearn.manifold import TSNE, trustworthiness

    ours = trustworthiness(values, np.load(out / "map2d.npy"))
    theirs = trustworthiness(values, TSNE(init="pca", learning_rate="auto", random_state=0).fit_transform(values))
    return ours >= theirs - 0.02, "trustworthiness %.4f, scikit-learn %.4f" % (ours, theirs)


def check_threads(embeddings, folder):
    """The same bytes for one, two and three threads."""
    seen = []
    for threads in (1, 2, 3):
        run("cluster", embeddings, "-k", 20, "--duplicates", "0.99", "--threads", threads, "-o", folder / "threads")
        seen.append(read_files(folder / "threads"))
    return seen[0] == seen[1] == seen[2], "%d files" % len(seen[0])


def main():
    print("TAP version 13")
    pictures = Path(REFERENCE) / "testdata" / "chest-png" if REFERENCE else None
    if pictures is None or not pictures.is_dir():
        print("1..0 # SKIP the reference material is not there")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run("embed", pictures, "--model", "demo", "-o", folder / "embeddings", "-q")
        values = np.load(folder / "embeddings" / "cls.npy")
        results = []
        for k in (2, 5, 10, 20):
            run("cluster", folder / "embeddings", "-k", k, "-o", folder / "out")
            results.append(check_groups(values, folder / "out", k))
        results.append(check_map(values, folder / "out"))
        results.append(check_threads(folder / "embeddings", folder))
    print("1..%d" % len(results))
    for number, (good, words) in enumerate(results, 1):
        print("%sok %d - %s" % ("" if good else "not ", number, words))
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
