#!/usr/bin/env python3
"""tools/peers.py: test-peers.py CLI

The table, from figures that are known, and our own program timed without any
of the others being there."""
import importlib.util
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np

from support import CLI, TINY, TestCase, main

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


peers = load_tool("peers")


def figures(seconds, **more):
    exact = {"cls": 1.0, "patch": 0.5, "centred": 0.25, "centred_median": 0.125, "maxabs": 1e-5}
    return {"t": [seconds], "min": seconds, "median": seconds * 2, "rss": 300.0, **exact, **more}


class Table(TestCase):
    OURS = "/somewhere/dinoscope-cli-that-is-not --precision bf16 bench"

    def table(self, results, peak=None):
        options = Namespace(peak=peak, ours=[e for e in results if e not in peers.ALL], threads=2, rounds=3, runs=4)
        return peers.markdown(results, options).splitlines()

    def test_a_table_a_precision(self):
        lines = self.table({"ov-bf16": figures(0.5), "torch-fp32": figures(2.0), "ov-fp32": figures(1.0), self.OURS: figures(0.4)})
        heads = [line for line in lines if line.startswith("| engine")]
        self.assertEqual([head.split("|")[1].strip() for head in heads], ["engine, float32", "engine, bfloat16"])
        self.assertIn("| OpenVINO | 1.000 s | 2.000 s | 303 | 300 MiB | 1.000000 | 0.500000 | 0.125000 | 1.0e-05 |", lines)
        self.assertIn("Dinoscope takes 0.80 of the time of OpenVINO, the fastest of the others.", lines)
        # float32 has none of ours to compare.
        self.assertEqual(sum("takes" in line for line in lines), 1)

    def test_columns(self):
        """Rows are as wide as their heading, whatever failed."""
        for peak in (None, "606.3", "bf16=606.3"):
            lines = self.table({"ov-bf16": figures(0.5), "ort-fp32": {"t": [], "error": "x", "rss": 0}, "ov-fp32": figures(1.0)}, peak)
            tables = "\n".join(lines).split("| engine")[1:]
            for table in tables:
                widths = {line.count("|") for line in ("| engine" + table).splitlines() if line.startswith("|")}
                self.assertEqual(len(widths), 1, table)

    def test_too_fast_for_the_clock(self):
        self.assertTrue(any("| 0.000 s |" in line for line in self.table({self.OURS: figures(0.0)})))

    def test_share_of_the_peak(self):
        self.assertEqual(peers.parse_peaks("606.3"), {"fp32": 606.3})
        self.assertEqual(peers.parse_peaks("606.3,bf16=1212.6"), {"fp32": 606.3, "bf16": 1212.6})
        lines = self.table({"ov-fp32": figures(1.0), "ov-bf16": figures(0.5)}, "606.3")
        self.assertTrue(any("| 303 | 50 % |" in line for line in lines))
        self.assertTrue(any("| 606 | 300 MiB |" in line for line in lines))


class Ours(TestCase):
    def test_without_the_others(self):
        film = self.film()
        command = "%s --model %s --threads 1 bench %s --runs 2 -o {out}" % (CLI, TINY, film)
        self.good("features", film, "--model", TINY, "-o", self.path("reference.npy"))
        tool = [sys.executable, "-B", str(TOOLS / "peers.py"), "--checkpoint", TINY, "--image", film, "--only", "", "--rounds", "1"]
        for form in ([], ["--markdown"]):
            result = subprocess.run([*tool, *form, "--work", self.folder, "--ours", command], capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("1.000000", result.stdout)
            self.assertNotIn("failed", result.stdout)
        self.assertRegex(result.stdout, r"^\d{4}-\d\d-\d\d; .*, \d+ cores, .*; .*Dinoscope")
        self.assertRegex(result.stdout, r"\| \*\*Dinoscope\*\* \| 0\.\d+ s \|")
        self.assertEqual(np.load(self.path("out-0.npy")).shape, np.load(self.path("reference.npy")).shape)


if __name__ == "__main__":
    main()
