#!/usr/bin/env python3
"""How the groups of `dinoscope-cli cluster` and a column of a table go together.

    cluster_table.py CLUSTERS TABLE COLUMN [--key name]

CLUSTERS is the folder that cluster wrote, TABLE a TSV or CSV file whose column
KEY names the pictures, with or without folders and ending.
"""
import argparse
from pathlib import PurePath

import pandas as pd


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clusters")
    parser.add_argument("table")
    parser.add_argument("column")
    parser.add_argument("--key", default="name")
    options = parser.parse_args()

    groups = pd.read_csv(options.clusters + "/labels.tsv", sep="\t")
    # sep=None looks at the file: tabs, commas or semicolons. As text, since "007" is a name.
    table = pd.read_csv(options.table, sep=None, engine="python", dtype=str)
    stem = lambda name: PurePath(str(name)).stem
    joined = groups.assign(stem=groups.name.map(stem)).merge(table.assign(stem=table[options.key].map(stem)), on="stem", suffixes=("", "_table"))
    print(pd.crosstab(joined.cluster, joined[options.column]).to_csv(sep="\t"), end="")


if __name__ == "__main__":
    main()
