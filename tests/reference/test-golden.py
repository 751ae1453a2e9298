#!/usr/bin/env python3
"""Every reference case, through the command line as a user runs it: TAP.

    test-golden.py CLI TOOLS_FOLDER WORK_FOLDER [--small]

--small leaves out the models of full size: a sanitizer looks for faults of memory, which small ones have, too, and takes
minutes for each.
Looks for golden/, testdata/ and demo-model/ in $DINOSCOPE_TESTDATA. Full-size checkpoints are written into WORK_FOLDER by
make_checkpoint.py and removed at the end. Tolerances: docs/performance.md, "Accuracy".
"""
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np

CLI, TOOLS, WORK = sys.argv[1:4]
SMALL = "--small" in sys.argv[4:]
REFERENCE = os.environ.get("DINOSCOPE_TESTDATA", "")


def read_safetensors(path):
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    kinds = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
    out = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        out[name] = np.frombuffer(data[begin:end], kinds[info["dtype"]]).reshape(info["shape"])
    return out


def write_png(path, samples):
    """8-bit grey [h, w] or RGB [h, w, 3]."""
    height, width = samples.shape[:2]

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) & 0xFFFFFFFF)

    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if samples.ndim == 3 else 0, 0, 0, 0)
    Path(path).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    )


def formula(width, height):
    x, y = np.meshgrid(np.arange(width, dtype=np.int64), np.arange(height, dtype=np.int64))
    return ((7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255).astype(np.uint8)


def picture(case, folder):
    """Path of the case's picture, and its samples where it is a formula."""
    match = re.match(r"(formula|formula-rgb) (\d+)x(\d+)$", case["picture"])
    if not match:
        return os.path.join(REFERENCE, "testdata/chest-png", case["picture"]), None
    width, height = int(match.group(2)), int(match.group(3))
    samples = formula(width, height)
    if match.group(1) == "formula-rgb":
        samples = np.stack([samples, formula(height, width).T, 255 - samples], -1)
    path = os.path.join(folder, "picture.png")
    write_png(path, samples)
    return path, samples


def checkpoint(case):
    if "checkpoint" in case:
        return os.path.join(REFERENCE, "demo-model")
    name = "-".join([case["preset"], str(case["seed"]), *[option.strip("-") for option in case["checkpoint_options"]]])
    small = os.path.join(REFERENCE, "golden/checkpoint", name)
    if os.path.isdir(small):
        return small
    large = os.path.join(WORK, name)
    if not os.path.exists(os.path.join(large, "model.safetensors")):
        subprocess.run([sys.executable, os.path.join(TOOLS, "make_checkpoint.py"), "--preset", case["preset"], "--seed",
                        str(case["seed"]), "--out", large], check=True)
    return large


def is_small(name):
    about = json.loads((Path(REFERENCE) / "golden" / name / "case.json").read_text())
    return "checkpoint" in about or about["preset"].startswith("tiny")


class Case:
    def __init__(self, name):
        self.name = name
        folder = Path(REFERENCE) / "golden" / name
        self.about = json.loads((folder / "case.json").read_text())
        self.expected = read_safetensors(folder / "expected.safetensors")
        self.problems = []
        self.seen = 0

    def close(self, what, got, want, absolute, relative=0.0):
        self.seen += 1
        if got.shape != want.shape:
            self.problems.append("%s: shape %s instead of %s" % (what, got.shape, want.shape))
            return
        worst = float(np.max(np.abs(got.astype(np.float64) - want) - relative * np.abs(want)))
        if not worst <= absolute:
            self.problems.append("%s: off by %.3g (limit %.3g)" % (what, worst, absolute))

    def cli(self, *arguments):
        result = subprocess.run([CLI, "--quiet", "--model", self.model, *arguments], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError("%s: exit %d: %s" % (" ".join(arguments), result.returncode, result.stderr))

    def run(self):
        self.model = checkpoint(self.about)
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            self.folder = folder
            path, samples = picture(self.about, folder)
            self.source = [path]
            if self.about["raw"]:
                raw = os.path.join(folder, "raw.npy")
                grey = samples if samples.ndim == 3 else np.stack([samples] * 3, -1)
                values = (grey.astype(np.float32) / np.float32(255) - np.float32(0.5307)) / np.float32(0.2583)
                np.save(raw, np.ascontiguousarray(values.transpose(2, 0, 1)))
                self.source = ["--raw-pixels", raw]
            self.features()
            if "pca.projection" in self.expected:
                self.maps()

    def features(self):
        full = "rows" in self.expected
        tolerance = 2e-4 if full else 1e-4
        hidden_tolerance = 2e-3 if "outlier" in self.name else tolerance
        out = os.path.join(self.folder, "out.safetensors")
        blocks = 0 if full else sum(name.startswith("attention.") for name in self.expected)
        for block in range(max(blocks, 1)):
            extra = ["--attention", str(block)] if blocks else []
            self.cli("features", *self.source, "--hidden", *extra, "-o", out)
            got = read_safetensors(out)
            if blocks:
                want = self.expected["attention.%d" % block]
                self.close("attention.%d" % block, got["attentions.%d" % block], want, 1e-6, 1e-3)
        pixels = got["pixel_values"].tobytes()
        self.seen += 1
        if hashlib.sha256(pixels).hexdigest() != self.about["pixel_values_sha256"]:
            self.problems.append("pixel_values differ")
        self.close("pooler_output", got["pooler_output"], self.expected["pooler_output"], tolerance)
        last = got["last_hidden_state"]
        if full:
            rows = self.expected["rows"]
            self.close("last_hidden_state", last[rows], self.expected["last_hidden_state.rows"], tolerance)
            n_states = len(self.expected["hidden.cls"])
            cls = np.stack([got["hidden_states.%d" % i][0] for i in range(n_states)])
            self.close("hidden.cls", cls, self.expected["hidden.cls"], hidden_tolerance)
            norms = np.linalg.norm(got["hidden_states.%d" % (n_states - 1)][1:].astype(np.float64), axis=1)
            self.close("patch_norm.last", norms, self.expected["patch_norm.last"], hidden_tolerance * 10)
        else:
            self.close("last_hidden_state", last, self.expected["last_hidden_state"], tolerance)
            for name, want in self.expected.items():
                if name.startswith("hidden."):
                    self.close(name, got["hidden_states." + name[7:]], want, hidden_tolerance)

    def maps(self):
        png, npy = os.path.join(self.folder, "map.png"), os.path.join(self.folder, "map.npy")
        self.cli("map", *self.source, "--overlay", "pca", "--npy", npy, "-o", png)
        got = np.load(npy).reshape(-1, 3)
        want = self.expected["pca.projection"]
        for column in range(3):
            sign = 1 if np.dot(got[:, column], want[:, column]) >= 0 else -1
            limit = 1e-3 * np.abs(want[:, column]).max()
            self.close("pca.projection %d" % column, sign * got[:, column], want[:, column], limit)
        details = json.loads(Path(png.replace(".png", ".json")).read_text())
        ratios = np.array(find(details, "variance"))[:3]
        self.close("variance ratio", ratios, self.expected["pca.explained_variance_ratio"], 1e-5)
        self.cli("map", *self.source, "--overlay", "norm", "--npy", npy, "-o", png)
        norms = self.expected["patch_norm.last"]
        self.close("norm overlay", np.load(npy).ravel(), norms, 2e-2 if "outlier" in self.name else 2e-3)
        self.cli("map", *self.source, "--overlay", "similarity", "--set", "row=%d" % (684 // 37), "--set", "column=%d" % (684 % 37), "--npy", npy, "-o", png)
        self.close("similarity overlay", np.load(npy).ravel(), self.expected["cosine.patch684"], 1e-4)
        self.cli("map", *self.source, "--overlay", "rollout", "--npy", npy, "-o", png)
        self.close("rollout overlay", np.load(npy).ravel(), self.expected["rollout_mean.cls"], 1e-6, 1e-3)
        for name, want in self.expected.items():
            match = re.match(r"cls_attention\.(\d+)$", name)
            for head in range(len(want)) if match else []:
                self.cli("map", *self.source, "--overlay", "cls-attention", "--set", "block=" + match.group(1),
                         "--set", "head=%d" % head, "--npy", npy, "-o", png)
                self.close("%s head %d" % (name, head), np.load(npy).ravel(), want[head], 1e-6, 1e-3)
                if head >= 1 and "base" in self.name:
                    break


def find(tree, word):
    """The first list of numbers under a key that has word and "ratio" in it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if word in key and "ratio" in key and isinstance(value, list):
                return value
            found = find(value, word)
            if found is not None:
                return found
    return None


def main():
    print("TAP version 13")
    golden = Path(REFERENCE) / "golden" if REFERENCE else None
    if golden is None or not golden.is_dir():
        print("1..0 # SKIP the reference material is not there")
        return 0
    os.makedirs(WORK, exist_ok=True)
    names = sorted(path.parent.name for path in golden.glob("*/case.json"))
    if SMALL:
        names = [name for name in names if is_small(name)]
    print("1..%d" % len(names))
    failed = False
    for number, name in enumerate(names, 1):
        case = Case(name)
        try:
            case.run()
        except (RuntimeError, OSError, KeyError, ValueError) as error:
            case.problems.append("%s: %s" % (type(error).__name__, error))
        failed = failed or bool(case.problems)
        print("%sok %d - %s (%d comparisons)" % ("not " if case.problems else "", number, name, case.seen), flush=True)
        for problem in case.problems:
            print("# " + problem.replace("\n", " "))
    shutil.rmtree(WORK, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
