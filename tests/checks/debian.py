#!/usr/bin/env python3
"""What packaging/debian repeats of the tree is what the tree says. TAP.
Usage: debian.py SOURCE_ROOT"""
import re
import sys
from pathlib import Path

SOURCE = Path(sys.argv[1])
DEBIAN = SOURCE / "packaging/debian"


def check_version():
    version = re.search(r"version: '([^']+)'", (SOURCE / "meson.build").read_text()).group(1)
    said = re.match(r"dinoscope \(([^-)]+)-", (DEBIAN / "changelog").read_text()).group(1)
    return [] if said == version else ["packaging/debian/changelog is for %s, meson.build for %s" % (said, version)]


def check_symbols():
    public = set((SOURCE / "src/engine/libdinoscope.symbols").read_text().split())
    listed = set(re.findall(r"^ (dinoscope_\w+)@DINOSCOPE_1 ", (DEBIAN / "libdinoscope0.symbols").read_text(), re.M))
    return ["%s is in one of libdinoscope0.symbols and libdinoscope.symbols alone" % name for name in sorted(public ^ listed)]


def check_packages():
    """Every package of control but none else has a list of files."""
    packages = set(re.findall(r"^Package: (\S+)", (DEBIAN / "control").read_text(), re.M))
    lists = {path.stem for path in DEBIAN.glob("*.install")}
    return ["%s: in control or has an .install file, not both" % name for name in sorted(packages ^ lists)]


CHECKS = [
    ("the changelog has the project's version", check_version),
    ("the symbols file lists what is public", check_symbols),
    ("each package has its files", check_packages),
]

if __name__ == "__main__":
    print("TAP version 13\n1..%d" % len(CHECKS))
    failed = False
    for number, (title, function) in enumerate(CHECKS, 1):
        problems = function()
        failed = failed or bool(problems)
        print("%sok %d - %s" % ("not " if problems else "", number, title))
        for problem in problems:
            print("# " + problem)
    sys.exit(1 if failed else 0)
