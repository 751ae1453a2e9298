#!/usr/bin/env python3
"""Eye of GNOME with the plug-in: test-eog.py CLI PLUGIN DRIVER. What the screen
shows is compared with what "dinoscope-cli map" writes, point by point, where
arithmetic of this file's own says that it has to be."""
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / folder) for folder in ("cli", "viewer")]
from support import CLI, EXAMPLES, main  # noqa: E402

from eogtest import Eog  # noqa: E402
from viewercase import PATIENCE, Reference, ViewerCase, greys  # noqa: E402

PLUGIN, DRIVER = (os.path.abspath(argument) for argument in sys.argv[2:4])
PICTURES = [EXAMPLES / "chest-01.png", EXAMPLES / "chest-02.png"]

for tool in ("eog", "import", "xdotool"):
    if shutil.which(tool) is None or "DISPLAY" not in os.environ:
        print("1..0 # SKIP there is no display, or no %s" % tool)
        sys.exit(0)


def quarter(point, size):
    return (size[1] - point[1], point[0]), (size[1], size[0])


def mirror(point, size):
    return (size[0] - point[0], point[1]), size


def back(point, size):
    """A quarter counter-clockwise."""
    return (point[1], size[0] - point[0]), (size[1], size[0])


class Plugin(ViewerCase):
    def open(self, files=PICTURES, **options):
        cli = options.pop("cli", CLI)
        return Eog(PLUGIN, DRIVER, cli, files, **options)

    def set_up_map(self, eog, overlay="cls-attention"):
        eog.encode()
        eog.do("set", "dinoscope-overlay", overlay)
        if overlay == "cls-attention":
            eog.do("set", "block", 1)
        eog.do("set", "dinoscope-opacity", 1)

    def test_everything(self):
        """Encoded, at 100 %, zoomed, panned, turned and flipped; faded, hidden; the next picture; switched off and on."""
        first = Reference(PICTURES[0], self.folder, block=1)
        with self.open() as eog:
            state = eog.state()
            self.assertEqual((state["page"], state["map"], state["encode"], state["controls"]), ("1", "0", "1", "0"))
            self.assertEqual(eog.children(), [], "something runs though nobody asked for it")
            self.set_up_map(eog)
            self.assertEqual(len(eog.children()), 1)
            state = eog.state()
            self.assertIn("Demonstration encoder", state["encoder"])
            eog.do("zoom", 1)
            self.shows(eog, first)
            eog.do("zoom", 2.5)
            before = self.shows(eog, first)
            self.drag(before)
            eog.wait("a picture that was dragged", lambda: float(eog.state()["left"]) > float(before["left"]) + 20)
            self.shows(eog, first)
            eog.do("scroll", 311, 97)
            self.shows(eog, first)
            eog.do("zoom", 0.61)
            self.shows(eog, first)
            eog.do("action", "rotate-90")
            eog.wait("a turned picture", lambda: eog.state()["picture-width"] == str(first.size[1]))
            self.shows(eog, first, quarter)
            eog.do("action", "flip-horizontal")
            self.shows(eog, first, quarter, mirror)
            eog.do("zoom", 1.7)
            eog.do("scroll", 40, 200)
            self.shows(eog, first, quarter, mirror)
            # One after the other: eog drops an undo that comes while it still turns the picture.
            eog.do("action", "undo")
            self.shows(eog, first, quarter)
            eog.do("action", "undo")
            eog.wait("the picture as it was", lambda: eog.state()["picture-width"] == str(first.size[0]))
            eog.do("zoom", 1)
            self.shows(eog, first)
            picture = greys(PICTURES[0])
            eog.do("set", "dinoscope-opacity", 0.3)
            self.shows(eog, first, under=picture, opacity=0.3)
            eog.do("set", "dinoscope-shown", 0)
            self.shows(eog, first, under=picture, opacity=0)
            eog.do("set", "dinoscope-shown", 1)
            eog.do("set", "dinoscope-opacity", 1)
            eog.do("action", "go-next")
            eog.wait("the next picture", lambda: eog.state()["picture"] == PICTURES[1].name)
            state = eog.state()
            self.assertEqual((state["map"], state["encode"]), ("0", "1"))
            second = Reference(PICTURES[1], self.folder, block=1)
            eog.encode()
            eog.do("zoom", 1)
            self.shows(eog, second)
            served = eog.children()
            pages = int(eog.state()["pages"])
            eog.do("plugins", "eog-driver")
            eog.wait("the page's end", lambda: eog.state()["page"] == "0")
            self.assertEqual(int(eog.state()["pages"]), pages - 1)
            self.gone(served)
            self.shows(eog, second, under=greys(PICTURES[1]), opacity=0)
            eog.do("plugins", "eog-driver,dinoscope-eog")
            eog.wait("the page", lambda: eog.state()["page"] == "1")
            eog.do("page")
            self.set_up_map(eog, "pca")
            eog.do("zoom", 1)
            self.shows(eog, Reference(PICTURES[1], self.folder, "pca"))
            self.gone(self.ends(eog))

    def test_quit_during_run(self):
        """The process that encodes is stopped, so that the run lasts: eog goes on, cancels, and quits."""
        with self.open() as eog:
            for quits in (False, True):
                eog.do("click", "dinoscope-encode")
                child = eog.wait("the process", eog.children)[0]
                os.kill(child, signal.SIGSTOP)
                state = eog.state()
                self.assertEqual((state["cancel"], state["encode"]), ("1", "0"), state)
                eog.do("zoom", 1.5)
                if not quits:
                    eog.do("click", "dinoscope-cancel")
                    state = eog.state()
                    self.assertEqual((state["cancel"], state["encode"], state["status"]), ("0", "1", "Cancelled."))
                    self.gone([child])
            self.ends(eog)
            os.kill(child, signal.SIGCONT)
            self.gone([child])

    def test_cancel(self):
        """A cancelled run leaves everything as it was; the next one is served by the same process."""
        with self.open() as eog:
            eog.do("click", "dinoscope-encode")
            eog.tell("click", "dinoscope-cancel")
            eog.encode()
            self.ends(eog)

    def test_orientation(self):
        """EXIF turns the picture in eog as it does here; where eog leaves it as it lies in the file, the map does, too."""
        jpeg = os.path.join(self.folder, "turned.jpg")
        plain = subprocess.run(["convert", str(PICTURES[0]), "-quality", "95", "jpg:-"], capture_output=True, check=True).stdout
        exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        Path(jpeg).write_bytes(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])
        reference = Reference(jpeg, self.folder, block=1)
        for autorotate in (True, False):
            with self.open([jpeg], autorotate=autorotate) as eog:
                self.assertEqual(int(eog.state()["picture-width"]), reference.size[0 if autorotate else 1])
                self.set_up_map(eog)
                turns = [] if autorotate else [back]
                self.shows(eog, reference, *turns)
                eog.do("action", "rotate-90")
                self.shows(eog, reference, *turns, quarter)
                self.ends(eog)

    def test_twofold_scale(self):
        with self.open(scale=2) as eog:
            eog.do("resize", 600, 480)
            reference = Reference(PICTURES[0], self.folder, block=1)
            self.set_up_map(eog)
            self.assertEqual(eog.state()["scale"], "2")
            self.shows(eog, reference)
            eog.do("zoom", 1.3)
            eog.do("scroll", 101, 53)
            self.shows(eog, reference)
            self.ends(eog)

    def test_plugins(self):
        """Overlays of others are chosen and set as ours; those that fail or never end are named, and the next map comes."""
        environment = {"DINOSCOPE_PLUGINS": "", "DINOSCOPE_PLUGIN_PATH": os.environ["DINOSCOPE_TEST_PLUGINS"], "DINOSCOPE_PLUGIN_PATIENCE": "300"}
        with self.open(extra=environment) as eog:
            eog.encode()
            eog.do("set", "dinoscope-opacity", 1)
            eog.do("set", "dinoscope-overlay", "example")
            eog.do("set", "reach", 3)
            eog.do("set", "squared", 1)
            example = Reference(PICTURES[0], self.folder, "example", environment, block=5, reach=3, squared="true")
            self.shows(eog, example)
            eog.do("set", "dinoscope-overlay", "error-return")
            eog.wait("a word on the plug-in", lambda: "error-return" in eog.state()["status"])
            self.assertEqual(eog.state()["map"], "0")
            eog.do("set", "dinoscope-overlay", "endless")
            eog.do("set", "dinoscope-overlay", "example")
            eog.wait("the next map", lambda: eog.state()["map"] == "1")
            self.assertEqual(eog.state()["status"], "")
            self.shows(eog, example)
            children = eog.children()
            eog.tell("quit")
            self.assertEqual(eog.process.wait(PATIENCE), 0, eog.output())
            self.gone(children)

    def test_refusals(self):
        """Too little memory, no program, one that fails: said in the sidebar, and everything goes on."""
        script = os.path.join(self.folder, "hungry")
        Path(script).write_text('#!/bin/sh\nulimit -v 3000000\nexec "%s" "$@" --threads 1 --fit whole --input-size 7000\n' % CLI)
        os.chmod(script, 0o755)
        for cli, says in ((script, "memory"), ("/bin/false", "ended"), ("/nonexistent/cli", "No such file")):
            with self.open(cli=cli) as eog:
                eog.do("click", "dinoscope-encode")
                eog.wait("a refusal", lambda: eog.state()["encode"] == "1")
                state = eog.state()
                self.assertIn(says, state["status"])
                self.assertEqual((state["map"], state["cancel"]), ("0", "0"))
                self.ends(eog)

    def test_link(self):
        """GTK 3 alone, and neither our library nor its linear algebra; one symbol; never unloaded."""
        dynamic = subprocess.run(["readelf", "-d", PLUGIN], capture_output=True, text=True, check=True).stdout
        loaded = subprocess.run(["ldd", PLUGIN], capture_output=True, text=True, check=True).stdout
        for name in ("libgtk-4", "libadwaita", "libdinoscope.so", "openblas", "libjansson"):
            self.assertNotIn(name, dynamic + loaded)
        self.assertIn("NODELETE", dynamic)
        symbols = subprocess.run(["nm", "-D", "--defined-only", PLUGIN], capture_output=True, text=True, check=True).stdout
        self.assertEqual([line.split()[2] for line in symbols.splitlines() if line.split()[1] in "TW"], ["peas_register_types"])


if __name__ == "__main__":
    main()
