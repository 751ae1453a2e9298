#!/usr/bin/env python3
"""The program as it is shipped with malloc() that fails: test-starve.py CLI SHIM
A sample of the requests that do not come from GLib (which ends a process by
design) fails, whichever library asks: the command ends with its result or with
one of its exit codes and a message. Only commands that draw no text: fontconfig
and Pango do not survive it."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

import support  # noqa: E402
from support import CLI, GOLDEN, TINY, WATCHDOG, TestCase  # noqa: E402

SHIM = os.path.abspath(sys.argv[2])
# Requests that are tried for each command.
SAMPLE = 60


class Starve(TestCase):
    def run_with(self, arguments, at):
        out, count = self.path("out"), self.path("count")
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        env = {**os.environ, "LD_PRELOAD": SHIM, "DINO_STARVE": str(at), "DINO_STARVE_COUNT": count, "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run([CLI, *map(str, arguments), "--model", TINY, "--threads", "1"], capture_output=True, env=env, timeout=WATCHDOG)
        return done, int(Path(count).read_text()) if at < 0 else 0

    def sweep(self, *arguments):
        want, n = self.run_with(arguments, -1)
        self.assertEqual(want.returncode, 0, want.stderr)
        codes = {}
        for at in range(0, n, max(1, n // SAMPLE)):
            done, _ = self.run_with(arguments, at)
            codes[done.returncode] = codes.get(done.returncode, 0) + 1
            told = (at, done.returncode, done.stderr.decode("utf-8", "replace")[:300])
            self.assertIn(done.returncode, (0, 1, 3, 4), told)
            if done.returncode == 0:
                self.assertEqual(done.stdout, want.stdout, told)
            else:
                self.assertIn("dinoscope-cli: ", told[2], told)
                self.assertEqual(os.listdir(self.path("out")), [], told)
        print("# %s: %d of %d requests failed, exit codes %s" % (arguments[0], sum(codes.values()), n, codes), flush=True)

    def test_info(self):
        self.sweep("info", "--json")

    def test_features(self):
        self.sweep("features", GOLDEN / "modes/rgb-420.jpg", "-o", self.path("out/a.npy"))


if __name__ == "__main__":
    support.main()
