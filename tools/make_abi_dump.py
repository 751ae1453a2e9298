#!/usr/bin/env python3
"""make_abi_dump.py BUILD-ROOT OUTPUT: writes what programs rely on of the built
libdinoscope.so, as abidw (Debian: abigail-tools) reads it from the debug
information: the functions of libdinoscope.symbols and the types that they name,
no private ones, no path of this machine."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

OPTIONS = ["--drop-private-types", "--no-architecture", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed"]
OPTIONS += ["--exported-interfaces-only", "--no-parameter-names", "--type-id-style", "hash"]


def main(build, output):
    symbols = Path(__file__).parent.parent / "src/engine/libdinoscope.symbols"
    installed = json.loads((Path(build) / "meson-info/intro-installed.json").read_text())
    headers = sorted(source for source, target in installed.items() if "/include/dinoscope-1/" in target)
    with tempfile.TemporaryDirectory() as folder:
        chosen, dump = os.path.join(folder, "list"), os.path.join(folder, "dump")
        Path(chosen).write_text("[abi_whitelist]\n" + "".join("  %s\n" % name for name in symbols.read_text().split()))
        named = [word for header in headers for word in ("--header-file", header)]
        subprocess.run(["abidw", "-w", chosen, *named, *OPTIONS, "--out-file", dump, os.path.join(build, "src/engine/libdinoscope.so")], check=True)
        text = Path(dump).read_text()
    Path(output).write_text(re.sub(r"path='[^']*/(src/engine/[^']*)'", r"path='\1'", text))


main(*sys.argv[1:])
