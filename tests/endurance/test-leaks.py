#!/usr/bin/env python3
"""leaks.py knows whose a leak is. TAP. Usage: test-leaks.py LEAKS_PY"""
import subprocess
import sys

BEGIN = "Direct leak of 32 byte(s) in 1 object(s) allocated from:\n    #0 0x7f01 in __interceptor_malloc ../../../../src/libsanitizer/asan/asan_malloc_linux.cpp:69\n    #1 0x7f02 in g_malloc (/lib/x86_64-linux-gnu/libglib-2.0.so.0+0x5a658)\n"
OURS = "    #2 0x7f03 in dinoscope_window_init ../src/app/dinoscope-window.c:12\n"
EXPORTED = "    #2 0x7f04 in gtk_label_new (/lib/x86_64-linux-gnu/libgtk-4.so.1+0x22)\n"
INNER = "    #2 0x7f05  (/lib/x86_64-linux-gnu/libgtk-4.so.1+0x22cd9b)\n"
CALLBACK = "    #2 0x7f06  (/lib/x86_64-linux-gnu/libgobject-2.0.so.0+0x165a8)\n"

CASES = [
    ("made by us", OURS, 1),
    ("made for us", EXPORTED + OURS, 1),
    ("made for us in a callback", EXPORTED + CALLBACK + OURS, 1),
    ("made inside of a library that we called", INNER + OURS, 0),
    ("made for a library", EXPORTED + INNER + OURS, 0),
    ("made on a thread of GLib", CALLBACK, 0),
]


def judge(report):
    return subprocess.run([sys.executable, sys.argv[1]], input=report, capture_output=True, text=True)


def main():
    print("TAP version 13\n1..%d" % (len(CASES) + 2))
    number = 0
    for title, frames, code in CASES:
        number += 1
        result = judge("seed 1: 5 steps, 0 findings\n\n" + BEGIN + frames + "\nIndirect leak of 1 byte(s) in 1 object(s) allocated from:\n" + OURS)
        print("%sok %d - %s" % ("" if result.returncode == code and ("dinoscope_window_init" in result.stdout) == bool(code) else "not ", number, title))
    for title, report, code in (("nothing leaked", "seed 1: 5 steps, 0 findings\n", 0), ("no end", "seed 1\n", 1)):
        number += 1
        print("%sok %d - %s" % ("" if judge(report).returncode == code else "not ", number, title))


main()
