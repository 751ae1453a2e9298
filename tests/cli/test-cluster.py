#!/usr/bin/env python3
"""cluster against scikit-learn: groups, silhouette, near duplicates, principal components and t-SNE."""
import json
import os

# More threads would only wait for each other beside other tests.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import silhouette_samples

from support import TestCase, main, png_size

EMBED = {
    "schema": "dinoscope-embeddings",
    "version": 1,
    "model": {"name": "tiny", "sha256": "ab"},
    "precision": "fp32",
    "isa": "avx2",
    "preparation": {"fit": "crop"},
}
COLUMNS = ["index", "row", "name", "pixels_sha256", "width", "height", "view", "status", "error"]


def clouds(n, n_clouds, width, seed, spread=1.0):
    random = np.random.default_rng(seed)
    centers = random.normal(size=(n_clouds, width)) * spread
    return (centers[random.integers(0, n_clouds, n)] + random.normal(size=(n, width)) + 2).astype(np.float32)


def read_tsv(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}


class Cluster(TestCase):
    def matrix(self, values, name="values.npy"):
        np.save(self.path(name), values)
        return self.path(name)

    def embeddings(self, values, name="embeddings"):
        folder = self.path(name)
        os.makedirs(folder)
        for file in ("cls.npy", "mean.npy"):
            np.save(os.path.join(folder, file), values if file == "cls.npy" else -values)
        counts = {"inputs": len(values), "embedded": len(values), "failed": 0}
        with open(os.path.join(folder, "embed.json"), "w") as file:
            json.dump({**EMBED, "counts": counts, "shard": {"index": 0, "count": 1}}, file)
        with open(os.path.join(folder, "table.tsv"), "w") as file:
            file.write("\t".join(COLUMNS) + "\n")
            for i in range(len(values)):
                file.write("%d\t%d\tsub/%03d.png\thash-%d\t10\t10\t%s\tok\t\n" % (i, i, i, i // 2 * 2 if i < 4 else i, "PA" if i % 3 else "AP"))
        return folder

    def cluster(self, source, *options):
        out = self.path("out")
        return self.good("cluster", source, "-o", out, *options), out

    def test_groups(self):
        for k, seed in ((4, 1), (25, 2)):
            with self.subTest(k=k):
                values = clouds(500, 6, 30, seed)
                result, out = self.cluster(self.matrix(values), "-k", k, "--map", "none", "--json")
                groups = result.json()["groups"]
                reference = KMeans(k, n_init=10, random_state=0).fit(values)
                self.assertLess(groups["inertia"], 1.01 * reference.inertia_)
                table = read_tsv(os.path.join(out, "labels.tsv"))
                labels = np.array(table["cluster"], int)
                centers = np.load(os.path.join(out, "centroids.npy"))
                self.assertEqual(centers.shape, (k, 30))
                distances = np.linalg.norm(values - centers[labels], axis=1)
                self.close(np.array(table["distance"], float), distances, 1e-4)
                self.assertAlmostEqual(float((distances**2).sum()) / groups["inertia"], 1, places=4)
                self.assertEqual(groups["sizes"], np.bincount(labels).tolist())
                self.assertEqual(groups["sizes"], sorted(groups["sizes"], reverse=True))
                silhouettes = silhouette_samples(values, labels)
                self.close(np.array(table["silhouette"], float), silhouettes, 1e-4)
                self.assertAlmostEqual(groups["silhouette"], float(silhouettes.mean()), places=5)

    def test_normalize(self):
        values = clouds(200, 3, 20, 5)
        values[7] *= 50
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        result, _ = self.cluster(self.matrix(values), "-k", 3, "--normalize", "--map", "none", "--json")
        self.assertLess(result.json()["groups"]["inertia"], 1.01 * KMeans(3, n_init=10, random_state=0).fit(unit).inertia_)

    def test_mini_batches(self):
        values = clouds(3000, 8, 24, 6, spread=3)
        result, _ = self.cluster(self.matrix(values), "-k", 8, "--batch", 300, "--map", "none", "--json")
        self.assertLess(result.json()["groups"]["inertia"], 1.01 * KMeans(8, n_init=10, random_state=0).fit(values).inertia_)

    def test_half(self):
        values = clouds(120, 3, 16, 7).astype(np.float16)
        _, one = self.cluster(self.matrix(values), "-k", 3)
        labels = read_tsv(os.path.join(one, "labels.tsv"))
        self.cluster(self.matrix(values.astype(np.float32)), "-k", 3)
        self.assertEqual(labels, read_tsv(os.path.join(one, "labels.tsv")))

    def test_threads(self):
        """The same bytes in every file for one, two and three threads."""
        values = clouds(400, 5, 40, 8)
        seen = set()
        for threads in (1, 2, 3):
            _, out = self.cluster(self.matrix(values), "-k", 20, "--threads", threads, "--duplicates", "0.9")
            seen.add(b"".join(open(os.path.join(out, name), "rb").read() for name in sorted(os.listdir(out))))
        self.assertEqual(len(seen), 1)

    def test_tsne(self):
        values = clouds(200, 6, 30, 9)
        result, out = self.cluster(self.matrix(values), "--perplexity", 20, "--json")
        plane = np.load(os.path.join(out, "map2d.npy"))
        reference = TSNE(perplexity=20, init="pca", learning_rate="auto", random_state=0).fit(values)
        self.assertEqual(result.json()["map"]["perplexity"], 20)
        self.assertGreater(trustworthiness(values, plane), trustworthiness(values, reference.embedding_) - 0.02)
        self.assertLess(result.json()["map"]["divergence"], reference.kl_divergence_ * 1.05)
        table = read_tsv(os.path.join(out, "labels.tsv"))
        self.close(np.array([table["x"], table["y"]], float).T, plane, 1e-5)
        self.assertNotIn("cluster", table)
        self.assertEqual(png_size(os.path.join(out, "map.png")), (1920, 1360))

    def test_principal_components(self):
        values = clouds(90, 4, 12, 10)
        result, out = self.cluster(self.matrix(values), "--map", "pca", "--json", "--format", "svg")
        _, scale, vectors = np.linalg.svd(values - values.mean(0), full_matrices=False)
        signs = np.sign(vectors[np.arange(2), np.abs(vectors[:2]).argmax(1)])
        self.close(np.load(os.path.join(out, "map2d.npy")), (values - values.mean(0)) @ (vectors[:2].T * signs), 1e-3)
        self.close(np.array(result.json()["map"]["variance_ratio"]), (scale**2 / (scale**2).sum())[:2], 1e-5)
        with open(os.path.join(out, "map.svg")) as file:
            self.assertIn("PC1", file.read())

    def test_duplicates(self):
        values = clouds(60, 4, 12, 11)
        values[50] = 3 * values[10]
        values[1] = values[0] + np.float32(0.01)
        _, out = self.cluster(self.embeddings(values), "--duplicates", "0.999", "--map", "none")
        table = read_tsv(os.path.join(out, "duplicates.tsv"))
        self.assertEqual(list(zip(table["first_row"], table["second_row"], table["same_pixels"])), [("10", "50", "no"), ("0", "1", "yes")])
        self.assertEqual(table["first_name"][1], "sub/000.png")
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        self.assertAlmostEqual(float(table["cosine"][1]), float(unit[0] @ unit[1]), places=5)

    def test_columns(self):
        """Colours by a column of the embeddings and of a table; a mean is another vector than CLS."""
        values = clouds(40, 2, 8, 12)
        folder = self.embeddings(values)
        with open(self.path("ages.csv"), "w") as file:
            file.write("Image Index,age\n" + "".join("%03d.png,%d\n" % (i, 20 + i) for i in range(30)))
        for options, words in ((("--color-by", "view"), ("view", "PA (26)", "AP (14)")), (("--color-by", "age", "--table", self.path("ages.csv")), ("age", "not known (10)"))):
            result, out = self.cluster(folder, "--format", "svg", "--map", "pca", *options)
            with open(os.path.join(out, "map.svg"), encoding="utf-8") as file:
                text = file.read()
            for word in words:
                self.assertIn(">%s<" % word, text)
        self.assertIn("says nothing of 10 of 40", result.err)
        plane = np.load(os.path.join(out, "map2d.npy"))
        self.cluster(folder, "--mean", "--map", "pca")
        self.close(np.load(os.path.join(out, "map2d.npy")), -plane, 1e-4)

    def test_index(self):
        """What index wrote is what embed wrote, with rows of length 1."""
        values = clouds(60, 3, 16, 14)
        folder = self.embeddings(values)
        result, out = self.cluster(folder, "-k", 3, "--normalize", "--map", "pca", "--json")
        plane, table = np.load(os.path.join(out, "map2d.npy")), read_tsv(os.path.join(out, "labels.tsv"))
        for dtype in ("f32", "int8"):
            self.good("index", folder, "-o", self.path(dtype), "--dtype", dtype)
            other, out = self.cluster(self.path(dtype), "-k", 3, "--map", "pca", "--json", "--color-by", "view")
            self.close(np.load(os.path.join(out, "map2d.npy")), plane, 1e-5)
            self.assertEqual(read_tsv(os.path.join(out, "labels.tsv"))["cluster"], table["cluster"])
            self.assertEqual(read_tsv(os.path.join(out, "labels.tsv"))["name"], table["name"])
            self.assertAlmostEqual(other.json()["groups"]["inertia"] / result.json()["groups"]["inertia"], 1, places=5)
        self.bad(1, "cluster", self.path("f32"), "--mean", "-o", out, says="index of CLS")

    def test_refused(self):
        values = clouds(10, 2, 8, 13)
        good = self.matrix(values)
        out = self.path("out")
        self.bad(2, "cluster", "-o", out, says="No folder")
        self.bad(2, "cluster", good, says="-o DIR")
        self.bad(2, "cluster", good, "-k", 1, "-o", out, says="2 or more")
        self.bad(1, "cluster", good, "-k", 11, "-o", out, says="10 vectors cannot be put into 11 groups")
        self.bad(2, "cluster", good, "--color-by", "view", "-o", out, says="folder of embeddings")
        self.bad(1, "cluster", self.embeddings(values), "--color-by", "age", "-o", out, says=("age", "view"))
        self.bad(4, "cluster", good, "-o", good, says="cannot be written")
        self.bad(4, "cluster", good, "-o", self.path("no/folder"), says="cannot be written")
        self.bad(1, "cluster", self.path("none.npy"), "-o", out, says="none.npy")
        self.bad(1, "cluster", self.folder, "-o", out, says="embed.json")
        self.bad(1, "cluster", self.matrix(values[:3]), "--map", "tsne", "-o", out, says="at least 4")
        self.bad(1, "cluster", self.matrix(values[None]), "-o", out, says="[n,D]")
        values[4, 2] = np.nan
        self.bad(1, "cluster", self.matrix(values), "-o", out, says="Row 4")
        self.assertFalse(os.path.exists(out))

    def test_few(self):
        """One picture, and pictures that are all the same, are no error."""
        _, out = self.cluster(self.matrix(np.ones((1, 8), np.float32)))
        self.assertEqual(np.load(os.path.join(out, "map2d.npy")).tolist(), [[0, 0]])
        result, _ = self.cluster(self.matrix(np.ones((6, 8), np.float32)), "-k", 3, "--json")
        self.assertEqual((result.json()["groups"]["inertia"], result.json()["groups"]["silhouette"]), (0, None))


main()
