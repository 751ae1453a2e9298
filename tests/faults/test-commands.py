#!/usr/bin/env python3
"""Each command without memory: test-commands.py CLI [--every] [NAME…]
CLI is dinoscope-cli-faults. An allocation of ours (dino_alloc(), Jansson's)
fails once, then from there on; the command has to end with one of its exit
codes and one message that says what there was no memory for, and to leave
nothing half-done. A sample of the allocations, with --every all of them."""
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

import support  # noqa: E402
from embeddings import write_embeddings  # noqa: E402
from support import EXAMPLES, GOLDEN, TINY, TestCase, formula, run, write_png  # noqa: E402
from sweep import FOR_GOOD, JSON, JSON_READ, ONCE, OWN, Sweep  # noqa: E402

EVERY = "--every" in sys.argv[2:]
ONLY = [word for word in sys.argv[2:] if not word.startswith("-")]
# One for all commands: what one makes the next one takes.
ROOT = tempfile.TemporaryDirectory(prefix="dinoscope-commands-")
OUT = os.path.join(ROOT.name, "out")
ENVIRONMENT = {"XDG_CACHE_HOME": os.path.join(ROOT.name, "cache"), "OPENBLAS_NUM_THREADS": "1"}
# How many allocations are tried with --every and without (None: all). What is
# parsed is the same code for all files, of which tests/io/test-memory.c tries every one.
SWEEPS = ((OWN, ONCE, None, 3), (OWN, FOR_GOOD, None, 1), (JSON, ONCE, None, 1), (JSON, FOR_GOOD, 25, 0), (JSON_READ, ONCE, 15, 0), (JSON_READ, FOR_GOOD, 15, 0))


def write_mask(path, values):
    return write_png(path, values.astype(np.uint8))


class Commands(TestCase):
    @staticmethod
    def at(name):
        return os.path.join(ROOT.name, name)

    def setUp(self):
        if ONLY and self.id().rsplit("test_", 1)[1].replace("_", "-") not in ONLY:
            self.skipTest("not asked for")

    def fresh(self, *arguments):
        result = run(*arguments)
        self.assertEqual(result.code, 0, result.err)

    def film(self, name="film.png", width=60, height=48):
        path = Path(self.at(name))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_png(path, formula(width, height))
        return str(path)

    def films(self):
        for i in range(4):
            self.film("films/film-%d.png" % i, 40 + 2 * i, 44)
        return self.at("films")

    def masks(self):
        os.makedirs(self.at("masks"), exist_ok=True)
        for i in range(4):
            values = np.zeros((44, 40 + 2 * i))
            values[10:30, 5:25] = 1
            write_mask(self.at("masks/film-%d.png" % i), values)
        return self.at("masks")

    def embeddings(self):
        folder = self.at("embeddings")
        if not os.path.isdir(folder):
            random = np.random.default_rng(3)
            n, views = 40, ["ap", "pa"]
            cls = random.normal(size=(n, 12)).astype(np.float32)
            self.names = ["film-%02d.png" % i for i in range(n)]
            write_embeddings(folder, cls, names=self.names, views=[views[i % 2] for i in range(n)])
            rows = ["file,patient,view,age"] + ["film-%02d.png,p%d,%s,%.2f" % (i, i // 2, views[int(cls[i, 0] > 0)], 50 + cls[i, 1]) for i in range(n)]
            Path(self.at("labels.csv")).write_text("\n".join(rows) + "\n")
        return folder

    def embedded(self, name="embedded", *options):
        if not os.path.isdir(self.at(name)):
            self.fresh("embed", self.films(), "-o", self.at(name), "--model", TINY, *options)
        return self.at(name)

    def index(self, name="index", *options):
        if not os.path.isdir(self.at(name)):
            self.fresh("index", self.embedded("embedded-patches", "--patches"), "-o", self.at(name), *options)
        return self.at(name)

    def sweep(self, name, *arguments, subjects=(), model=TINY, **how):
        words = [str(word) for word in arguments]
        if model:
            words += ["--model", model, "--threads", "1"]
        named = [os.path.basename(word.rstrip("/")) for word in words if "/" in word]
        # A sidecar beside its picture; what 8 bits are measured on.
        subjects = [*named, *(os.path.splitext(name)[0] + ".json" for name in named), "chest-", "tiny-1", "cluster.json", "compare.json", "standard output", "film-", words[0] + ": ", *subjects]
        sweep = Sweep(words, OUT, subjects, ENVIRONMENT, **how)
        counts = {}
        for domain, mode, every, few in SWEEPS:
            if EVERY or few > 0:
                counts[domain, mode] = sweep.run(domain, mode, every if EVERY else few)
        sweep.close()
        there = ", ".join("%d %s" % (counts[domain, ONCE][0], word) for domain, word in ((OWN, "of dino_alloc()"), (JSON, "of JSON made"), (JSON_READ, "of JSON parsed")) if (domain, ONCE) in counts)
        print("# %s: allocations %s; %d failed" % (name, there, sum(tried for _, tried in counts.values())), flush=True)
        self.assertEqual(sweep.complaints, [], "\n%d complaints\n%s" % (len(sweep.complaints), "\n".join(sweep.complaints)))

    def to(self, name):
        return os.path.join(OUT, name)


def add(name, make):
    def test(self):
        options = {}
        words = make(self)
        if isinstance(words[-1], dict):
            words, options = words[:-1], words[-1]
        self.sweep(name, *words, **options)

    setattr(Commands, "test_" + name.replace("-", "_"), test)


MAPS = {
    "cls-attention": [],
    "pca": [],
    "rollout": [],
    "patch-attention": [],
    "similarity": [],
    "norm": [],
    "parts": [],
    "head-entropy": [],
}

add("info", lambda t: ["info"])
add("info-json", lambda t: ["info", "--json"])
add("info-picture", lambda t: ["info", t.film(), GOLDEN / "modes/rgb-420.jpg", "--json", {"several": True}])
add("features", lambda t: ["features", t.film(), "-o", t.to("a.npy")])
add("features-jpeg", lambda t: ["features", GOLDEN / "modes/cmyk.jpg", "-o", t.to("a.npy"), "--pixel-values", t.to("pixels.npy"), "--facet", "k", "--block", "1"])
add("features-bf16", lambda t: ["features", t.film(), "-o", t.to("a.npy"), "--precision", "bf16", "--json"])
add("features-int8", lambda t: ["features", t.film(), "-o", t.to("a.npy"), "--precision", "int8"])
add("features-all", lambda t: ["features", t.film(), "-o", t.to("a.safetensors"), "--hidden", "--attention", "0", "--json"])
for overlay, words in MAPS.items():
    add("map-" + overlay, lambda t, overlay=overlay, words=words: ["map", t.film(), "--overlay", overlay, "-o", t.to("a.png"), *words])
add("map-difference", lambda t: ["map", t.film(), "--overlay", "difference", "--set", "against=reference", "--reference", t.film("other.png", 50, 50), "-o", t.to("a.png")])
add("map-svg", lambda t: ["map", t.film(), "--overlay", "norm", "-o", t.to("a.svg"), "--bar", "--contours", "3", "--smooth", "guided"])
add("map-pdf", lambda t: ["map", t.film(), "--overlay", "norm", "-o", t.to("a.pdf"), "--bar"])
add("map-csv", lambda t: ["map", t.film(), "--overlay", "norm", "-o", t.to("a.csv"), "--npy", t.to("a.npy")])
add("map-dicom", lambda t: ["map", t.film(), "--overlay", "norm", "-o", t.to("a.dcm"), "--secondary-capture", {"varies": True}])
add("map-list", lambda t: ["map", "--list", "--json"])


def map_region(t):
    Path(t.at("boxes.csv")).write_text("label,x,y,width,height\nheart,5,5,20,20\n")
    return ["map", t.film(), "--overlay", "norm", "-o", t.to("a.png"), "--region", t.at("boxes.csv")]


def map_mask(t):
    write_mask(t.at("mask.png"), np.ones((48, 60)))
    return ["map", t.film(), "--overlay", "norm", "-o", t.to("a.png"), "--region", t.at("mask.png")]


def map_from(t):
    if not os.path.exists(t.at("sidecar.png")):
        t.fresh("map", t.film(), "--overlay", "pca", "-o", t.at("sidecar.png"), "--model", TINY)
    return ["map", t.film(), "--from", t.at("sidecar.json"), "-o", t.to("a.png")]


def map_basis(t):
    films = t.films()
    return ["map", films + "/film-0.png", films + "/film-1.png", "--overlay", "pca", "--save-basis", t.to("basis.safetensors"), "-o", t.to(""), {"several": True}]


add("map-region", map_region)
add("map-mask", map_mask)
add("map-from", map_from)
add("map-save-basis", map_basis)
add("bench", lambda t: ["bench", t.film(), "--runs", "1", "-o", t.to("a.npy"), "--json", {"varies": True}])
add("model-list", lambda t: ["model", "list", "--json", {"tells": True}])
add("model-verify", lambda t: ["model", "verify", TINY, "--json", {"code": 3, "tells": True}])
add("model-calibrate", lambda t: ["model", "calibrate", t.film(), "-o", t.to("a.safetensors")])
add("embed", lambda t: ["embed", t.films(), "-o", t.to("e"), {"several": True, "resumes": True}])
add("embed-patches", lambda t: ["embed", t.films(), "-o", t.to("e"), "--patches", "--dtype", "f16", "--json", {"several": True, "resumes": True}])
add("index", lambda t: ["index", t.embeddings(), "-o", t.to("i"), {"model": None}])
add("index-int8", lambda t: ["index", t.embeddings(), "-o", t.to("i"), "--dtype", "int8", "--table", t.at("labels.csv"), {"model": None}])
add("neighbors-row", lambda t: ["neighbors", t.index(), "--query", "0", {"model": None}])
add("neighbors-json", lambda t: ["neighbors", t.index(), "--query", "0", "--json", {"model": None}])
add("neighbors-picture", lambda t: ["neighbors", t.index(), "--query", t.films() + "/film-1.png"])
add("cluster-tsne", lambda t: ["cluster", t.embeddings(), "-k", "3", "--map", "tsne", "--perplexity", "5", "-o", t.to("c"), {"model": None}])
add("cluster-pca", lambda t: ["cluster", t.embeddings(), "-k", "2", "--map", "pca", "--normalize", "--duplicates", "0.5", "--color-by", "view", "--format", "svg", "--json", "-o", t.to("c"), {"model": None}])
add("compare", lambda t: ["compare", t.films(), "-k", "2", "-o", t.to("c"), {"several": True}])
add("probe-train", lambda t: ["probe", "train", t.embeddings(), "--table", t.at("labels.csv"), "--label", "view", "--group", "patient", "--folds", "3", "--bootstrap", "20", "-o", t.to("h.safetensors"), "--scores", t.to("s.tsv"), "--chart", t.to("c.svg"), {"model": None}])
add("probe-regress", lambda t: ["probe", "train", t.embeddings(), "--table", t.at("labels.csv"), "--label", "age", "--task", "regress", "--folds", "2", "--bootstrap", "0", "-o", t.to("h.safetensors"), "--json", {"model": None}])


def head(t):
    if not os.path.exists(t.at("head.safetensors")):
        t.fresh("probe", "train", t.embeddings(), "--table", t.at("labels.csv"), "--label", "view", "--folds", "2", "--bootstrap", "0", "-o", t.at("head.safetensors"))
    return t.at("head.safetensors")


add("probe-test", lambda t: ["probe", "test", t.embeddings(), "--table", t.at("labels.csv"), "--label", "view", "--head", head(t), "--bootstrap", "20", "--json", {"model": None}])
add("probe-knn", lambda t: ["probe", "test", t.embeddings(), "--table", t.at("labels.csv"), "--label", "view", "--knn", t.embeddings(), "--bootstrap", "0", {"model": None}])
add("probe-apply", lambda t: ["probe", "apply", t.embeddings(), "--head", head(t), "-o", t.to("s.tsv"), {"model": None}])
add("segment-train", lambda t: ["segment", "train", *(t.films() + "/film-%d.png" % i for i in range(4)), "--masks", t.masks(), "-o", t.to("h.safetensors"), {"several": True}])


def decoder(t):
    if not os.path.exists(t.at("decoder.safetensors")):
        t.fresh("segment", "train", *(t.films() + "/film-%d.png" % i for i in range(4)), "--masks", t.masks(), "-o", t.at("decoder.safetensors"), "--model", TINY)
    return t.at("decoder.safetensors")


add("segment-test", lambda t: ["segment", "test", t.films() + "/film-0.png", "--masks", t.masks(), "--head", decoder(t), "--json"])
add("segment-apply", lambda t: ["segment", "apply", t.films() + "/film-0.png", "--head", decoder(t), "-o", t.to("a.png")])


def merge(t):
    for i in range(2):
        t.embedded("part-%d" % i, "--shard", "%d/2" % i)
    return ["merge", t.at("part-0"), t.at("part-1"), "-o", t.to("m"), {"model": None, "several": True}]


add("merge", merge)

if __name__ == "__main__":
    os.environ.update(ENVIRONMENT)
    support.main()
