#!/usr/bin/env python3
"""Patients' data (design.md) in the window: pictures with planted strings are
opened through the real file dialog, exported and copied, by real keys; then
titles, output, exports and everything under the home directory are searched.
Usage: test-canary-window.py CLI APP"""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))
import canary
from support import TestCase, main

APP = os.path.abspath(sys.argv[2])
# Generous: only a hanging program takes so long.
PATIENCE = 300


def xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True).stdout


class Program:
    """The running program, and the titles its windows ever had."""

    def __init__(self, test, environment, prefix=()):
        self.test = test
        self.titles = set()
        self.traced = bool(prefix)
        self.output = open(test.path("output.txt"), "w+b")
        self.process = subprocess.Popen([*prefix, APP], env={**os.environ, **environment}, stdout=self.output, stderr=subprocess.STDOUT)

    def pid(self):
        """Under strace it is strace's child."""
        if not self.traced:
            return str(self.process.pid)
        return (Path("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)).read_text().split() or ["0"])[0]

    def windows(self):
        found = xdotool("search", "--onlyvisible", "--pid", self.pid()).split()
        self.titles.update(xdotool("getwindowname", window).strip() for window in found)
        return found

    def wait(self, what, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.test.assertIsNone(self.process.poll(), "the program ended while waiting for " + what)
            self.test.assertLess(time.monotonic(), end, "no sign of " + what + "; titles: %s" % self.titles)
            time.sleep(0.1)

    def focus(self, window):
        """There is no window manager that would give the focus."""
        xdotool("windowfocus", "--sync", window)

    def keys(self, *keys):
        xdotool("key", "--delay", "60", *keys)

    def dialog(self, key, path):
        """Opens the file dialog by its key and gives it a path."""
        self.wait("a window", lambda: len(self.windows()) > 0)
        before = self.windows()

        def opened():
            """The key means nothing until there is something to export."""
            if len(self.windows()) > len(before):
                return True
            self.focus(before[0])
            self.keys(key)
            for _ in range(20):
                if len(self.windows()) > len(before):
                    return True
                time.sleep(0.1)
            return False

        self.wait("the dialog of " + key, opened)
        if key == "ctrl+s":
            self.answer(before)
        self.focus(next(window for window in self.windows() if window not in before))
        time.sleep(0.5)
        if key == "ctrl+o":
            self.keys("ctrl+l")
        self.keys("ctrl+a")
        xdotool("type", "--delay", "25", path)
        time.sleep(0.5)
        self.keys("Return")
        self.wait("the end of the dialog", lambda: len(self.windows()) == len(before))
        self.focus(self.windows()[0])

    def answer(self, before):
        """Takes the first format; the file dialog comes next."""
        first = next(window for window in self.windows() if window not in before)
        self.focus(first)
        time.sleep(0.5)
        self.keys("Return")
        self.wait("the file dialog", lambda: any(window not in before and window != first for window in self.windows()) and first not in self.windows())

    def quit(self):
        self.focus(self.windows()[0])
        self.keys("ctrl+q")
        self.test.assertEqual(self.process.wait(PATIENCE), 0)
        self.output.seek(0)
        return self.output.read()


class CanaryWindow(TestCase):
    def setUp(self):
        super().setUp()
        self.home = self.path("home")
        self.out = self.path("out")
        for folder in (self.home, self.out, self.path("films")):
            os.mkdir(folder)
        self.environment = {"HOME": self.home, "XDG_RUNTIME_DIR": self.home, "TMPDIR": self.home, "DINOSCOPE_NON_UNIQUE": "1"}
        for name in ("CACHE", "DATA", "CONFIG", "STATE"):
            self.environment["XDG_%s_HOME" % name] = os.path.join(self.home, name.lower())
            os.mkdir(self.environment["XDG_%s_HOME" % name])

    def search(self, folder, words):
        for root, folders, names in os.walk(folder):
            for name in names:
                data = Path(root, name).read_bytes()
                self.assertEqual(canary.found(data + b"\n" + name.encode(), words), [], name)

    def drive(self, name, data, prefix=()):
        """Open, export, copy, quit; the titles that were seen."""
        path = os.path.join(self.path("films"), name)
        Path(path).write_bytes(data)
        program = Program(self, self.environment, prefix)
        self.addCleanup(program.process.kill)
        program.wait("the window", program.windows)
        program.dialog("ctrl+o", path)
        export = os.path.join(self.out, "export.png")
        program.dialog("ctrl+s", export)
        program.wait("the export", lambda: os.path.exists(export) and os.path.exists(export[:-4] + ".json"))
        program.keys("ctrl+shift+c")
        time.sleep(1)
        said = program.quit()
        self.assertEqual(canary.found(said, canary.PERSONAL), [])
        self.assertEqual(canary.found("\n".join(program.titles).encode(), canary.PERSONAL), [])
        self.search(self.out, canary.PERSONAL + [canary.FILE])
        self.search(self.home, canary.PERSONAL)
        return program.titles

    def recent(self):
        path = Path(self.environment["XDG_DATA_HOME"], "recently-used.xbel")
        return path.read_bytes() if path.exists() else b""

    def test_dicom(self):
        titles = self.drive(canary.FILE + ".dcm", canary.dicom_bytes(canary.film(691, 640)))
        self.assertEqual(canary.found("\n".join(titles).encode(), [canary.FILE]), [])
        self.assertEqual(canary.found(self.recent(), [canary.FILE]), [])
        self.search(self.home, [canary.FILE])

    def test_no_network(self):
        """X and D-Bus are sockets of this machine's file system; there is no other kind."""
        if shutil.which("strace") is None:
            self.skipTest("strace is not there")
        log = self.path("trace.txt")
        self.drive(canary.FILE + ".dcm", canary.dicom_bytes(canary.film(691, 640)), ["strace", "-f", "-qq", "-e", "trace=network", "-o", log])
        lines = [line for line in Path(log).read_text().splitlines() if "socket(" in line or "connect(" in line]
        self.assertTrue(any("AF_UNIX" in line for line in lines))
        self.assertEqual([line for line in lines if "AF_UNIX" not in line], [])

    def test_png(self):
        """The name of a picture that is not DICOM may be in the title and among the recent files: so the search does find."""
        titles = self.drive(canary.FILE + ".png", canary.plant_png(canary.film(691, 640)))
        self.assertEqual(canary.found("\n".join(titles).encode(), [canary.FILE]), [canary.FILE])
        self.assertEqual(canary.found(self.recent(), [canary.FILE]), [canary.FILE])


if __name__ == "__main__":
    if not os.environ.get("DISPLAY"):
        print("TAP version 13\n1..0 # SKIP no display")
        sys.exit(0)
    main()
