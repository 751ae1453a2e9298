#!/usr/bin/env python3
"""The nearest pictures of some rows of an index, by FAISS: what
`dinoscope-cli neighbors INDEX --query ROW` prints.

    nearest_faiss.py INDEX ROW... [-k 10]
"""
import argparse

import faiss
import numpy as np
import pandas as pd


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("index", help="a folder that dinoscope-cli index wrote")
    parser.add_argument("row", type=int, nargs="+")
    parser.add_argument("-k", type=int, default=10)
    options = parser.parse_args()

    vectors = np.load(options.index + "/vectors.npy", mmap_mode="r").astype(np.float32, copy=False)
    names = pd.read_csv(options.index + "/table.tsv", sep="\t").name
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    # One more than asked for: the picture itself is among them.
    cosines, rows = index.search(vectors[options.row], options.k + 1)

    print("query\trank\trow\tname\tcosine")
    for query, its_cosines, its_rows in zip(options.row, cosines, rows):
        others = [(row, cosine) for row, cosine in zip(its_rows, its_cosines) if row != query and row >= 0]
        for rank, (row, cosine) in enumerate(others[: options.k], 1):
            print("%d\t%d\t%d\t%s\t%.8g" % (query, rank, row, names[row], cosine))


if __name__ == "__main__":
    main()
