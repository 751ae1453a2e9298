#!/usr/bin/env python3
"""How much of the encoder's own rate embed keeps:

    bench/embed-rate.py CLI --model DIR [--precision fp32] [--pictures N] [--rounds 3] PICTURE...

In each round, one after the other: “bench” of one picture, which is forward
passes alone, and “embed” of N pictures (those given, over and over), which reads,
prepares, encodes and writes. Both are run with few and with many, and the
difference counts, so that loading the model does not. Prints for both the
pictures a second by the clock, and the seconds of processor that a picture takes:
the clock is to be trusted on a quiet machine only, the processor's time on others
as well. Nothing else should run; the median round is the last line."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(command):
    """(seconds by the clock, seconds of processor)"""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit("%s: exit code %d" % (" ".join(command), child.returncode))
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime


def difference(run, few, many):
    """What one more costs, by the clock and of processor."""
    short, long = run(few), run(many)
    return tuple((b - a) / (many - few) for a, b in zip(short, long))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("--model", required=True)
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("picture", nargs="+")
    arguments = parser.parse_args()
    common = ["--model", arguments.model, "--precision", arguments.precision, "--quiet"]
    few, many = max(2, arguments.pictures // 6), arguments.pictures
    rounds = []
    with tempfile.TemporaryDirectory() as work:
        inputs = Path(work) / "inputs"
        inputs.mkdir()
        for i in range(many):
            source = Path(arguments.picture[i % len(arguments.picture)]).resolve()
            (inputs / ("%05d%s" % (i, source.suffix))).symlink_to(source)

        def bench(n):
            return measure([arguments.cli, "bench", arguments.picture[0], "--runs", str(n), *common])

        def embed(n):
            names = Path(work) / "names"
            names.write_text("\n".join(map(str, sorted(inputs.iterdir())[:n])))
            return measure([arguments.cli, "embed", "--list", str(names), "-o", tempfile.mkdtemp(dir=work), *common])

        for i in range(arguments.rounds):
            alone, whole = difference(bench, few, many), difference(embed, few, many)
            rounds.append((alone[0] / whole[0], whole[1] / alone[1]))
            print(
                "round %d: forward passes alone %.3f/s, %.2f s of processor; embed %.3f/s, %.2f s of processor; rate %.1f %%, processor %.1f %%"
                % (i + 1, 1 / alone[0], alone[1], 1 / whole[0], whole[1], 100 * rounds[-1][0], 100 * rounds[-1][1]),
                flush=True,
            )
    print("median: rate %.1f %%, processor %.1f %%" % tuple(100 * statistics.median(column) for column in zip(*rounds)))


if __name__ == "__main__":
    main()
