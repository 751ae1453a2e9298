#!/usr/bin/env python3
"""The window without a home, a bus or room: it opens a picture, encodes it, exports
the same bytes as ever and ends with 0. test-homeless.py CLI SCRIPTED-WINDOW APP"""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))
from support import EXAMPLES, TINY, TestCase, main

WINDOW = os.path.abspath(sys.argv[2])
APP = os.path.abspath(sys.argv[3])
PICTURE = str(EXAMPLES / "chest-01.png")
# Only what hangs takes so long.
PATIENCE = 300
PLACES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")
EXPECTED = ("dconf will not work properly", "Unable to create user data directory")
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
# Packed weights are to be kept in the cache.
KEYFILE = "[io/github/dinoscope/Dinoscope]\npacked-cache=true\n"


class Homeless(TestCase):
    expected = None

    def environment(self, **values):
        """An empty address is no bus; a missing one has GLib start one."""
        left_out = (*PLACES, "GSETTINGS_BACKEND", "ADW_DISABLE_PORTAL", "GTK_USE_PORTAL", "G_DEBUG")
        names = {name: value for name, value in os.environ.items() if name not in left_out}
        return {**names, "DBUS_SESSION_BUS_ADDRESS": "", "DINOSCOPE_NON_UNIQUE": "", "DINOSCOPE_MODEL": TINY, **values}

    def usual(self):
        home = self.path("home")
        os.makedirs(home, exist_ok=True)
        return self.environment(HOME=home, GSETTINGS_BACKEND="memory", DBUS_SESSION_BUS_ADDRESS=os.environ.get("DBUS_SESSION_BUS_ADDRESS", ""), DINOSCOPE_NON_UNIQUE="1")

    def export(self, environment, prefix=()):
        """What is exported of the picture, and the sidecars."""
        output = Path(self.path("output"))
        output.mkdir()
        if prefix == NOBODY:
            os.chown(output, 65534, 65534)
        child = subprocess.run([*prefix, WINDOW, "encode", PICTURE, str(output / "map")], env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
        said = child.stderr.decode("utf-8", "replace")
        self.assertEqual(child.returncode, 0, said)
        self.assert_no_critical(said)
        files = {path.name: path.read_bytes() for path in output.iterdir()}
        shutil.rmtree(output)
        return files

    def assert_no_critical(self, said):
        """But for dconf's and GTK's, which tell that settings and recent files will be gone at the end."""
        self.assertEqual([line for line in said.splitlines() if "CRITICAL" in line and not any(word in line for word in EXPECTED)], [])

    def assert_as_ever(self, environment, prefix=()):
        if Homeless.expected is None:
            Homeless.expected = self.export(self.usual())
            self.assertEqual(sorted(Homeless.expected), ["map.json", "map.npy", "map.npy.json", "map.png"])
        files = self.export(environment, prefix)
        self.assertEqual(sorted(files), sorted(Homeless.expected))
        for name in files:
            self.assertEqual(files[name], Homeless.expected[name], name)

    def test_none(self):
        """No home, no runtime folder, nothing of XDG, no bus."""
        self.assert_as_ever(self.environment())

    def test_nothing_can_be_made(self):
        """Below a device nobody makes a folder, root neither."""
        self.assert_as_ever(self.environment(**{name: "/dev/null/" + name for name in PLACES}))

    def test_read_only(self):
        """Another user, who may read everything and write the output alone."""
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("only root becomes another user: a read-only home is NOT tested")
        if subprocess.run([*NOBODY, WINDOW], capture_output=True).returncode != 2:
            self.skipTest("another user cannot start the program here: a read-only home is NOT tested")
        os.chmod(self.path(""), 0o755)
        home = Path(self.path("theirs"))
        home.mkdir(mode=0o755)
        values = {name: str(home) for name in PLACES}
        if os.environ.get("XAUTHORITY"):
            values["XAUTHORITY"] = shutil.copy(os.environ["XAUTHORITY"], self.path("authority"))
            os.chown(values["XAUTHORITY"], 65534, 65534)
        self.assert_as_ever(self.environment(**values), NOBODY)
        self.assertEqual(list(home.iterdir()), [])

    def test_full(self):
        """A disk without a free byte has the home, the settings and the cache, which is wanted."""
        disk = Path(self.path("disk"))
        disk.mkdir()
        settings = disk / "glib-2.0" / "settings"
        script = 'mount -t tmpfs -o size=64k none "$0" || exit 77; mkdir -p "$1"; printf "$2" > "$1/keyfile"; cat /dev/zero > "$0/zeros" 2> /dev/null; shift 2; "$@"; code=$?; ls -A "$0"; exit $code'
        prefix = ("unshare", "--mount", "--map-root-user", "sh", "-c", script, str(disk), str(settings), KEYFILE)
        probe = subprocess.run([*prefix, "true"], capture_output=True, text=True)
        if probe.returncode != 0:
            self.skipTest("nothing can be mounted here: a full disk is NOT tested (%s)" % probe.stderr.strip())
        self.assertEqual(probe.stdout.split(), ["glib-2.0", "zeros"])
        self.assert_as_ever(self.environment(GSETTINGS_BACKEND="keyfile", **{name: str(disk) for name in PLACES}), prefix)

    def test_program(self):
        """The program itself, from its start to the key that ends it."""
        with open(self.path("said.txt"), "w+") as said:
            process = subprocess.Popen([APP, PICTURE], env=self.environment(), stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            try:
                window = self.wait_for_window(process)
                subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", "ctrl+q"], capture_output=True)
                self.assertEqual(process.wait(PATIENCE), 0)
            finally:
                process.kill()
                process.wait()
            said.seek(0)
            self.assert_no_critical(said.read())

    def wait_for_window(self, process):
        end = time.monotonic() + PATIENCE
        while True:
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "^chest-01.png$"], capture_output=True, text=True).stdout.split()
            if found:
                return found[0]
            self.assertIsNone(process.poll(), "the program ended")
            self.assertLess(time.monotonic(), end, "no window")
            time.sleep(0.1)


if __name__ == "__main__":
    if not os.environ.get("DISPLAY"):
        print("1..0 # SKIP no display")
        sys.exit(0)
    main()
