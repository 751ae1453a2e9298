#!/usr/bin/env python3
"""Whose the leaks are that LeakSanitizer tells of a program of GTK: leaks.py < REPORT

Libraries lose memory of their own: GTK's file dialog, its list of recent files,
the cloud providers that it asks. GLib has no symbols for its inner functions and
no frame pointers, so no list of suppressions tells these from ours; whole stacks
(ASAN_OPTIONS=fast_unwind_on_malloc=0:malloc_context_size=16) do. From the
allocation outwards, GLib left out:

- a function of this project: the leak is ours;
- a function that a library exports: whoever called it decides;
- any other function of a library: the library's.

What a library made inside and handed over is therefore taken for the library's;
repeat-window sees whether such things grow. Prints what is ours, and counts both.
Exit code 1 when something is ours, or when there is no report to read."""
import re
import sys

FRAME = re.compile(r"^\s*#(\d+) 0x[0-9a-f]+ (?: ?in (?P<function>\S+) )?\s*(?P<place>.*)$")
BASE = ("libglib-2.0", "libgobject-2.0", "libgio-2.0", "libasan", "libc.so", "libsanitizer", "sysdeps/", "nptl/", "libio/", "csu/", "stdlib/", "string/", "malloc/")
OWN = ("/src/", "/tests/")


def is_ours(block):
    """block: the lines of one leak, the first of which says how large it is."""
    for line in block[1:]:
        frame = FRAME.match(line)
        if frame is None:
            continue
        place = frame.group("place")
        if any(part in place for part in BASE):
            continue
        if any(part in place for part in OWN):
            return True
        if frame.group("function") is None:
            return False
    return False


def direct_leaks(report):
    for block in re.split(r"\n\s*\n", report):
        lines = block.strip("\n").split("\n")
        if lines[0].startswith("Direct leak of "):
            yield lines


def main():
    report = sys.stdin.read()
    leaks = list(direct_leaks(report))
    if "findings" not in report and not leaks:
        print("The program did not come to its end.")
        return 1
    ours = [block for block in leaks if is_ours(block)]
    for block in ours:
        print("\n".join(block) + "\n")
    print("%d leaks of libraries, %d of ours" % (len(leaks) - len(ours), len(ours)))
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
