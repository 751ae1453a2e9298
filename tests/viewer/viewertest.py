"""A real viewer with our plug-in and a driver in it, and what its screen shows."""
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

# Only what hangs takes so long.
PATIENCE = float(os.environ.get("DINOSCOPE_TEST_PATIENCE", 240))


def is_running(process):
    try:
        return Path("/proc/%d/stat" % process).read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def screen():
    """[height, width, 3] of the whole X screen."""
    data = subprocess.run(["import", "-silent", "-window", "root", "-depth", "8", "ppm:-"], capture_output=True, check=True).stdout
    kind, size, depth, body = data.split(b"\n", 3)
    assert (kind, depth) == (b"P6", b"255"), data[:20]
    width, height = map(int, size.split())
    return np.frombuffer(body, np.uint8, width * height * 3).reshape(height, width, 3)


def environment(root, scale=1):
    """Nothing of the user's."""
    names = {name: value for name, value in os.environ.items() if name not in ("G_DEBUG", "GSETTINGS_SCHEMA_DIR", "GDK_SCALE")}
    names.update(HOME=str(root), XDG_DATA_HOME=str(root / "share"), XDG_CONFIG_HOME=str(root / "config"), XDG_CACHE_HOME=str(root / "cache"))
    names.update(GSETTINGS_BACKEND="keyfile", GDK_BACKEND="x11", NO_AT_BRIDGE="1", GIO_USE_VFS="local", GTK_USE_PORTAL="0", GDK_SCALE=str(scale))
    return names


class Viewer:
    """What starts it sets process; the driver in it listens at address."""

    def __init__(self, name):
        self.name = name
        self.folder = tempfile.TemporaryDirectory(prefix="dinoscope-%s-" % name)
        self.root = Path(self.folder.name)
        self.log = open(self.root / "log.txt", "w+")
        self.address = str(self.root / "driver")
        self.socket = None

    def __enter__(self):
        try:
            self.connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        if self.socket is not None:
            self.socket.close()
        if self.process.poll() is None:
            for child in self.children():
                os.kill(child, signal.SIGKILL)
            self.process.kill()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def connect(self):
        def connected():
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.address)
                return True
            except OSError:
                self.socket.close()
                self.socket = None
                return False

        self.wait(self.name, connected)
        self.lines = self.socket.makefile("rw", encoding="utf-8")
        self.wait("the picture", lambda: self.state().get("picture-width", "0") != "0")

    def output(self):
        self.log.flush()
        return Path(self.log.name).read_text(errors="replace")

    def wait(self, what, condition):
        end = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError("no sign of %s; %s (%s) said:\n%s" % (what, self.name, self.process.poll(), self.output()))
            time.sleep(0.05)

    def tell(self, *words):
        self.lines.write(" ".join(map(str, words)) + "\n")
        self.lines.flush()
        return self.lines.readline().rstrip("\n")

    def do(self, *words):
        answer = self.tell(*words)
        assert answer == "done", (words, answer, self.output())

    def state(self):
        return dict(pair.split("=", 1) for pair in self.tell("state").split("\t") if "=" in pair)

    def children(self):
        """The processes that it has started and that are there."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(") ")[2].split()
                except OSError:
                    continue
                if int(fields[1]) == self.process.pid and fields[0] != "Z":
                    found.append(int(entry.name))
        return found
