#!/usr/bin/env python3
"""Adds up meson's logs of builds and prints "N passed, N failed, N skipped".

Cases are those of testlog.junit.xml. A test program that ended before it had
reported its cases (a crash, a time limit) has none that failed there; it is
found in testlog.json beside it and counts as one failure.

With DINOSCOPE_TEST_STRICT=1 a skipped test of the suites "reference",
"display", "checks" or "cluster" is a failure: a green run that looked at nothing is
worth nothing.
"""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

STRICT_SUITES = ("reference", "display", "checks", "cluster")


# How meson calls the end of a test program that was as it should be.
GOOD_ENDS = ("OK", "EXPECTEDFAIL", "SKIP", "UNEXPECTEDPASS")


def broken_programs(path):
    """Names of the test programs that failed, from a testlog.json of one JSON object a line."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        tests = [json.loads(line) for line in lines]
    return [test["name"] for test in tests if test["result"] not in GOOD_ENDS]


def main(folders):
    strict = os.environ.get("DINOSCOPE_TEST_STRICT") == "1"
    passed = failed = skipped = 0
    bad = 0
    for folder in folders:
        named = set()
        for suite in ElementTree.parse(os.path.join(folder, "testlog.junit.xml")).getroot().iter("testsuite"):
            for case in suite.iter("testcase"):
                name = "%s / %s" % (suite.get("name"), case.get("name"))
                if case.find("failure") is not None or case.find("error") is not None:
                    failed += 1
                    named.add(suite.get("name").split("/")[-1].split(":")[-1])
                    print("failed: " + name)
                elif case.find("skipped") is not None:
                    skipped += 1
                    important = any(word in name for word in STRICT_SUITES)
                    print("skipped%s: %s" % (" (counts as a failure)" if strict and important else "", name))
                    bad += strict and important
                else:
                    passed += 1
        for program in broken_programs(os.path.join(folder, "testlog.json")):
            if program.split("/")[-1].split(":")[-1] not in named:
                failed += 1
                print("ended early: " + program)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or bad or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
