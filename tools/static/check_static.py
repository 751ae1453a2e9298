#!/usr/bin/env python3
"""Looks at the source with five tools; tools/check-static.sh says which and calls this.

Usage: check_static.py ROOT BUILD [--jobs N] [--tool NAME]... [FILE...]
"""
import argparse
import fnmatch
import json
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

READERS = re.compile(r"^src/(io|core/model|dicom)/")
# What a compiler is told that the others do not know, or what writes files.
NOT_KEPT = {"ccache", "-c", "-MD", "-Werror", "-fdiagnostics-color=always"}
NOT_KEPT_PAIRS = {"-o", "-MF", "-MQ"}
# “file:line:column: warning: text [check]”, of all of them.
FINDING = re.compile(r"^(?P<file>[^:\s][^:]*):(?P<line>\d+):(?:\d+:)? (?:warning|error|fatal error|portability|performance|style)\b: (?P<text>.*?)(?: \[(?P<check>[^\]\s]+)\])?$")
# gcc names its checks after a CWE.
CWE = re.compile(r" \[CWE-\d+\]")


class Unit:
    """A file as meson compiles it."""

    def __init__(self, entry, root):
        self.folder = entry["directory"]
        self.path = os.path.normpath(os.path.join(self.folder, entry["file"]))
        self.name = os.path.relpath(self.path, root)
        self.is_c = self.name.endswith(".c")
        self.flags = []
        words = iter(shlex.split(entry["command"]))
        for word in words:
            if word in NOT_KEPT_PAIRS:
                next(words)
            elif word not in NOT_KEPT:
                self.flags.append(word)
        # The compiler's own name, and the file, which stands last.
        self.flags = self.flags[1:-1]

    def plain_flags(self):
        """Without optimisation and without warnings."""
        return [flag for flag in self.flags if not re.match(r"-O\d|-g|-W", flag)]


def compiler(language_c, name):
    return {"gcc": ("gcc", "g++"), "clang": ("clang-14", "clang++-14")}[name][0 if language_c else 1]


def clang_warnings(unit, root):
    # -Wno-unknown-warning-option: meson asked gcc which of its warnings it has.
    return [compiler(unit.is_c, "clang"), *unit.flags, "-Wno-unknown-warning-option", "-fsyntax-only", unit.path]


def conversions(unit, root):
    flags = ["-Wconversion", "-Wsign-conversion"]
    return [compiler(unit.is_c, "gcc"), *unit.flags, *flags, "-fsyntax-only", "-fdiagnostics-plain-output", unit.path]


def gcc_analyzer(unit, root):
    # Without optimisation it sees what is written; -S because it runs late.
    return ["gcc", *unit.plain_flags(), "-fanalyzer", "-S", "-o", "/dev/null", "-fdiagnostics-plain-output", unit.path]


def clang_tidy(unit, root):
    known = [] if unit.name == "src/core/base/error.c" else ["-include", os.path.join(root, "tools/static/known.h")]
    # Warnings of the compiler are the first tool's.
    return ["clang-tidy-14", "--quiet", "--config-file=" + os.path.join(root, ".clang-tidy"), unit.path, "--",
            *unit.plain_flags(), *known, "-w"]


def cppcheck(unit, root):
    libraries = ["--library=" + name for name in ("posix", "gnu", "gtk", "cairo", "libcurl")]
    defines = [flag for flag in unit.flags if re.match(r"-[DI]", flag) and "/usr/" not in flag]
    language = ["--language=c", "--std=c11"] if unit.is_c else ["--language=c++", "--std=c++17"]
    return ["cppcheck", "--quiet", "--enable=warning,performance,portability", "--inline-suppr", "--error-exitcode=0",
            "--include=" + os.path.join(root, "tools/static/cppcheck.h"),
            "--template={file}:{line}:{column}: {severity}: {message} [{id}]", *libraries, *language, *defines, unit.path]


# What runs on which file, and a fault that it has to find.
TOOLS = {
    "clang-warnings": (clang_warnings, lambda unit: True, "int f (int a) { int unused = 3; return a; }\n", "-Wunused-variable"),
    "conversions": (conversions, lambda unit: READERS.match(unit.name), "unsigned short f (long a) { return a; }\n", "-Wconversion"),
    "gcc-analyzer": (
        gcc_analyzer,
        lambda unit: unit.is_c and unit.name.startswith("src/"),
        "#include <stdlib.h>\nvoid f (void) { char *a = malloc (3); free (a); free (a); }\n",
        "-Wanalyzer-double-free",
    ),
    "clang-tidy": (
        clang_tidy,
        lambda unit: unit.name.startswith("src/"),
        "#include <string.h>\nint f (const char *a) { return memchr (a, 'b', sizeof a) != NULL && a == NULL ? *a : 0; }\n"
        "void g (char *a, int n) { long m = n * n; memset (a, n, (size_t) m); }\n",
        "bugprone-implicit-widening-of-multiplication-result",
    ),
    "cppcheck": (
        cppcheck,
        lambda unit: unit.name.startswith("src/"),
        "int f (int n) { int a[4] = { 0 }; a[4] = n; return a[0]; }\n",
        "arrayIndexOutOfBounds",
    ),
}


class Accepted:
    """tools/static/accepted.txt: findings that are none."""

    def __init__(self, path):
        self.lines = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                fields = line.split("\t")
                if len(fields) != 4 or not fields[3].strip():
                    sys.exit("%s:%d: a tool, a check, a file and a reason are wanted" % (path, number))
                self.lines.append((number, fields))
        self.used = set()

    def fits(self, tool, finding):
        for number, (name, check, pattern, reason) in self.lines:
            if name == tool and check == finding["check"] and fnmatch.fnmatch(finding["file"], pattern):
                self.used.add(number)
                return True
        return False

    def unused(self, tools):
        return ["tools/static/accepted.txt:%d: fits no finding" % number for number, fields in self.lines if fields[0] in tools and number not in self.used]


def cleaned_up(finding, lines):
    """clang 14 does not run the functions of __attribute__((cleanup)), so it takes
    what g_autofree and g_autoptr free for lost."""
    match = re.search(r"[Ll]eak of memory pointed to by '(\w+)", finding["text"])
    if finding["check"] != "clang-analyzer-unix.Malloc" or match is None:
        return False
    above = lines[max(0, int(finding["line"]) - 120) : int(finding["line"])]
    return any(re.search(r"\bg_auto(free|ptr|strv|list|slist)?\b[^;]*\b%s\b" % match.group(1), line) for line in above)


def findings_of(text, unit, root):
    found = []
    for line in text.splitlines():
        match = FINDING.match(CWE.sub("", line))
        if match is not None:
            finding = match.groupdict()
            finding["file"] = os.path.relpath(os.path.normpath(os.path.join(unit.folder, finding["file"])), root)
            finding["check"] = finding["check"] or ""
            found.append(finding)
    return found


def look(tool, unit, root):
    command = TOOLS[tool][0](unit, root)
    done = subprocess.run(command, cwd=unit.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    found = findings_of(done.stdout, unit, root)
    if done.returncode != 0 and not found:
        found.append({"file": unit.name, "line": "0", "check": "", "text": "the tool failed: " + done.stdout[-400:]})
    return found


def processor_time():
    """Seconds that the tools took so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def self_test(tools, units, root):
    """A planted fault each, beside the flags of a real file. How many were not found."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for tool in tools:
            example = next(unit for unit in units if unit.name == "src/io/npy.c")
            unit = Unit.__new__(Unit)
            unit.folder, unit.flags, unit.is_c = example.folder, example.flags, True
            unit.path = os.path.join(folder, tool + ".c")
            unit.name = "src/io/planted.c"
            Path(unit.path).write_text(TOOLS[tool][2], encoding="utf-8")
            seen = any(TOOLS[tool][3] in finding["check"] for finding in look(tool, unit, root))
            missed += not seen
            print("%s - %s finds its planted fault (%s)" % ("ok" if seen else "not ok", tool, TOOLS[tool][3]), flush=True)
    return missed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tool", action="append", choices=sorted(TOOLS))
    parser.add_argument("files", nargs="*", help="only these, as they are called from the root")
    options = parser.parse_intermixed_args()
    root = options.root
    tools = options.tool or list(TOOLS)

    units, names = [], set()
    for entry in json.loads(Path(options.build, "compile_commands.json").read_text(encoding="utf-8")):
        unit = Unit(entry, root)
        # What meson wrote is not ours; a file that is compiled twice is looked at once.
        if unit.name not in names and not unit.path.startswith(options.build + os.sep):
            names.add(unit.name)
            units.append(unit)

    failed = self_test(tools, units, root)
    passed = len(tools) - failed
    accepted = Accepted(Path(root, "tools/static/accepted.txt"))
    n_accepted = 0
    for tool in tools:
        chosen = [unit for unit in units if TOOLS[tool][1](unit) and (not options.files or unit.name in options.files)]
        since, used = time.monotonic(), processor_time()
        folders = defaultdict(lambda: [0, {}])
        with ThreadPoolExecutor(options.jobs) as pool:
            for unit, found in zip(chosen, pool.map(lambda unit: look(tool, unit, root), chosen)):
                folder = folders["/".join(unit.name.split("/")[:2])]
                folder[0] += 1
                for finding in found:
                    lines = Path(root, finding["file"]).read_text(encoding="utf-8", errors="replace").splitlines() if Path(root, finding["file"]).is_file() else []
                    if accepted.fits(tool, finding) or cleaned_up(finding, lines):
                        n_accepted += 1
                    else:
                        # A header's is found by each file that includes it.
                        folder[1]["%(file)s:%(line)s: %(text)s [%(check)s]" % finding] = None
        for name, (n_files, found) in sorted(folders.items()):
            passed += not found
            failed += bool(found)
            print("%s - %s %s (%d files)" % ("not ok" if found else "ok", tool, name, n_files))
            for line in found:
                print("#   " + line)
        print("# %s: %d files, %.0f s, %.0f s of processor" % (tool, len(chosen), time.monotonic() - since, processor_time() - used), flush=True)
    if not options.files:
        stale = accepted.unused(tools)
        passed += not stale
        failed += bool(stale)
        print("%s - each accepted finding is still there" % ("not ok" if stale else "ok"))
        for line in stale:
            print("#   " + line)
    print("# static: %d passed, %d failed, %d findings accepted with a reason" % (passed, failed, n_accepted))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
