#!/usr/bin/env python3
"""Adds up what tests found and prints "N passed, N failed, N skipped".

An argument is the path of what meson wrote, without its suffix, or the log of a
part of ./test --full, which ends with ".log" (tools/full/run.sh says what counts
there). Cases are those of testlog.junit.xml. A test program that ended before it
had reported its cases (a crash, a time limit) has none that failed there; it is
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


class Summary:
    """What was counted so far; "bad" are skipped tests that must not be skipped."""

    def __init__(self):
        self.strict = os.environ.get("DINOSCOPE_TEST_STRICT") == "1"
        self.passed = self.failed = self.skipped = self.bad = 0

    def add_failure(self, text):
        self.failed += 1
        print(text)

    def add_skipped(self, name):
        self.skipped += 1
        important = self.strict and any(word in name for word in STRICT_SUITES)
        print("skipped%s: %s" % (" (counts as a failure)" if important else "", name))
        self.bad += important

    def add_results(self, base):
        """Results of a run of "meson test": BASE.junit.xml and BASE.json."""
        named = set()
        for suite in ElementTree.parse(base + ".junit.xml").getroot().iter("testsuite"):
            for case in suite.iter("testcase"):
                name = "%s / %s" % (suite.get("name"), case.get("name"))
                if case.find("failure") is not None or case.find("error") is not None:
                    named.add(suite.get("name").split("/")[-1].split(":")[-1])
                    self.add_failure("failed: " + name)
                elif case.find("skipped") is not None:
                    self.add_skipped(name)
                else:
                    self.passed += 1
        for program in broken_programs(base + ".json"):
            if program.split("/")[-1].split(":")[-1] not in named:
                self.add_failure("ended early: " + program)

    def add_log(self, path):
        """The log of a part of ./test --full, which is wrong where nothing was counted."""
        before = self.passed + self.failed + self.skipped
        with open(path, encoding="utf-8", errors="replace") as lines:
            for word, separator, text in (line.rstrip("\n").partition(" - ") for line in lines):
                if not separator:
                    continue
                if word == "ok":
                    self.passed += 1
                elif word == "not ok":
                    self.add_failure("failed: " + text)
                elif word == "skipped":
                    self.add_skipped(text)
                elif word == "results":
                    self.add_results(text)
        if self.passed + self.failed + self.skipped == before:
            self.add_failure("nothing was run: " + os.path.basename(path))


def main(paths):
    summary = Summary()
    for path in paths:
        if path.endswith(".log"):
            summary.add_log(path)
        else:
            summary.add_results(path)
    print("%d passed, %d failed, %d skipped" % (summary.passed, summary.failed, summary.skipped))
    return 1 if summary.failed or summary.bad or not summary.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
