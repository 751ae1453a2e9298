"""library.py SOURCE-ROOT BUILD-ROOT: what libdinoscope.so exports to everybody is
what its list says, and what the headers that are installed declare. TAP."""

import json
import os
import re
import subprocess
import sys

PUBLIC = "DINOSCOPE_1"


def library(build):
    return os.path.join(build, "src", "engine", "libdinoscope.so")


def exported(build):
    """The symbols of the library by the name of their version."""
    listing = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library(build)], capture_output=True, text=True, check=True).stdout
    symbols = {}
    for line in listing.splitlines():
        kind, name = line.split()[-2:]
        name, _, version = name.partition("@@")
        if kind != "A":
            symbols.setdefault(version, set()).add(name)
    return symbols


def listed(root):
    with open(os.path.join(root, "src", "engine", "libdinoscope.symbols"), encoding="utf-8") as file:
        return file.read().splitlines()


def installed_headers(build):
    """As they lie before they are installed."""
    with open(os.path.join(build, "meson-info", "intro-installed.json"), encoding="utf-8") as file:
        places = json.load(file)
    return sorted(source for source, target in places.items() if "/include/dinoscope-1/" in target)


def declared(headers):
    """The functions that the headers declare to who has GLib alone."""
    flags = subprocess.run(["pkg-config", "--cflags", "gio-2.0"], capture_output=True, text=True, check=True).stdout.split()
    folders = ["-I" + folder for folder in sorted(set(map(os.path.dirname, headers)))]
    text = "".join(f'#include "{header}"\n' for header in headers)
    text = subprocess.run(["cc", "-E", "-P", *flags, *folders, "-"], input=text, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\b(dinoscope_\w+) \(", text))


def check_list(root, build):
    names, symbols = listed(root), exported(build)
    if names != sorted(set(names)):
        yield "libdinoscope.symbols is not sorted"
    for name in sorted(set(names) - symbols.get(PUBLIC, set())):
        yield f"{name} is listed and not exported"
    for name in sorted(symbols.get(PUBLIC, set()) - set(names)):
        yield f"{name} is exported and not listed"


def check_versions(root, build):
    """All else is marked as private to this very version."""
    for version, names in exported(build).items():
        if version != PUBLIC and not version.startswith("DINOSCOPE_PRIVATE_"):
            yield f"{', '.join(sorted(names))} with the version {version!r}"


def check_headers(root, build):
    headers = installed_headers(build)
    if len(headers) < 10:
        yield f"only {len(headers)} headers are installed"
    names, functions = set(listed(root)), declared(headers)
    for name in sorted(functions - names):
        yield f"{name} is declared in an installed header and not listed"
    for name in sorted(names - functions):
        yield f"{name} is listed and in no installed header"


def main():
    checks = (check_list, check_versions, check_headers)
    print(f"1..{len(checks)}")
    failed = False
    for number, check in enumerate(checks, 1):
        problems = list(check(*sys.argv[1:3]))
        failed = failed or bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {check.__name__.replace('check_', '')}")
        for problem in problems:
            print(f"# {problem}")
    return 1 if failed else 0


sys.exit(main())
