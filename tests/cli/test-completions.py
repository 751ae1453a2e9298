#!/usr/bin/env python3
"""The shells complete what the program takes: test-completions.py CLI TOOL FOLDER"""
import os
import shutil
import subprocess
import sys

from support import CLI, TestCase, main

TOOL, FOLDER = sys.argv[2:4]
NAMES = ("dinoscope-cli", "_dinoscope-cli", "dinoscope-cli.fish")

# Asks the function of the file as bash does.
BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dinoscope_cli; printf '%s\\n' "${COMPREPLY[@]}"
"""


class Completions(TestCase):
    def bash(self, *words):
        file = os.path.join(FOLDER, "dinoscope-cli")
        done = subprocess.run(["bash", "-c", BASH, "bash", file, "dinoscope-cli", *words], stdout=subprocess.PIPE, check=True)
        return done.stdout.decode().split()

    def test_as_the_table_says(self):
        """Writing them again from the program's table changes nothing."""
        subprocess.run([sys.executable, TOOL, CLI, self.folder], check=True)
        for name in NAMES:
            with open(os.path.join(FOLDER, name)) as there, open(self.path(name)) as new:
                self.assertEqual(there.read(), new.read(), "run tools/make-completions.py: " + name)

    def test_bash(self):
        self.assertEqual(self.bash(""), ["info", "features", "map", "bench", "model", "embed", "merge", "index", "neighbors", "cluster", "compare", "segment", "probe", "serve"])
        self.assertEqual(self.bash("map", "--smooth", ""), ["cells", "bilinear", "guided"])
        self.assertEqual(self.bash("map", "--smooth", "=", "g"), ["guided"])
        self.assertEqual(self.bash("model", "v"), ["verify"])
        self.assertEqual(self.bash("probe", "t"), ["train", "test"])
        self.assertEqual(self.bash("probe", "--uncertain", ""), ["ignore", "zero", "one"])
        self.assertIn("--overlay", self.bash("map", "--o"))
        self.assertNotIn("--overlay", self.bash("bench", "--o"))

    def test_every_shell_reads_its_file(self):
        for shell, name in zip(("bash", "zsh", "fish"), NAMES):
            program = shutil.which(shell)
            if program is not None:
                with self.subTest(shell):
                    subprocess.run([program, "-n", os.path.join(FOLDER, name)], check=True)


if __name__ == "__main__":
    main()
