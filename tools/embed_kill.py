#!/usr/bin/env python3
"""Kills “dinoscope-cli embed” at random moments, lets the same command go on
each time, and compares what comes of it with an undisturbed run, byte for byte:

    tools/embed_kill.py CLI --model DIR [--kills 200] [--pictures 400] [--seed 1] [-- OPTION...]

A run that ends before all kills are spent begins again in a new folder, so
that the last steps are hit as well. Needs numpy."""
import argparse
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) & 0xFFFFFFFF)


def write_png(path, samples):
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    head = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 1)), chunk(b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def make_pictures(folder, n, seed, every=25):
    """n small pictures, one in so many broken."""
    source = np.random.default_rng(seed)
    for i in range(n):
        path = folder / ("%03d" % (i % 7)) / ("film-%05d.png" % i)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_png(path, source.integers(0, 256, (48 + i % 5, 40 + i % 3), np.uint8))
        if i % every == 7:
            path.write_bytes(path.read_bytes()[: 60 + i % 9])


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def differences(expected, got):
    names = sorted(set(expected) ^ set(got))
    return names or [name for name in expected if expected[name] != got[name]]


def sweep(command, inputs, work, kills, seed, env=None):
    """Returns (kills, laps) or raises AssertionError. command is without inputs and output."""
    source = random.Random(seed)
    started = time.monotonic()
    reference = work / "undisturbed"
    first = subprocess.run([*command, str(inputs), "-o", str(reference)], env=env, stderr=subprocess.PIPE)
    duration = time.monotonic() - started
    assert first.returncode in (0, 1), first.stderr.decode()
    expected = contents(reference)
    n_kills = lap = 0
    while n_kills < kills:
        folder = work / ("lap-%d" % lap)
        lap += 1
        while True:
            child = subprocess.Popen([*command, str(inputs), "-o", str(folder)], env=env, stderr=subprocess.DEVNULL)
            try:
                # With none left to spend, to the end.
                child.wait(source.uniform(0, 1.2 * duration) if n_kills < kills else None)
                break
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                n_kills += 1
        assert child.returncode == first.returncode, "exit code %d" % child.returncode
        wrong = differences(expected, contents(folder))
        assert not wrong, "after %d kills, lap %d: %s differ" % (n_kills, lap, wrong)
    return n_kills, lap


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--model", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    arguments = parser.parse_args(sys.argv[1:split])
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "pictures"
        make_pictures(inputs, arguments.pictures, arguments.seed)
        command = [os.path.abspath(arguments.cli), "embed", "--model", arguments.model, *sys.argv[split + 1 :]]
        try:
            kills, laps = sweep(command, inputs, Path(folder), arguments.kills, arguments.seed)
        except AssertionError as problem:
            sys.exit(str(problem))
    print("%d kills in %d runs; each equals the undisturbed one" % (kills, laps))


if __name__ == "__main__":
    main()
