#!/usr/bin/env python3
"""What the commands write opens in numpy, pandas and FAISS: the lines of
docs/python.md, and the example scripts against the commands."""
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from support import WATCHDOG, TestCase, checkpoint, formula, main, run, write_png

TOOLS = Path(os.path.abspath(sys.argv[2]))
MANUAL = Path(os.path.abspath(sys.argv[3]))
N = 24


def rows_of(text):
    return pd.read_csv(io.StringIO(text), sep="\t")


class Results(TestCase):
    """The commands of docs/python.md on pictures that differ, once for all tests."""

    root = None

    def setUp(self):
        super().setUp()
        if Results.root is not None:
            self.folder = Results.root.name
            return
        Results.root = tempfile.TemporaryDirectory()
        self.folder = Results.root.name
        self.run_commands()

    def run_commands(self):
        os.mkdir(self.path("films"))
        picture = formula(120, 120)
        for number in range(N):
            film = np.roll(picture, 5 * number, 0)
            write_png(self.path("films/%02d.png" % number), film if number % 2 else film // 2 + 60)
        Path(self.path("films/broken.png")).write_bytes(b"no picture")
        views = "".join("%02d,%s\n" % (number, "PA" if number % 2 else "AP") for number in range(N))
        Path(self.path("labels.csv")).write_text("name,view\n" + views)
        commands = [line for line in re.search(r"```\n(.*?)```", MANUAL.read_text(), re.DOTALL).group(1).split("\n") if line]
        self.assertEqual(len(commands), 6)
        for command in commands:
            words = command.split()[1:]
            into = None
            if ">" in words:
                words, into = words[: words.index(">")], words[-1]
            extra = ["--patches", "--last4"] if words[0] == "embed" else []
            result = run("--model", checkpoint("tiny-deep-1"), *words, *extra, cwd=self.folder)
            # One picture is broken.
            self.assertEqual(result.code, 1 if words[0] == "embed" else 0, result.err)
            if into is not None:
                Path(self.path(into)).write_bytes(result.out)

    def tool(self, name, *arguments):
        done = subprocess.run([sys.executable, TOOLS / name, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True, timeout=WATCHDOG)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_lines_of_the_manual(self):
        """Each opens what it says."""
        names = {}
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            for block in re.findall(r"```python\n(.*?)```", MANUAL.read_text(), re.DOTALL):
                exec(block, names)
        finally:
            os.chdir(here)
        width = names["cls"].shape[1]
        shapes = {"cls": (N, width), "mean": (N, width), "patches": (N, 25, width), "tokens": (N, 26, width), "vectors": (N, width), "centroids": (5, width), "places": (N, 2)}
        for name, shape in shapes.items():
            self.assertEqual(names[name].shape, shape, name)
        self.assertEqual(names["about"]["counts"], {"inputs": N + 1, "embedded": N, "failed": 1})
        self.assertEqual(list(names["table"][names["table"].status != "ok"].name), ["broken.png"])
        self.assertEqual(list(names["films"].name), ["%02d.png" % number for number in range(N)])
        self.assertEqual(list(names["numbers"].loc["07.png"]), list(names["cls"][7]))
        self.assertEqual(list(names["near"]["rank"]), list(range(1, 11)))
        self.assertEqual(len(names["groups"]), N)
        self.assertEqual(list(names["scores"].columns), ["name", "AP", "PA"])
        lengths = np.linalg.norm(names["vectors"], axis=1)
        self.close(lengths, np.ones(N), 1e-6)
        self.close(names["patches"].mean(axis=1), names["mean"], 1e-5)
        cosines, rows = names["index"].search(names["vectors"][5:6], 11)
        self.assertEqual(rows[0][0], 5)
        self.close(cosines[0][1:], names["near"].cosine.values, 1e-6)

    def test_faiss(self):
        """The cosines of the neighbours; ranks up to exchanges among equals."""
        want = rows_of(run("neighbors", self.path("films.index"), "--query", 3, "--query", 8, "-k", 6).text)
        got = rows_of(self.tool("nearest_faiss.py", "films.index", 3, 8, "-k", 6))
        self.assertEqual(list(got.columns), list(want.columns))
        self.assertEqual(list(got["query"]), list(want["query"]))
        self.close(got.cosine.values, want.cosine.values, 1e-6)
        for (_, one), (_, other) in zip(got.iterrows(), want.iterrows()):
            if one["row"] != other["row"]:
                self.assertLess(abs(one.cosine - other.cosine), 1e-6)

    def test_clusters(self):
        counts = rows_of(self.tool("cluster_table.py", "films.clusters", "labels.csv", "view"))
        labels = pd.read_csv(self.path("films.clusters/labels.tsv"), sep="\t")
        self.assertEqual(int(counts[["AP", "PA"]].values.sum()), N)
        for _, row in counts.iterrows():
            mine = labels[labels.cluster == row.cluster]
            self.assertEqual(row.PA, sum(int(Path(name).stem) % 2 for name in mine.name))

    def test_head(self):
        for features in ("cls", "mean", "cls+mean", "last4-cls"):
            with self.subTest(features):
                head, scores = self.path(features + ".safetensors"), self.path(features + ".tsv")
                self.good("probe", "train", self.path("films.emb"), "--table", self.path("labels.csv"), "--label", "view", "--features", features, "-o", head)
                # The broken picture has no scores.
                run("probe", "apply", self.path("films.emb"), "--head", head, "-o", scores)
                got = rows_of(self.tool("apply_head.py", "films.emb", head))
                want = pd.read_csv(scores, sep="\t")
                self.assertEqual(list(got.columns), list(want.columns))
                self.assertEqual(list(got.name), list(want.name))
                self.close(got[["AP", "PA"]].values, want[["AP", "PA"]].values, 1e-5)


if __name__ == "__main__":
    main()
