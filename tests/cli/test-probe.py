#!/usr/bin/env python3
"""probe: heads and scores against scikit-learn's, on embeddings made here."""
import json
import os
import struct

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, r2_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

from embeddings import write_embeddings
from support import TINY, TestCase, formula, main, read_safetensors, run, write_png

N, D, PATIENTS = 150, 24, 50
VIEWS = ["ap", "lateral", "pa"]


def write_safetensors(path, arrays, metadata=None):
    header, offset, data = {}, 0, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + len(raw)]}
        data, offset = data + raw, offset + len(raw)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    return path


def read_table(text):
    lines = [line.split("\t") for line in text.rstrip("\n").split("\n")]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


class ProbeCase(TestCase):
    """150 pictures of 50 patients; a view, an age, and findings with holes."""

    def setUp(self):
        super().setUp()
        random = np.random.default_rng(7)
        self.patient = random.integers(0, PATIENTS, N)
        self.view = random.integers(0, 3, N)
        self.cls = (random.normal(size=(N, D)) * np.linspace(0.2, 4, D) + np.eye(3, D)[self.view] * 1.2 + 3).astype(np.float32)
        self.mean = (random.normal(size=(N, D)) + 0.3 * random.normal(size=(PATIENTS, D))[self.patient]).astype(np.float32)
        self.age = np.round(60 + 3 * self.cls[:, 5] - 2 * self.mean[:, 0] + random.normal(size=N), 1)
        self.finding = (self.cls[:, 6] + self.mean[:, 1] + random.normal(size=N) > 3).astype(int)
        self.names = ["a/film-%04d.png" % i for i in range(N)]
        self.embeddings = write_embeddings(self.path("embeddings"), self.cls, self.mean, names=self.names, failed=["broken.png"])
        self.unknown = np.arange(N) % 7 == 0
        self.uncertain = np.arange(N) % 11 == 3
        self.table = self.write_table("labels.csv")

    def write_table(self, name, rows=None, header="file,patient,view,age,Effusion,Edema"):
        path = self.path(name)
        if rows is None:
            rows = [self.row(i) for i in range(N)]
        with open(path, "w", encoding="utf-8") as file:
            file.write(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
        return path

    def row(self, i):
        effusion = "" if self.unknown[i] else "-1.0" if self.uncertain[i] else "%.1f" % self.finding[i]
        return ["film-%04d.png" % i, "p%02d" % self.patient[i], VIEWS[self.view[i]], self.age[i], effusion, 1 - self.finding[i]]

    def train(self, *options, head="head.safetensors"):
        """The head's arrays and metadata, what was said, and the held-out table."""
        path, scores = self.path(head), self.path("scores.tsv")
        options = ("--table", self.table, "--group", "patient", "--bootstrap", "0", "-o", path, "--scores", scores, *options)
        report = self.good("probe", "train", self.embeddings, *options, "--json").json()
        arrays, metadata = read_safetensors(path)
        with open(scores, encoding="utf-8") as file:
            return arrays, metadata, report, read_table(file.read())

    def score_of(self, report, metric, label=None, name=None, key="held_out"):
        for result in report[key]:
            if label in (None, result["label"]):
                for score in result["scores"]:
                    if score["metric"] == metric and name in (None, score["class"]):
                        return score
        self.fail("no %s" % metric)


class Arithmetic(ProbeCase):
    def standardised(self, features):
        scaler = StandardScaler().fit(features)
        return scaler.transform(features.astype(float)), scaler

    def test_multinomial(self):
        """Weights, folds, held-out probabilities and scores are scikit-learn's."""
        arrays, metadata, report, table = self.train("--label", "view", "--l2", "3")
        x, scaler = self.standardised(self.cls)
        model = LogisticRegression(C=1 / 3, tol=1e-9, max_iter=5000, solver="newton-cg").fit(x, self.view)
        self.close(arrays["weight"], model.coef_ / scaler.scale_, 2e-5)
        # Only differences between classes count.
        bias = model.intercept_ - (model.coef_ * scaler.mean_ / scaler.scale_).sum(1)
        self.close(arrays["bias"] - arrays["bias"].mean(), bias - bias.mean(), 2e-4)
        self.assertEqual(json.loads(metadata["classes"]), VIEWS)
        self.assertEqual((metadata["features"], metadata["task"], metadata["model_sha256"]), ("cls", "classify", "00" * 32))

        folds = np.array([int(row["fold"]) for row in table])
        groups = np.array(["p%02d" % p for p in self.patient])
        for number, (_, test) in enumerate(StratifiedGroupKFold(5).split(self.cls, self.view, groups)):
            self.assertEqual(sorted(np.flatnonzero(folds == number)), sorted(test))
        held_out = np.zeros((N, 3))
        for fold in range(5):
            x, scaler = self.standardised(self.cls[folds != fold])
            model = LogisticRegression(C=1 / 3, tol=1e-9, max_iter=5000, solver="newton-cg").fit(x, self.view[folds != fold])
            held_out[folds == fold] = model.predict_proba(scaler.transform(self.cls[folds == fold].astype(float)))
        self.close(np.array([[float(row[name]) for name in VIEWS] for row in table]), held_out, 1e-5)
        for k, name in enumerate(VIEWS):
            self.assertAlmostEqual(self.score_of(report, "auroc", name=name)["value"], roc_auc_score(self.view == k, held_out[:, k]), 6)
            self.assertAlmostEqual(self.score_of(report, "auprc", name=name)["value"], average_precision_score(self.view == k, held_out[:, k]), 6)
        self.assertAlmostEqual(self.score_of(report, "log_loss")["value"], log_loss(self.view, held_out), 5)
        self.assertAlmostEqual(report["fits"][0]["strengths"][0]["loss"], log_loss(self.view, held_out), 5)
        self.assertAlmostEqual(self.score_of(report, "accuracy")["value"], (held_out.argmax(1) == self.view).mean(), 9)
        confusion = np.zeros((3, 3), int)
        np.add.at(confusion, (self.view, held_out.argmax(1)), 1)
        self.assertEqual(report["held_out"][0]["confusion"], confusion.tolist())

    def test_two_classes_and_weights(self):
        """Two classes are one logistic regression, as scikit-learn's; balanced, too."""
        self.table = self.write_table("two.csv", [self.row(i) for i in range(N) if self.view[i] != 1])
        known = self.view != 1
        x, scaler = self.standardised(self.cls[known])
        for weight in ("none", "balanced"):
            arrays, _, _, _ = self.train("--label", "view", "--l2", "0.5", "--class-weights", weight)
            model = LogisticRegression(C=2, tol=1e-9, max_iter=5000, solver="newton-cg", class_weight=None if weight == "none" else weight).fit(x, self.view[known])
            self.close(arrays["weight"][1] - arrays["weight"][0], model.coef_[0] / scaler.scale_, 1e-4)
            bias = model.intercept_[0] - (model.coef_[0] * scaler.mean_ / scaler.scale_).sum()
            self.close(arrays["bias"][1] - arrays["bias"][0], bias, 5e-4)

    def test_multilabel_with_holes(self):
        """A missing label is left out, and -1 is what --uncertain says."""
        both = np.concatenate([self.cls, self.mean], 1)
        for policy in ("ignore", "zero", "one"):
            arrays, metadata, report, table = self.train("--label", "Effusion", "--label", "Edema", "--features", "cls+mean", "--l2", "2", "--uncertain", policy)
            known = ~self.unknown & ~self.uncertain if policy == "ignore" else ~self.unknown
            labels = np.where(self.uncertain, {"ignore": 9, "zero": 0, "one": 1}[policy], self.finding)
            x, scaler = self.standardised(both[known])
            model = LogisticRegression(C=0.5, tol=1e-9, max_iter=5000, solver="newton-cg").fit(x, labels[known])
            self.close(arrays["weight"][0], model.coef_[0] / scaler.scale_, 2e-5)
            self.assertEqual(json.loads(metadata["classes"]), ["Effusion", "Edema"])
            self.assertEqual(report["held_out"][0]["pictures"], known.sum())
            self.assertEqual(report["held_out"][1]["pictures"], N)
            scores = np.array([float(row["Effusion"] or "nan") for row in table])
            self.assertTrue((np.isnan(scores) == ~known).all())
            score = self.score_of(report, "brier", "Effusion")["value"]
            self.assertAlmostEqual(score, brier_score_loss(labels[known], scores[known]), 9)
            x, scaler = self.standardised(both)
            model = LogisticRegression(C=0.5, tol=1e-9, max_iter=5000, solver="newton-cg").fit(x, 1 - self.finding)
            self.close(arrays["weight"][1], model.coef_[0] / scaler.scale_, 2e-5)

    def test_ridge(self):
        arrays, metadata, report, table = self.train("--label", "age", "--task", "regress", "--features", "cls+mean", "--l2", "0.7")
        both = np.concatenate([self.cls, self.mean], 1)
        x, scaler = self.standardised(both)
        model = Ridge(alpha=0.7).fit(x, self.age)
        self.close(arrays["weight"][0], model.coef_ / scaler.scale_, 1e-5)
        self.assertAlmostEqual(float(arrays["bias"][0]), model.intercept_ - (model.coef_ * scaler.mean_ / scaler.scale_).sum(), 3)
        self.assertEqual(metadata["task"], "regress")
        held_out = np.array([float(row["age"]) for row in table])
        self.assertAlmostEqual(self.score_of(report, "r2")["value"], r2_score(self.age, held_out), 9)
        self.assertGreater(r2_score(self.age, held_out), 0.8)

    def test_strength_is_chosen(self):
        """The strength with the least held-out loss, and the scores are that one's."""
        _, _, report, _ = self.train("--label", "view")
        fit = report["fits"][0]
        self.assertEqual([s["l2"] for s in fit["strengths"]], [1e4, 1e3, 1e2, 1e1, 1, 0.1, 0.01, 0.001, 0.0001])
        best = min(fit["strengths"], key=lambda s: s["loss"])
        self.assertEqual(fit["l2"], best["l2"])
        self.assertAlmostEqual(self.score_of(report, "log_loss")["value"], best["loss"], 9)
        for one in fit["strengths"][::4]:
            alone = self.train("--label", "view", "--l2", repr(one["l2"]))[2]["fits"][0]
            self.assertAlmostEqual(alone["strengths"][0]["loss"], one["loss"], delta=2e-3 * one["loss"])

    def test_threads(self):
        """Equal bytes for any number of threads, of heads and of scores with intervals."""
        seen = set()
        for threads in (1, 2, 5):
            self.train("--label", "view", "--threads", threads)
            with open(self.path("head.safetensors"), "rb") as file:
                head = file.read()
            test = self.good("probe", "test", self.embeddings, "--head", self.path("head.safetensors"), "--label", "view", "--table", self.table, "--group", "patient", "--bootstrap", "50", "--threads", threads)
            near = self.good("probe", "test", self.embeddings, "--knn", self.embeddings, "--label", "view", "--table", self.table, "--group", "patient", "--bootstrap", "50", "--threads", threads)
            seen.add((head, test.out, near.out))
        self.assertEqual(len(seen), 1)


class Testing(ProbeCase):
    def test_scores_of_a_head(self):
        """A head's scores are softmax of weight · features + bias; ties count half."""
        weight, bias = np.random.default_rng(1).normal(size=(3, D)) * 0.2, np.zeros(3)
        head = write_safetensors(self.path("h.safetensors"), {"weight": weight, "bias": bias}, {"classes": json.dumps(VIEWS), "features": "cls"})
        scores = self.path("s.tsv")
        report = self.good("probe", "test", self.embeddings, "--head", head, "--label", "view", "--table", self.table, "--scores", scores, "--json").json()
        logits = self.cls.astype(float) @ weight.astype(np.float32).T
        expected = np.exp(logits - logits.max(1, keepdims=True))
        expected /= expected.sum(1, keepdims=True)
        with open(scores) as file:
            table = read_table(file.read())
        self.close(np.array([[float(row[name]) for name in VIEWS] for row in table]), expected, 1e-9)
        self.assertAlmostEqual(self.score_of(report, "auroc", name="pa", key="results")["value"], roc_auc_score(self.view == 2, expected[:, 2]), 9)
        flat = write_safetensors(self.path("flat.safetensors"), {"weight": np.round(weight[:1]), "bias": bias[:1]}, {"classes": "Edema"})
        report = self.good("probe", "test", self.embeddings, "--head", flat, "--table", self.table, "--json").json()
        self.assertEqual(self.score_of(report, "auroc", key="results")["value"], 0.5)
        self.assertAlmostEqual(self.score_of(report, "auprc", key="results")["value"], (self.finding == 0).mean(), 9)

    def test_bootstrap_by_group(self):
        """Intervals are those of drawing patients, not pictures."""
        head = write_safetensors(self.path("h.safetensors"), {"weight": -np.eye(1, D, 6), "bias": np.ones(1) * 3}, {"classes": "Edema", "features": "cls"})
        grouped = self.good("probe", "test", self.embeddings, "--head", head, "--table", self.table, "--group", "patient", "--bootstrap", "4000", "--json").json()
        score = self.score_of(grouped, "auroc", key="results")
        random = np.random.default_rng(5)
        members = [np.flatnonzero(self.patient == p) for p in np.unique(self.patient)]
        draws = []
        for _ in range(4000):
            rows = np.concatenate([members[g] for g in random.integers(0, len(members), len(members))])
            draws.append(roc_auc_score(1 - self.finding[rows], -self.cls[rows, 6]))
        low, high = np.percentile(draws, [2.5, 97.5])
        self.assertAlmostEqual(score["low"], low, delta=0.012)
        self.assertAlmostEqual(score["high"], high, delta=0.012)
        self.assertEqual(score["draws"], 4000)
        other = self.good("probe", "test", self.embeddings, "--head", head, "--table", self.table, "--group", "patient", "--bootstrap", "4000", "--seed", "1", "--json").json()
        self.assertNotEqual(self.score_of(other, "auroc", key="results")["low"], score["low"])

    def test_neighbours(self):
        """DINOv2's k-NN by numpy, without pictures of the same patient."""
        report = self.good("probe", "test", self.embeddings, "--knn", self.embeddings, "--label", "view", "--table", self.table, "--group", "patient", "--bootstrap", "0", "--json").json()
        x = self.cls / np.linalg.norm(self.cls, axis=1, keepdims=True)
        cosine = x @ x.T
        cosine[self.patient[:, None] == self.patient[None, :]] = -np.inf
        order = np.argsort(-cosine, axis=1, kind="stable")
        for result, k in zip(report["results"], (10, 20, 100, 200)):
            self.assertEqual(result["k"], k)
            expected = np.zeros((N, 3))
            for i in range(N):
                near = order[i, : min(k, np.isfinite(cosine[i]).sum())]
                weights = np.exp(cosine[i, near].astype(float) / 0.07)
                np.add.at(expected[i], self.view[near], weights / weights.sum())
            self.assertAlmostEqual(self.score_of({"r": [result]}, "auroc", name="ap", key="r")["value"], roc_auc_score(self.view == 0, expected[:, 0]), 5)
            self.assertAlmostEqual(self.score_of({"r": [result]}, "accuracy", key="r")["value"], (expected.argmax(1) == self.view).mean(), 9)

    def test_neighbours_of_another_folder(self):
        """Labels of both are in one table; a patient of both folders is no neighbour of his own."""
        half = N // 2
        one = write_embeddings(self.path("one"), self.cls[:half], names=self.names[:half])
        other = write_embeddings(self.path("other"), self.cls[half:], names=self.names[half:])
        report = self.good("probe", "test", one, "--knn", other, "--label", "view", "--table", self.table, "--group", "patient", "--bootstrap", "0", "--json").json()
        x = self.cls / np.linalg.norm(self.cls, axis=1, keepdims=True)
        cosine = x[:half] @ x[half:].T
        cosine[self.patient[:half, None] == self.patient[None, half:]] = -np.inf
        order = np.argsort(-cosine, axis=1, kind="stable")[:, :10]
        votes = np.zeros((half, 3))
        for i in range(half):
            np.add.at(votes[i], self.view[half:][order[i]], np.exp(cosine[i, order[i]].astype(float) / 0.07))
        self.assertAlmostEqual(self.score_of({"r": report["results"][:1]}, "accuracy", key="r")["value"], (votes.argmax(1) == self.view[:half]).mean(), 9)
        write_embeddings(self.path("other"), self.cls[half:], names=self.names[half:], sha256="11" * 32)
        self.bad(3, "probe", "test", one, "--knn", other, "--label", "view", "--table", self.table, says="other")

    def test_training_list(self):
        """Pictures that the encoder was trained on are told by name, whatever folder and ending the list gives them."""
        training = self.path("training_images.csv")
        with open(training, "w") as file:
            file.write("dataset,path\nnih,images/film-0003.jpg\nnih,b/film-0009.png\nnih,11.png\n")
        head = write_safetensors(self.path("h.safetensors"), {"weight": np.eye(1, D), "bias": np.zeros(1)}, {"classes": "Edema", "features": "cls"})
        result = self.good("probe", "test", self.embeddings, "--head", head, "--table", self.table, "--training-list", training, "--json")
        self.assertEqual(result.json()["trained_on"], ["a/film-0003.png", "a/film-0009.png"])
        self.assertIn("2 of 150", result.err)
        with open(training, "w") as file:
            file.write("film-0007.dcm\n")
        self.assertEqual(self.good("probe", "apply", self.embeddings, "--head", head, "--training-list", training, "--json").json()["trained_on"], ["a/film-0007.png"])

    def test_chart(self):
        for name, magic in (("c.png", b"\x89PNG"), ("c.svg", b"<?xml")):
            both = []
            for _ in range(2):
                self.train("--label", "view", "--chart", self.path(name))
                with open(self.path(name), "rb") as file:
                    both.append(file.read())
            self.assertTrue(both[0].startswith(magic))
            self.assertEqual(*both)
        with open(self.path("c.svg"), encoding="utf-8") as file:
            self.assertIn("False positive rate", file.read())


class Heads(ProbeCase):
    """Heads of others."""

    def apply(self, head, *options):
        text = self.good("probe", "apply", self.embeddings, "--head", head, *options).text
        return read_table(text)

    def test_pytorch(self):
        """nn.Linear, with and without a prefix and a bias; features told from the width."""
        random = np.random.default_rng(3)
        weight, bias = random.normal(size=(2, 2 * D)).astype(np.float32), random.normal(size=2).astype(np.float32)
        both = np.concatenate([self.cls, self.mean], 1).astype(float)
        expected = 1 / (1 + np.exp(-(both @ (weight[1].astype(float) - weight[0]) + bias[1] - bias[0])))
        for prefix in ("", "linear.", "module.deep.head."):
            head = write_safetensors(self.path("p.safetensors"), {prefix + "weight": weight, prefix + "bias": bias})
            rows = self.apply(head)
            self.assertEqual(list(rows[0]), ["name", "class 0", "class 1"])
            self.close(np.array([float(row["class 1"]) for row in rows]), expected, 1e-6)
        head = write_safetensors(self.path("n.safetensors"), {"weight": weight[:, :D]})
        mean = self.apply(head, "--features", "mean", "--task", "regress")
        self.close(np.array([float(row["class 0"]) for row in mean]), self.mean.astype(float) @ weight[0, :D].astype(float), 1e-5)

    def test_transformers_checkpoint(self):
        """Dinov2ForImageClassification: classifier on CLS and mean patch, names from config.json."""
        folder = self.path("checkpoint")
        os.mkdir(folder)
        weight, bias = np.random.default_rng(4).normal(size=(3, 2 * D)), np.zeros(3)
        write_safetensors(os.path.join(folder, "model.safetensors"), {"dinov2.encoder.layer.0.mlp.fc1.weight": np.zeros((4, 4)), "dinov2.layernorm.weight": np.zeros(4), "classifier.weight": weight, "classifier.bias": bias})
        with open(os.path.join(folder, "config.json"), "w") as file:
            json.dump({"id2label": {"0": "none", "1": "left", "2": "right"}, "problem_type": "multi_label_classification"}, file)
        rows = self.apply(folder)
        both = np.concatenate([self.cls, self.mean], 1).astype(float)
        self.close(np.array([float(row["right"]) for row in rows]), 1 / (1 + np.exp(-both @ weight[2].astype(np.float32))), 1e-6)

    def test_damaged(self):
        good = {"weight": np.zeros((2, D)), "bias": np.zeros(2)}
        nan = {"weight": np.full((2, D), np.nan), "bias": np.zeros(2)}
        for arrays, metadata, word in (
            ({"other": np.zeros((2, D))}, None, "weight"),
            ({"weight": np.zeros(D)}, None, "weight"),
            ({"a.weight": np.zeros((2, D)), "b.weight": np.zeros((2, D))}, None, "several"),
            ({"weight": np.zeros((2, D)), "bias": np.zeros(3)}, None, "bias"),
            (nan, None, "finite"),
            (good, {"classes": "a\nb\nc"}, "3 classes"),
            (good, {"classes": "[1, 2]"}, "no text"),
            (good, {"classes": "[\"a\""}, "h.safetensors"),
            (good, {"features": "eyes"}, "eyes"),
            (good, {"task": "guess"}, "guess"),
            (good, {"block": "-1"}, "block"),
            (good, {"model_sha256": "ab" * 32}, "another encoder"),
            ({"weight": np.zeros((2, D + 1))}, None, "25 weights"),
            (good, {"features": "cls+mean"}, "cls+mean"),
        ):
            with self.subTest(word):
                head = write_safetensors(self.path("h.safetensors"), arrays, metadata)
                self.bad(3, "probe", "apply", self.embeddings, "--head", head, says=word)
        whole = open(write_safetensors(self.path("h.safetensors"), good), "rb").read()
        for length in (0, 7, 60, len(whole) - 1):
            with open(self.path("cut.safetensors"), "wb") as file:
                file.write(whole[:length])
            self.bad(3, "probe", "apply", self.embeddings, "--head", self.path("cut.safetensors"), says="cut.safetensors")
        self.bad(3, "probe", "apply", self.embeddings, "--head", self.path("absent"), says="absent")

    def test_pictures(self):
        """Of pictures the same as of their features."""
        films = [write_png(self.path("f%d.png" % i), formula(70 + 10 * i, 80)) for i in range(3)]
        npy, head = self.path("t.npy"), self.path("h.safetensors")
        self.good("features", films[0], "--model", TINY, "-o", npy)
        tokens = np.load(npy).astype(float)
        width = tokens.shape[1]
        weight = np.random.default_rng(8).normal(size=(1, 2 * width)).astype(np.float32)
        write_safetensors(head, {"weight": weight, "bias": np.zeros(1)}, {"classes": "thing", "features": "cls+mean", "task": "regress"})
        rows = read_table(self.good("probe", "apply", "--model", TINY, *films, "--head", head).text)
        self.assertEqual([row["name"] for row in rows], films)
        expected = tokens[0] @ weight[0, :width] + tokens[1:].mean(0) @ weight[0, width:]
        self.assertAlmostEqual(float(rows[0]["thing"]), expected, 4)
        self.bad(1, "probe", "apply", "--model", TINY, films[0], self.path("absent.png"), "--head", head, says="absent.png")

    def test_names_of_other_bytes(self):
        """What is no UTF-8 in a path does not make it fall out of the report."""
        folder = os.fsdecode(self.path("f").encode() + b"\xff")
        os.mkdir(folder)
        film = write_png(os.path.join(folder, "film-0007.png"), formula(70, 80))
        with open(self.path("list.csv"), "w") as file:
            file.write("film-0007.png\n")
        self.good("features", film, "--model", TINY, "-o", self.path("t.npy"))
        width = np.load(self.path("t.npy")).shape[1]
        head = write_safetensors(self.path("h.safetensors"), {"weight": np.eye(1, width), "bias": np.zeros(1)}, {"classes": "thing", "features": "cls", "task": "regress"})
        result = self.good("probe", "apply", film, "--model", TINY, "--head", head, "--training-list", self.path("list.csv"), "--json").json()
        self.assertEqual([len(result[key]) for key in ("pictures", "trained_on")], [1, 1])

    def test_prepared_otherwise(self):
        """A head tells how its pictures were prepared, and others are warned of."""
        films = [write_png(self.path("f%d.png" % i), formula(70 + i, 80)) for i in range(6)]
        self.good("embed", *films, "-o", self.path("e"), "--model", TINY)
        table = self.write_table("t.csv", [[os.path.basename(film), "ap" if i % 2 else "pa"] for i, film in enumerate(films)], "file,view")
        head = self.path("h.safetensors")
        self.good("probe", "train", self.path("e"), "--table", table, "--label", "view", "--folds", "2", "--l2", "1", "-o", head)
        rows = {os.path.basename(row["name"]): row for row in read_table(self.good("probe", "apply", self.path("e"), "--head", head).text)}
        result = self.good("probe", "apply", films[0], "--model", TINY, "--head", head)
        self.assertAlmostEqual(float(read_table(result.text)[0]["pa"]), float(rows["f0.png"]["pa"]), 12)
        self.assertNotIn("otherwise", result.err)
        self.assertIn("otherwise", self.good("probe", "apply", films[0], "--model", TINY, "--head", head, "--fit", "pad").err)


class Tables(ProbeCase):
    def refused(self, code, *options, says):
        self.bad(code, "probe", "train", self.embeddings, "-o", self.path("h.safetensors"), *options, says=says)
        self.assertFalse(os.path.exists(self.path("h.safetensors")))

    def test_unmatched_are_named(self):
        rows = [self.row(i) for i in range(N - 2)] + [["nobody.png", "p1", "ap", 1, 1, 1]]
        self.table = self.write_table("some.csv", rows)
        _, _, report, table = self.train("--label", "view", "--l2", "1")
        self.assertEqual(report["table"]["unmatched_pictures"], self.names[-2:])
        self.assertEqual(report["table"]["unmatched_rows"], ["nobody.png"])
        self.assertEqual(len(table), N - 2)

    def test_names(self):
        """Whole names, base names, names without endings; TSV, another column."""
        results = []
        for write in (lambda n: n, os.path.basename, lambda n: os.path.splitext(os.path.basename(n))[0]):
            path = self.path("t.tsv")
            with open(path, "w") as file:
                file.write("Image Index\tview\tpatient\n" + "".join("%s\t%s\t%s\n" % (write(self.names[i]), VIEWS[self.view[i]], "p%02d" % self.patient[i]) for i in range(N)))
            self.table = path
            results.append(self.train("--label", "view", "--key", "Image Index", "--l2", "1")[0]["weight"].tobytes())
        self.assertEqual(len(set(results)), 1)

    def test_folders(self):
        """As CheXpert's: every picture of a study has the same name, and the table's paths begin elsewhere."""
        names = ["train/patient%02d/study%d/view1_frontal.jpg" % (self.patient[i], i) for i in range(N)]
        self.embeddings = write_embeddings(self.path("chexpert"), self.cls, self.mean, names=names)
        results = []
        for write in (lambda n: "CheXpert-v1.0/" + n, lambda n: n, lambda n: n.split("/", 1)[1]):
            rows = [[write(names[i]), "p%02d" % self.patient[i], VIEWS[self.view[i]]] for i in range(N)]
            self.table = self.write_table("paths.csv", rows, "Path,patient,view")
            arrays, _, report, _ = self.train("--label", "view", "--key", "Path", "--l2", "1")
            self.assertEqual(report["table"]["unmatched_rows"], [])
            results.append(arrays["weight"].tobytes())
        self.assertEqual(len(set(results)), 1)
        # A path that two lines end with is nobody's.
        rows = [["a/" + names[0], "p0", "ap"], ["b/" + names[0], "p0", "pa"]] + rows[1:]
        self.table = self.write_table("paths.csv", rows, "Path,patient,view")
        report = self.train("--label", "view", "--key", "Path", "--l2", "1")[2]
        self.assertEqual(report["table"]["unmatched_pictures"], names[:1])

    def test_refused(self):
        table = ("--table", self.table)
        self.refused(2, "--label", "view", says="--table")
        self.refused(2, *table, says="--label")
        self.refused(1, *table, "--label", "nothing", says="nothing")
        self.refused(1, *table, "--label", "view", "--group", "nothing", says="nothing")
        self.refused(1, *table, "--label", "view", "--key", "nothing", says="nothing")
        self.refused(2, *table, "--label", "view", "--label", "age", says="--task")
        self.refused(2, *table, "--label", "age", says="--task")
        self.refused(1, *table, "--label", "view", "--task", "multilabel", says="line 2")
        self.refused(1, *table, "--label", "view", "--task", "regress", says="view")
        self.refused(2, *table, "--label", "view", "--l2", "0", says="--l2")
        self.refused(2, *table, "--label", "view", "--l2", "1,x", says="--l2")
        self.refused(2, *table, "--label", "view", "--folds", "1", says="--folds")
        self.refused(1, *table, "--label", "view", "--features", "last4-cls", says="last4.npy")
        self.refused(2, *table, "--label", "view", "--head", "x", says="--head")
        self.refused(2, *table, "--label", "view", "--chart", self.path("c.txt"), says="c.txt")
        twice = self.write_table("twice.csv", [self.row(0), self.row(0)])
        self.refused(1, "--table", twice, "--label", "view", says="another line")
        one = self.write_table("one.csv", [self.row(i) for i in range(N) if self.view[i] == 1])
        self.refused(1, "--table", one, "--label", "view", says="two classes")
        lone = self.write_table("lone.csv", [["film-%04d.png" % i, i, "ap" if i else "pa"] for i in range(20)], "file,patient,view")
        self.refused(1, "--table", lone, "--label", "view", says="two")
        nobody = self.write_table("nobody.csv", [["x.png", 1, "ap"]], "file,patient,view")
        self.refused(1, "--table", nobody, "--label", "view", says="nothing in common")
        self.refused(1, "--table", self.path("absent.csv"), "--label", "view", says="absent.csv")
        missing = self.write_table("missing.csv", [["film-%04d.png" % i, "", "ap" if i % 2 else "pa"] for i in range(20)], "file,patient,view")
        self.refused(1, "--table", missing, "--label", "view", "--group", "patient", says="group is missing")
        self.bad(1, "probe", "train", self.path("absent"), *table, "--label", "view", "-o", self.path("h.safetensors"), says="absent")
        self.bad(4, "probe", "train", self.embeddings, *table, "--label", "view", "-o", self.path("no/h.safetensors"), says="no/h")
        self.bad(2, "probe", says="train")
        self.bad(2, "probe", "guess", says="guess")
        self.bad(2, "probe", "test", self.embeddings, *table, says="--knn")
        self.bad(2, "probe", "apply", self.embeddings, says="--head")
        self.bad(2, "probe", "apply", self.embeddings, "--head", "x", "--label", "view", says="--label")

    def test_ambiguous_names(self):
        """A base name that two pictures have stands for neither."""
        self.embeddings = write_embeddings(self.path("two"), self.cls[:4], names=["a/x.png", "b/x.png", "a/y.png", "a/z.png"])
        table = self.write_table("x.csv", [["x.png", "ap"], ["y.png", "pa"]], "file,view")
        self.refused(1, "--table", table, "--label", "view", says="two pictures")

    def test_not_finite(self):
        self.cls[3, 2] = np.inf
        self.embeddings = write_embeddings(self.path("inf"), self.cls, self.mean, names=self.names)
        self.refused(1, "--table", self.table, "--label", "view", says="film-0003.png")

    def test_fewer_folds(self):
        """As many folds as patients of the rarest class, and it is said."""
        rows = [["film-%04d.png" % i, "p%d" % (i // 10), "pa" if i < 30 else "ap"] for i in range(N)]
        self.table = self.write_table("rare.csv", rows, "file,patient,view")
        result = self.good("probe", "train", self.embeddings, "--table", self.table, "--label", "view", "--group", "patient", "-o", self.path("h.safetensors"), "--json")
        self.assertEqual(result.json()["fits"][0]["folds"], 3)
        self.assertIn("3 folds instead of 5", result.err)

    def test_last4(self):
        """Features of four blocks, when the folder has them."""
        np.save(os.path.join(self.embeddings, "last4.npy"), np.concatenate([self.cls, self.mean, self.cls, self.mean], 1).astype(np.float32))
        arrays, metadata, _, _ = self.train("--label", "view", "--features", "last4-cls", "--l2", "1")
        self.assertEqual(arrays["weight"].shape, (3, 4 * D))
        self.assertEqual(metadata["features"], "last4-cls")
        np.save(os.path.join(self.embeddings, "last4.npy"), self.cls)
        self.refused(1, "--table", self.table, "--label", "view", "--features", "last4-cls", says="last4.npy")


if __name__ == "__main__":
    main()
