#!/usr/bin/env python3
"""The manual page and the program name the same options: test-manual.py CLI PAGE"""
import glob
import os
import re
import shutil
import subprocess
import sys

from support import TestCase, main

PAGE = sys.argv[2]
COMMANDS = ("info", "features", "map", "bench", "model", "embed", "merge", "index", "neighbors", "cluster", "compare", "segment", "probe", "serve")


def help_options(text):
    """{long name: (letter, choices)} of a help text."""
    found = {}
    for letter, name, value in re.findall(r"(?m)^  (?:-(.), |    )--([a-z][a-z0-9-]*)(?: (\S+))?$", text):
        found[name] = (letter, value)
    return found


def page_sections():
    """{title: {long name: (letter, choices)}} of the page's option lists."""
    sections, current = {}, None
    for line in open(PAGE):
        if line.startswith(".Sh "):
            current = sections.setdefault(line[4:].strip(), {})
        match = re.match(r"\.It (?:Fl (\w) , )?Fl -([a-z][a-z0-9-]*)(.*)", line)
        if match:
            value = re.sub(r"\b(Cm|Ar|Ns|Op)\b|[\s\\&]", "", match.group(3))
            current[match.group(2)] = (match.group(1) or "", value)
    return sections


class Manual(TestCase):
    def test_options(self):
        """Every option of the table is in the page, in its command's section with its letter and choices, and no other."""
        sections = page_sections()
        common = help_options(self.good("--help").text)
        self.assertGreater(len(common), 10)
        pages = {"EVERY COMMAND": common}
        for command in COMMANDS:
            own = help_options(self.good(command, "--help").text)
            self.assertEqual({name: own.pop(name) for name in common}, common)
            if own:
                pages[command.upper()] = own
        for title, options in pages.items():
            written = sections["OPTIONS OF " + title]
            self.assertEqual(set(written), set(options), title)
            for name, (letter, value) in options.items():
                self.assertEqual(written[name][0], letter, name)
                if "|" in value and value.islower():
                    self.assertEqual(written[name][1], value, name)
        self.assertEqual({title for title in sections if title.startswith("OPTIONS")}, {"OPTIONS OF " + title for title in pages})

    def test_exit_codes(self):
        text = open(PAGE).read()
        section = text[text.index(".Sh EXIT STATUS") : text.index(".Sh EXAMPLES")]
        self.assertEqual(re.findall(r"\.It (\d+)", section), ["0", "1", "2", "3", "4", "5", "130"])

    def test_lint(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not there: the pages are NOT checked")
        pages = sorted(glob.glob(os.path.join(os.path.dirname(PAGE), "*.1")))
        names = [os.path.basename(page) for page in pages]
        self.assertEqual(names, ["dinoscope-cli.1", "dinoscope-dicom.1", "dinoscope-picture.1", "dinoscope.1"])
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    main()
