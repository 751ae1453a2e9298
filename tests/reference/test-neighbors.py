#!/usr/bin/env python3
"""All radiographs of the reference material through embed, index and neighbors,
with the demonstration encoder, against a brute force in NumPy."""
import csv
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))

from neighbor_tables import check_neighbors, normalized, read_neighbors  # noqa: E402
from support import TestCase, main  # noqa: E402

REFERENCE = Path(os.environ.get("DINOSCOPE_TESTDATA") or Path(__file__).parents[3] / "shared")
FILMS = REFERENCE / "testdata" / "chest-png"


class Radiographs(TestCase):
    def test_neighbors(self):
        """CLS of every film, each left out of its own answer, then with its patient's;
        8 bits give the same bytes; a film itself finds its row."""
        source, index, narrow = (self.path(name) for name in ("embeddings", "index", "narrow"))
        self.good("embed", FILMS, "--model", "demo", "-o", source)
        self.good("index", source, "-o", index, "--table", FILMS / "labels.csv")
        self.good("index", source, "-o", narrow, "--table", FILMS / "labels.csv", "--dtype", "int8")
        exact = normalized(np.load(os.path.join(source, "cls.npy")).astype(np.float64))
        scores = exact @ exact.T
        n = len(exact)
        self.assertEqual(n, len(list(FILMS.glob("*.png"))))
        found = self.good("neighbors", index, "--query", "all", "--quiet")
        self.assertEqual(found.out, self.good("neighbors", narrow, "--query", "all", "--quiet").out)
        lines = read_neighbors(found.text)
        for i in range(n):
            check_neighbors(self, lines[10 * i : 10 * i + 10], scores[i], 10, [i])

        with open(os.path.join(index, "table.tsv"), newline="", encoding="utf-8") as table:
            rows = list(csv.DictReader(table, delimiter="\t"))
        patients = [row["patient"] or str(i) for i, row in enumerate(rows)]
        self.assertGreater(len(set(patients)), n // 3)
        lines = read_neighbors(self.good("neighbors", index, "--query", "all", "--exclude-same", "patient", "--quiet").text)
        for i in range(n):
            own = [j for j in range(n) if patients[j] == patients[i]]
            check_neighbors(self, lines[10 * i : 10 * i + 10], scores[i], 10, own)

        film = rows[n // 2]
        line = read_neighbors(self.good("neighbors", index, "--query", FILMS / film["name"], "-k", 1, "--model", "demo", "--quiet").text)[0]
        self.assertEqual((line["row"], line["name"]), (film["row"], film["name"]))
        self.assertAlmostEqual(float(line["cosine"]), 1, delta=1e-6)


if __name__ == "__main__":
    if not FILMS.is_dir():
        print("1..0 # SKIP the reference material is not here")
        sys.exit(0)
    main()
