#!/usr/bin/env python3
"""probe on real radiographs against scikit-learn: TAP. test-probe.py CLI

Embeds all of testdata/chest-png of $DINOSCOPE_TESTDATA with the demonstration encoder and learns AP against PA with folds
that keep a patient together. scikit-learn gets the same features and folds: the AUROC of held-out pictures must be the same
within 0.005."""
import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

CLI = sys.argv[1]
FILMS = os.path.join(os.environ.get("DINOSCOPE_TESTDATA", ""), "testdata", "chest-png")
TOLERANCE = 0.005


def run(*arguments):
    return subprocess.run([CLI, *arguments], stdout=subprocess.PIPE, check=True).stdout


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t" if path.endswith(".tsv") else ","))


def compare(folder, features, l2):
    """What probe says, and what scikit-learn says with its folds."""
    embeddings, scores = os.path.join(folder, "embeddings"), os.path.join(folder, "scores.tsv")
    report = json.loads(
        run("--quiet", "--json", "probe", "train", embeddings, "--table", os.path.join(FILMS, "labels.csv"), "--label", "projection", "--group", "patient",
            "--features", features, "--l2", l2, "--bootstrap", "0", "-o", os.path.join(folder, "head.safetensors"), "--scores", scores)
    )  # fmt: skip
    said = {score["metric"]: score["value"] for score in report["held_out"][0]["scores"]}
    labels = {row["file"]: row for row in read_table(os.path.join(FILMS, "labels.csv"))}
    rows = {row["name"]: int(row["row"]) for row in read_table(os.path.join(embeddings, "table.tsv")) if row["row"]}
    table = read_table(scores)
    parts = [np.load(os.path.join(embeddings, part + ".npy")) for part in features.split("+")]
    x = np.concatenate(parts, 1)[[rows[row["name"]] for row in table]].astype(float)
    y = np.array([labels[row["name"]]["projection"] == "pa" for row in table])
    folds = np.array([int(row["fold"]) for row in table])
    patients = np.array([labels[row["name"]]["patient"] for row in table])
    assert all(len(set(folds[patients == patient])) == 1 for patient in patients), "a patient is in two folds"
    held_out = np.zeros(len(y))
    for fold in sorted(set(folds)):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=1 / report["fits"][0]["l2"], solver="newton-cg", tol=1e-8, max_iter=2000))
        model.fit(x[folds != fold], y[folds != fold])
        held_out[folds == fold] = model.predict_proba(x[folds == fold])[:, 1]
    return said, {"auroc": roc_auc_score(y, held_out), "auprc": average_precision_score(y, held_out)}, len(y)


def main():
    print("TAP version 13")
    if not os.path.isdir(FILMS):
        print("1..0 # SKIP no radiographs in $DINOSCOPE_TESTDATA: probe is NOT compared on real ones")
        return 0
    cases = [("cls", "auto"), ("cls+mean", "auto"), ("mean", "1")]
    print("1..%d" % len(cases))
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        run("--quiet", "embed", FILMS, "-o", os.path.join(folder, "embeddings"))
        for number, (features, l2) in enumerate(cases, 1):
            said, expected, n = compare(folder, features, l2)
            good = n == 120 and all(abs(said[name] - expected[name]) <= TOLERANCE for name in expected) and said["auroc"] > 0.9
            failed = failed or not good
            print("%sok %d - AP against PA on %s of %d pictures" % ("" if good else "not ", number, features, n))
            for name, value in expected.items():
                print("# %s: probe %.6f, scikit-learn %.6f" % (name, said[name], value))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
