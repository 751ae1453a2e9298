#!/usr/bin/env python3
"""What the compiler and the linker do against memory that is written where it
must not be, read from the programs and libraries that are installed. TAP.
Usage: hardening.py BUILD_ROOT OPTIMISED"""
import re
import subprocess
import sys
from pathlib import Path

BUILD = Path(sys.argv[1])
OPTIMISED = sys.argv[2] == "true"

PROGRAMS = ("src/cli/dinoscope-cli", "src/app/dinoscope", "src/dicom/dinoscope-dicom", "src/picture/dinoscope-picture")
MODULES = ("src/engine/libdinoscope.so.*.*", "src/plugins/*.so", "src/eog/*.so", "src/gthumb/*.so", "src/nautilus/*.so")


def tool(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout


def programs():
    return [BUILD / name for name in PROGRAMS if (BUILD / name).exists()]


def modules():
    return [path for pattern in MODULES for path in sorted(BUILD.glob(pattern)) if path.is_file() and not path.is_symlink()]


class Binary:
    def __init__(self, path):
        self.name = path.name
        self.header = tool("readelf", "-hW", path)
        self.segments = re.findall(r"^  (\w+) +0x\w+ 0x\w+ 0x\w+ 0x\w+ 0x\w+ ([R ][W ][E ])", tool("readelf", "-lW", path), re.M)
        self.dynamic = tool("readelf", "-dW", path)
        self.undefined = set(re.findall(r"UND (\w+)", tool("readelf", "--dyn-syms", "-W", path)))
        self.path = path

    def flags(self, kind):
        return [flags for name, flags in self.segments if name == kind]


def check_position(binary, is_program):
    """A place in memory that nobody knows beforehand."""
    if "Type:" not in binary.header or " DYN " not in binary.header:
        return "is not position-independent"
    if is_program and not re.search(r"\(FLAGS_1\).*\bPIE\b", binary.dynamic):
        return "is no PIE"
    return "has relocations in its code" if "(TEXTREL)" in binary.dynamic else None


def check_relocations(binary, is_program):
    """Tables of functions are read-only from the start."""
    if not binary.flags("GNU_RELRO"):
        return "has no RELRO"
    return None if re.search(r"\(BIND_NOW\)|\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*\bNOW\b", binary.dynamic) else "binds functions late"


def check_segments(binary, is_program):
    """Nothing that can be written can be run."""
    if not binary.flags("LOAD"):
        return "has no segments that this test knows"
    if any("W" in flags and "E" in flags for flags in binary.flags("LOAD")):
        return "has a segment that can be written and run"
    stack = binary.flags("GNU_STACK")
    return None if len(stack) == 1 and "E" not in stack[0] else "has a stack that can be run"


def check_stack(binary, is_program):
    return None if "__stack_chk_fail" in binary.undefined else "has no stack protector"


def check_libc(binary, is_program):
    """Where libc has a checking variant, small modules may use none."""
    if not OPTIMISED or not (is_program or binary.name.startswith("libdinoscope.so")):
        return None
    return None if any(re.fullmatch(r"__\w+_chk", name) for name in binary.undefined) else "calls none of libc's checking functions"


def functions(path, wanted):
    """The instructions of exported functions."""
    listing = tool("objdump", "-d", "--no-show-raw-insn", path)
    return [body for body in re.split(r"\n\n", listing) if re.match(wanted, body)]


def check_calls(binary, is_program):
    """x86: a call lands on endbr64 alone; big frames touch each of their pages."""
    if "X86-64" not in binary.header or not binary.name.startswith("libdinoscope.so"):
        return None
    # The part of a type's function that runs once is static.
    bodies = functions(binary.path, r"\w+ <dinoscope_(?!\w*_once>)\w+(@@\w+)?>:")
    lacking = [body.split("\n")[0] for body in bodies if "endbr64" not in body.split("\n")[1]]
    if len(bodies) < 100:
        return "has only %d functions that this test finds" % len(bodies)
    if lacking:
        return "%d of %d functions do not start with endbr64" % (len(lacking), len(bodies))
    probes = tool("objdump", "-d", "--no-show-raw-insn", binary.path).count("orq    $0x0,(%rsp)")
    return None if probes > 10 else "probes no large stack frames"


CHECKS = [
    ("code can lie anywhere", check_position),
    ("relocations are read-only before anything runs", check_relocations),
    ("no segment and no stack can be both written and run", check_segments),
    ("stacks are protected", check_stack),
    ("libc's checking functions are used", check_libc),
    ("calls land where they may, stacks grow page by page", check_calls),
]

if __name__ == "__main__":
    found = [(Binary(path), True) for path in programs()] + [(Binary(path), False) for path in modules()]
    print("TAP version 13\n1..%d" % (len(CHECKS) + 1))
    names = [binary.name for binary, _ in found]
    complete = all(any(name.startswith(wanted) for name in names) for wanted in ("dinoscope-cli", "dinoscope-dicom", "dinoscope-picture", "libdinoscope.so"))
    print("%sok 1 - %d programs and modules were found" % ("" if complete else "not ", len(found)))
    failed = not complete
    for number, (title, check) in enumerate(CHECKS, 2):
        problems = ["%s %s" % (binary.name, problem) for binary, is_program in found for problem in [check(binary, is_program)] if problem]
        failed = failed or bool(problems)
        print("%sok %d - %s" % ("not " if problems else "", number, title))
        for problem in problems:
            print("# " + problem)
    sys.exit(1 if failed else 0)
