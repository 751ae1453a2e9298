#!/usr/bin/env python3
"""gThumb with the extension: test-gthumb.py CLI EXTENSION DRIVER. What the screen
shows is compared with what "dinoscope-cli map" writes, point by point."""
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / folder) for folder in ("cli", "viewer")]
from support import CLI, EXAMPLES, main  # noqa: E402

from gthumbtest import Gthumb  # noqa: E402
from viewercase import Reference, ViewerCase, greys  # noqa: E402

EXTENSION, DRIVER = (os.path.abspath(argument) for argument in sys.argv[2:4])
PICTURES = [EXAMPLES / "chest-01.png", EXAMPLES / "chest-02.png"]

for tool in ("gthumb", "import", "xdotool"):
    if shutil.which(tool) is None or "DISPLAY" not in os.environ:
        print("1..0 # SKIP there is no display, or no %s" % tool)
        sys.exit(0)


class Extension(ViewerCase):
    def open(self, files=PICTURES, **options):
        cli = options.pop("cli", CLI)
        return Gthumb(EXTENSION, DRIVER, cli, files, **options)

    def set_up_map(self, gthumb):
        gthumb.encode()
        gthumb.do("set", "dinoscope-overlay", "cls-attention")
        gthumb.do("set", "block", 1)
        gthumb.do("set", "dinoscope-opacity", 1)

    def dragged(self, gthumb, before):
        """gThumb may take the first press for one that gives it the focus."""
        self.drag(before)
        return float(gthumb.state()["left"]) > float(before["left"]) + 20

    def test_everything(self):
        """Encoded, at 100 %, zoomed, panned, faded, hidden; the next picture and back; folded."""
        first = Reference(PICTURES[0], self.folder, block=1)
        with self.open() as gthumb:
            state = gthumb.state()
            self.assertEqual((state["picture"], state["encode"], state["controls"]), ("chest-01.png", "1", "0"))
            self.assertEqual(gthumb.children(), [], "something runs though nobody asked for it")
            self.set_up_map(gthumb)
            self.assertEqual(len(gthumb.children()), 1)
            self.assertIn("Demonstration encoder", gthumb.state()["encoder"])
            gthumb.do("zoom", 1)
            self.shows(gthumb, first)
            gthumb.do("zoom", 2.5)
            before = self.shows(gthumb, first)
            gthumb.wait("a picture that was dragged", lambda: self.dragged(gthumb, before))
            self.shows(gthumb, first)
            gthumb.do("scroll", 311, 97)
            self.shows(gthumb, first)
            gthumb.do("zoom", 0.61)
            self.shows(gthumb, first)
            gthumb.do("zoom", 1)
            gthumb.do("set", "dinoscope-opacity", 0.4)
            self.shows(gthumb, first, under=greys(PICTURES[0]), opacity=0.4)
            gthumb.do("set", "dinoscope-shown", 0)
            self.shows(gthumb, first, under=greys(PICTURES[0]), opacity=0)
            gthumb.do("set", "dinoscope-shown", 1)
            gthumb.do("set", "dinoscope-opacity", 1)
            self.shows(gthumb, first)
            # A folded section is told nothing; the map is gone nevertheless.
            gthumb.do("fold", 1)
            gthumb.do("next")
            gthumb.wait("the next picture", lambda: gthumb.state()["picture"] == "chest-02.png")
            second = Reference(PICTURES[1], self.folder, block=1)
            gthumb.do("zoom", 1)
            self.shows(gthumb, second, under=greys(PICTURES[1]), opacity=0)
            gthumb.do("fold", 0)
            gthumb.wait("the button", lambda: gthumb.state()["encode"] == "1")
            gthumb.encode()
            gthumb.do("set", "dinoscope-overlay", "cls-attention")
            self.shows(gthumb, second)
            self.gone(self.ends(gthumb))

    def test_cancel_and_quit(self):
        """A cancelled run leaves everything as it was; one that is under way ends with gThumb."""
        with self.open() as gthumb:
            gthumb.do("click", "dinoscope-encode")
            gthumb.tell("click", "dinoscope-cancel")
            gthumb.wait("the end", lambda: gthumb.state()["encode"] == "1")
            gthumb.encode()
            gthumb.do("next")
            gthumb.wait("the next picture", lambda: gthumb.state()["encode"] == "1")
            gthumb.do("click", "dinoscope-encode")
            self.gone(self.ends(gthumb))

    def test_orientation(self):
        """gThumb turns JPEG as EXIF says, as it is here."""
        jpeg = os.path.join(self.folder, "turned.jpg")
        plain = subprocess.run(["convert", str(PICTURES[0]), "-quality", "95", "jpg:-"], capture_output=True, check=True).stdout
        exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        Path(jpeg).write_bytes(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])
        reference = Reference(jpeg, self.folder, block=1)
        with self.open([jpeg]) as gthumb:
            self.assertEqual(int(gthumb.state()["picture-width"]), reference.size[0])
            self.set_up_map(gthumb)
            self.shows(gthumb, reference)
            self.ends(gthumb)

    def test_twofold_scale(self):
        reference = Reference(PICTURES[0], self.folder, block=1)
        with self.open(scale=2) as gthumb:
            self.set_up_map(gthumb)
            self.assertEqual(gthumb.state()["scale"], "2")
            gthumb.do("zoom", 1.3)
            gthumb.do("scroll", 101, 53)
            self.shows(gthumb, reference)
            self.ends(gthumb)

    def test_refusal(self):
        with self.open(cli="/nonexistent/cli") as gthumb:
            gthumb.do("click", "dinoscope-encode")
            gthumb.wait("a refusal", lambda: "No such file" in gthumb.state()["status"])
            self.ends(gthumb)

    def test_module(self):
        """GTK 3 alone, four symbols, never unloaded; described for the gThumb that is there."""
        dynamic = subprocess.run(["readelf", "-d", EXTENSION], capture_output=True, text=True, check=True).stdout
        loaded = subprocess.run(["ldd", EXTENSION], capture_output=True, text=True, check=True).stdout
        for name in ("libgtk-4", "libadwaita", "libdinoscope.so", "openblas", "libjansson"):
            self.assertNotIn(name, dynamic + loaded)
        self.assertIn("NODELETE", dynamic)
        symbols = subprocess.run(["nm", "-D", "--defined-only", EXTENSION], capture_output=True, text=True, check=True).stdout
        functions = ["activate", "configure", "deactivate", "is_configurable"]
        self.assertEqual(sorted(line.split()[2] for line in symbols.splitlines() if line.split()[1] in "TW"), ["gthumb_extension_" + name for name in functions])
        description = configparser.ConfigParser(strict=False)
        description.read(Path(EXTENSION).with_name("dinoscope_overlay.extension"))
        api = subprocess.run(["pkg-config", "--variable=apiversion", "gthumb"], capture_output=True, text=True, check=True).stdout.strip()
        self.assertEqual(description["Loader"]["API"], api)


if __name__ == "__main__":
    main()
