#!/usr/bin/env python3
"""Adds up JUnit reports of meson and prints "N passed, N failed, N skipped".

With DINOSCOPE_TEST_STRICT=1 a skipped test of the suites "reference",
"display" or "checks" is a failure: a green run that looked at nothing is
worth nothing.
"""
import os
import sys
import xml.etree.ElementTree as ElementTree

STRICT_SUITES = ("reference", "display", "checks")


def main(paths):
    strict = os.environ.get("DINOSCOPE_TEST_STRICT") == "1"
    passed = failed = skipped = 0
    bad = 0
    for path in paths:
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            for case in suite.iter("testcase"):
                name = "%s / %s" % (suite.get("name"), case.get("name"))
                if case.find("failure") is not None or case.find("error") is not None:
                    failed += 1
                    print("failed: " + name)
                elif case.find("skipped") is not None:
                    skipped += 1
                    important = any(word in name for word in STRICT_SUITES)
                    print("skipped%s: %s" % (" (counts as a failure)" if strict and important else "", name))
                    bad += strict and important
                else:
                    passed += 1
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or bad or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
