#!/usr/bin/env python3
"""test-bench.py NAME PROGRAM [OPTION...]: one quick run of a program that
measures, as CSV and as JSON: every line is whole and says the same in both."""
import json
import math
import subprocess
import sys

HEADING = "name,variant,shape,threads,seconds_min,seconds_median,rate,unit"
# What each program must at least measure, on any processor.
EXPECTED = {
    "attention": {"attention", "attention-gap"},
    "forward": {"forward", "forward-processor", "forward-gap"},
    "gemm": {"gemm"},
    "kernels": {"layer-norm", "softmax", "softmax-numerators", "gelu", "residual"},
    "layers": {"attention", "mlp"},
    "maps": {"pca", "draw"},
    "peak": set(),
    "pictures": {"resize"},
    "search": {"stream", "search"},
    "start": {"start"},
}


def run(program, *options):
    result = subprocess.run([program, "--quick", *options], capture_output=True, text=True)
    assert result.returncode == 0, "exit %d: %s" % (result.returncode, result.stderr)
    return result.stdout.splitlines()


def check_row(row):
    assert list(row) == HEADING.split(","), row
    assert row["name"] and row["variant"] and row["shape"] and row["unit"], row
    assert int(row["threads"]) >= 1, row
    low, middle, rate = (float(row[key]) for key in ("seconds_min", "seconds_median", "rate"))
    assert 0 <= low <= middle and rate > 0, row
    assert all(math.isfinite(value) for value in (low, middle, rate)), row


def as_csv(program, options):
    lines = run(program, *options)
    assert lines[0] == HEADING, lines[:1]
    rows = [dict(zip(HEADING.split(","), line.split(","), strict=True)) for line in lines[1:]]
    for row in rows:
        check_row(row)
    return rows


def as_json(program, options):
    rows = [json.loads(line) for line in run(program, "--json", *options)]
    for row in rows:
        check_row(row)
    return rows


def main():
    name, program, *options = sys.argv[1:]
    print("1..3")
    csv_rows, json_rows = as_csv(program, options), as_json(program, options)
    print("ok 1 - lines are whole")
    what = lambda rows: [(row["name"], row["variant"], row["shape"], str(row["threads"])) for row in rows]
    assert what(csv_rows) == what(json_rows)
    print("ok 2 - CSV and JSON say the same")
    missing = EXPECTED[name] - {row["name"] for row in csv_rows}
    assert not missing, missing
    refused = subprocess.run([program, "--no-such-option"], capture_output=True, text=True)
    assert refused.returncode == 2 and "Usage: " in refused.stderr and not refused.stdout
    print("ok 3 - all is measured, and wrong options are refused")


if __name__ == "__main__":
    main()
