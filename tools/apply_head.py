#!/usr/bin/env python3
"""The probabilities that `dinoscope-cli probe apply` gives, with numpy alone.

    apply_head.py EMBEDDINGS HEAD.safetensors

EMBEDDINGS is a folder that embed wrote, HEAD what probe train wrote: weight
[C, F], bias [C] and, in the metadata, what they are for.
"""
import json
import struct
import sys

import numpy as np
import pandas as pd


def read_head(path):
    """{name: array} and the metadata of a .safetensors file of float32."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    about = header.pop("__metadata__", {})
    tensors = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(info["shape"])
    return tensors, about


# Files of embed that stand side by side in the features of a head.
FEATURES = {"cls": ["cls"], "mean": ["mean"], "cls+mean": ["cls", "mean"], "last4-cls": ["last4"]}


def features_of(folder, kind):
    """[n, F]: what the head was trained on."""
    return np.concatenate([np.load("%s/%s.npy" % (folder, name)).astype(np.float64) for name in FEATURES[kind]], axis=1)


def probabilities(logits, task):
    """Of classes that exclude each other, or of labels that do not; a number is itself."""
    if task == "classify":
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)
    return 1 / (1 + np.exp(-logits)) if task == "multilabel" else logits


def main():
    folder, path = sys.argv[1:3]
    tensors, about = read_head(path)
    table = pd.read_csv(folder + "/table.tsv", sep="\t", dtype={"row": "Int64"})
    logits = features_of(folder, about["features"]) @ tensors["weight"].T + tensors["bias"]
    scores = pd.DataFrame(probabilities(logits, about["task"]), columns=json.loads(about["classes"]))
    scores.insert(0, "name", table[table.status == "ok"].name.values)
    scores.to_csv(sys.stdout, sep="\t", index=False, float_format="%.7g")


if __name__ == "__main__":
    main()
