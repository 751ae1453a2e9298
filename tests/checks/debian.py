#!/usr/bin/env python3
"""What packaging/debian repeats of the tree is what the tree says. TAP.
Usage: debian.py SOURCE_ROOT BUILD"""
import fnmatch
import json
import re
import sys
from pathlib import Path

SOURCE = Path(sys.argv[1])
BUILD = Path(sys.argv[2])
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


def installed():
    """What this build installs below its prefix, with "usr" for that; what an option has put elsewhere is no package's."""
    options = json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())
    prefix = next(option["value"] for option in options if option["name"] == "prefix")
    for source, target in json.loads((BUILD / "meson-info/intro-installed.json").read_text()).items():
        if not target.startswith(prefix + "/"):
            continue
        target = "usr/" + target[len(prefix) + 1 :]
        if Path(source).is_dir():
            yield from (target + "/" + str(path.relative_to(source)) for path in Path(source).rglob("*") if path.is_file())
        else:
            yield target


def check_files():
    """dh_missing ends the building of the packages where a file is in none."""
    lines = [line.split()[0] for path in DEBIAN.glob("*.install") for line in path.read_text().splitlines() if line]
    problems = []
    for name in installed():
        places = [name, *map(str, Path(name).parents)]
        if not any(fnmatch.fnmatchcase(place, line) for place in places for line in lines):
            problems.append("%s is in no package" % name)
    return problems


CHECKS = [
    ("the changelog has the project's version", check_version),
    ("the symbols file lists what is public", check_symbols),
    ("each package has its files", check_packages),
    ("each file that is installed has its package", check_files),
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
