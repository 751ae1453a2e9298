#!/usr/bin/env python3
"""How far the precisions of dinoscope-cli are from float32, over radiographs.

    accuracy.py --cli PATH                       demonstration encoder, base and base-outlier of make_checkpoint.py
    accuracy.py --cli PATH --model DIR           RAD-DINO's own weights as well; may be given several times
    accuracy.py --cli PATH --check               exit 1 when a stated limit fails

Every picture goes through "dinoscope-cli features" in each precision; compared is last_hidden_state with that of --precision fp32
of the same program on the best instruction set and, with --torch, with transformers in float32 on the same pixel values. Over all
pictures:

    CLS              cosine of the CLS token: worst, 1st percentile, median
    patches          cosine of each patch token
    centred patches  the same with the picture's mean patch (of the reference) subtracted from both: patches share a large mean,
                     which flatters the plain cosine
    PCA picture      three components fitted on the reference's patches of the picture (full SVD), both projected and scaled to
                     0...255 by the reference's range: mean absolute difference, and the largest
    neighbours       share of the 10 nearest neighbours by cosine that stay the same: of patches among the patches of all pictures,
                     and of CLS among CLS where there are more than 10 pictures

A precision that the program or the processor lacks (exit 3) is "not available". numpy is needed; --torch needs torch and transformers.
"""
import argparse
import datetime
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
NEIGHBOURS = 10
UNAVAILABLE = 3  # exit code of dinoscope-cli

# What --check demands, by model and precision: (what, limit).
LIMITS = {
    ("base", "bf16"): {"cls.worst": 0.9999, "patch.worst": 0.9998, "centred.median": 0.9995},
    ("base-outlier", "bf16"): {"patch.worst": 0.9997},
    ("base", "int8"): {"cls.worst": 0.9995, "patch.worst": 0.999, "centred.median": 0.997},
    ("base-outlier", "int8"): {"cls.worst": 0.9995, "patch.worst": 0.999, "centred.median": 0.99},
}


class Unavailable(Exception):
    """The program has no such precision, or the processor not what it needs."""


# Metrics


def cosines(a, b):
    """Of rows [n, D] -> [n], in double."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return (a * b).sum(1) / np.maximum(lengths, 1e-300)


def spread(values):
    values = np.asarray(values)
    return {"worst": float(values.min()), "p1": float(np.percentile(values, 1)), "median": float(np.median(values))}


def pca_basis(patches):
    """Mean [D] and the three directions of largest variance [3, D]."""
    patches = np.asarray(patches, np.float64)
    mean = patches.mean(0)
    return mean, np.linalg.svd(patches - mean, full_matrices=False)[2][:3]


def pca_difference(patches, reference, basis):
    """Of the two PCA pictures [N, 3], in grey levels of 0...255."""
    mean, components = basis
    ours, theirs = ((np.asarray(p, np.float64) - mean) @ components.T for p in (patches, reference))
    low, high = theirs.min(0), theirs.max(0)
    scale = 255.0 / np.maximum(high - low, 1e-300)
    ours, theirs = (np.rint(np.clip((p - low) * scale, 0, 255)) for p in (ours, theirs))
    return np.abs(ours - theirs)


def nearest(vectors, queries, count):
    """Indices [len (queries), count] of the rows most like each query's by cosine, itself excluded."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30)
    found = np.empty((len(queries), count), np.int64)
    for start in range(0, len(queries), 256):
        some = queries[start : start + 256]
        similar = unit[some] @ unit.T
        similar[np.arange(len(some)), some] = -np.inf
        found[start : start + 256] = np.argpartition(similar, -count, axis=1)[:, -count:]
    return found


def overlap(a, b):
    """Mean share of equal members of two sets of neighbours [n, k]."""
    return float(np.mean([len(np.intersect1d(x, y)) / len(x) for x, y in zip(a, b)]))


class Reference:
    """What is computed once of the reference's tokens and serves every precision compared with it."""

    def __init__(self, cls, patches, n_queries):
        self.cls, self.patches = cls, patches  # [P, D], [P] arrays [N, D]
        self.bases = [pca_basis(p) for p in patches]
        total = sum(len(p) for p in patches)
        self.queries = np.unique(np.linspace(0, total - 1, min(n_queries, total)).astype(np.int64))
        self.patch_neighbours = self.cls_neighbours = None
        if total > NEIGHBOURS:
            self.patch_neighbours = nearest(np.concatenate(patches), self.queries, NEIGHBOURS)
        if len(cls) > NEIGHBOURS:
            self.cls_neighbours = nearest(cls, np.arange(len(cls)), NEIGHBOURS)

    def compare(self, cls, patches):
        means = [p.mean(0, dtype=np.float64) for p in self.patches]
        picture = [pca_difference(p, r, b) for p, r, b in zip(patches, self.patches, self.bases)]
        result = {
            "cls": spread(cosines(cls, self.cls)),
            "patch": spread(np.concatenate([cosines(p, r) for p, r in zip(patches, self.patches)])),
            "centred": spread(np.concatenate([cosines(p - m, r - m) for p, r, m in zip(patches, self.patches, means)])),
            "pca": {"mean": float(np.mean([d.mean() for d in picture])), "max": float(max(d.max() for d in picture))},
            "neighbours": {"patches": None, "cls": None},
        }
        if self.patch_neighbours is not None:
            found = nearest(np.concatenate(patches), self.queries, NEIGHBOURS)
            result["neighbours"]["patches"] = overlap(found, self.patch_neighbours)
        if self.cls_neighbours is not None:
            result["neighbours"]["cls"] = overlap(nearest(cls, np.arange(len(cls)), NEIGHBOURS), self.cls_neighbours)
        return result


# Features


def read_safetensors(path):
    """{name: float32 array}, metadata of what dinoscope-cli writes."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        arrays[name] = np.frombuffer(data[begin:end], "<f4").reshape(info["shape"])
    return arrays, metadata


def patch_size(model):
    try:
        return int(json.loads((Path(model) / "config.json").read_text()).get("patch_size", 14))
    except OSError:
        return 14


class Features:
    """CLS and patch tokens of the pictures in one precision."""

    def __init__(self):
        self.cls, self.patches, self.pixels, self.isa = [], [], [], ""

    def add(self, tokens, n_patches):
        self.cls.append(tokens[0])
        self.patches.append(tokens[-n_patches:])  # registers lie between

    def finish(self):
        self.cls = np.array(self.cls)


def run_features(options, model, picture, precision, isa, out):
    command = [options.cli, "--quiet", "--model", str(model), "--precision", precision]
    command += ["--threads", str(options.threads)] if options.threads else []
    environment = dict(os.environ, **({"DINOSCOPE_ISA": isa} if isa else {}))
    done = subprocess.run([*command, "features", str(picture), "-o", out], capture_output=True, text=True, env=environment)
    message = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message"
    if done.returncode == UNAVAILABLE and (precision != "fp32" or isa):
        raise Unavailable(message)
    if done.returncode != 0:
        sys.exit("accuracy.py: %s: exit %d: %s" % (" ".join(command[3:]), done.returncode, message))
    return read_safetensors(out)


def encode(options, model, pictures, precision, isa, keep_pixels, work):
    features, size = Features(), patch_size(model)
    for number, picture in enumerate(pictures):
        progress("%s %s %s: picture %d of %d" % (Path(model).name, precision, isa, number + 1, len(pictures)))
        arrays, metadata = run_features(options, model, picture, precision, isa, os.path.join(work, "features.safetensors"))
        pixels = arrays["pixel_values"]
        features.add(arrays["last_hidden_state"].copy(), (pixels.shape[1] // size) * (pixels.shape[2] // size))
        features.isa = metadata.get("instruction_set", "")
        if keep_pixels:
            features.pixels.append(pixels.copy())
    features.finish()
    return features


def encode_torch(options, model, ours):
    """transformers on the pixel values that our float32 got."""
    import torch
    from transformers import AutoModel

    if options.threads:
        torch.set_num_threads(options.threads)
    features, encoder = Features(), AutoModel.from_pretrained(str(model), dtype=torch.float32).eval()
    for number, (pixels, patches) in enumerate(zip(ours.pixels, ours.patches)):
        progress("%s transformers: picture %d of %d" % (Path(model).name, number + 1, len(ours.pixels)))
        with torch.inference_mode():
            tokens = encoder(torch.from_numpy(pixels)[None]).last_hidden_state[0].numpy()
        features.add(tokens, len(patches))
    features.finish()
    return features


def progress(text):
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()


# Pictures and models


def shared_folder():
    return Path(os.environ.get("DINOSCOPE_TESTDATA") or HERE.parent.parent / "shared") / "testdata"


def list_pictures(options):
    """Files as given; of folders what looks like a picture. By default the chest radiographs of the test data."""
    given = options.images or [shared_folder() / "chest-png", shared_folder() / "chest-dicom"]
    pictures = []
    for path in map(Path, given):
        if path.is_dir():
            pictures += sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() not in (".csv", ".md", ".tsv", ".txt"))
        else:
            pictures.append(path)
    if options.pictures and options.pictures < len(pictures):
        pictures = [pictures[i * len(pictures) // options.pictures] for i in range(options.pictures)]
    if not pictures or not pictures[0].exists():
        sys.exit("accuracy.py: no pictures; name some with --images")
    return pictures


def make_preset(name, folder):
    target = Path(folder) / name
    if not (target / "model.safetensors").exists():
        subprocess.run([sys.executable, HERE / "make_checkpoint.py", "--preset", name, "--seed", "1", "--out", target], check=True)
    return target


def list_models(options, work):
    """(name, folder): presets are made when their turn comes, so that a short run needs no disk."""
    for name in filter(None, options.presets.split(",")):
        yield name, HERE.parent / "data/models/demo" if name == "demo" else make_preset(name, options.checkpoints or work)
    for folder in options.model:
        yield Path(folder).name, Path(folder)


# The report


def processor():
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    match = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    return match.group(1) if match else "unknown processor"


def rows_of_model(options, name, model, pictures, work):
    ours = encode(options, model, pictures, "fp32", None, options.torch, work)
    references = {"fp32": Reference(ours.cls, ours.patches, options.queries)}
    if options.torch:
        theirs = encode_torch(options, model, ours)
        references["transformers"] = Reference(theirs.cls, theirs.patches, options.queries)
    for precision in options.precision.split(","):
        for isa in options.isa or [None]:
            itself = precision == "fp32" and not isa
            row = {"model": name, "precision": precision, "isa": isa or "", "pictures": len(pictures)}
            try:
                features = ours if itself else encode(options, model, pictures, precision, isa, False, work)
            except Unavailable as reason:
                yield dict(row, unavailable=str(reason))
                continue
            for against, reference in references.items():
                if not (itself and against == "fp32"):
                    yield dict(row, isa=features.isa, against=against, **reference.compare(features.cls, features.patches))


def cell(values, digits=6):
    return " / ".join("-" if v is None else "%.*f" % (digits, v) for v in values)


def three(values):
    return cell([values["worst"], values["p1"], values["median"]])


HEADINGS = ["model", "precision", "isa", "against", "CLS", "patches", "centred patches", "PCA mean / max", "neighbours patch / CLS"]


def cells_of(row):
    first = [row["model"], row["precision"], row["isa"] or "best"]
    if "unavailable" in row:
        return first + ["", "not available"] + [""] * 4
    pca, near = row["pca"], row["neighbours"]
    return first + [row["against"], three(row["cls"]), three(row["patch"]), three(row["centred"]),
                    "%.3f / %.0f" % (pca["mean"], pca["max"]), cell([near["patches"], near["cls"]], 3)]


def print_table(rows):
    print("| " + " | ".join(HEADINGS) + " |")
    print("| " + " | ".join("---" for _ in HEADINGS) + " |")
    for row in rows:
        print("| " + " | ".join(cells_of(row)) + " |")
    for reason in sorted({row["unavailable"] for row in rows if "unavailable" in row}):
        print("\nnot available: " + reason)


def check(rows):
    """(number of limits checked, texts of those that fail); float32 of the same program is what limits are stated against."""
    n_checked, failures = 0, []
    for row in rows:
        if row.get("against") != "fp32":
            continue
        for what, limit in LIMITS.get((row["model"], row["precision"]), {}).items():
            group, key = what.split(".")
            n_checked += 1
            # NaN fails, too.
            if not row[group][key] >= limit:
                failures.append("%s %s %s: %s is %.6f, limit %g" % (row["model"], row["precision"], row["isa"], what, row[group][key], limit))
    return n_checked, failures


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", default="dinoscope-cli", help="the program")
    parser.add_argument("--images", nargs="+", default=[], metavar="DIR|FILE", help="instead of the test data's radiographs")
    parser.add_argument("--pictures", type=int, metavar="N", help="only N of them, evenly spread")
    parser.add_argument("--presets", default="demo,base,base-outlier", help="models that need no download (default: %(default)s); may be empty")
    parser.add_argument("--checkpoints", metavar="DIR", help="where base and base-outlier are, or are made and kept")
    parser.add_argument("--model", action="append", default=[], metavar="DIR", help="a further model")
    parser.add_argument("--precision", default="fp32,bf16,int8", help="default: %(default)s; fp32 is compared with --torch or --isa")
    parser.add_argument("--isa", action="append", metavar="NAME", help="instruction set of what is compared (DINOSCOPE_ISA); may be repeated")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--queries", type=int, default=2000, metavar="N", help="patches whose neighbours are looked for, evenly spread")
    parser.add_argument("--torch", action="store_true", help="compare with transformers as well")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--check", action="store_true", help="exit 1 when a limit fails, 77 when none could be checked")
    return parser.parse_args(arguments)


def main():
    options = parse(None)
    pictures, rows = list_pictures(options), []
    version = subprocess.run([options.cli, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    head = {"date": datetime.date.today().isoformat(), "processor": processor(), "program": version, "pictures": len(pictures)}
    with tempfile.TemporaryDirectory(prefix="accuracy-") as work:
        for name, model in list_models(options, work):
            rows += rows_of_model(options, name, model, pictures, work)
    progress("")
    print("%(date)s, %(processor)s, %(program)s, %(pictures)d pictures; cosines: worst / 1st percentile / median\n" % head)
    print_table(rows)
    if options.json:
        Path(options.json).write_text(json.dumps(dict(head, rows=rows), indent=1) + "\n")
    if not options.check:
        return 0
    n_checked, failures = check(rows)
    print("\n%d limits checked, %d failed" % (n_checked, len(failures)))
    print("".join(text + "\n" for text in failures), end="")
    return 1 if failures else 0 if n_checked else 77


if __name__ == "__main__":
    sys.exit(main())
