#!/usr/bin/env python3
"""Eye of GNOME with the plug-in: test-eog.py CLI PLUGIN DRIVER. What the screen
shows is compared with what "dinoscope-cli map" writes, point by point, where
arithmetic of this file's own says that it has to be."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import CLI, EXAMPLES, TestCase, main, read_png, run  # noqa: E402

from eogtest import PATIENCE, Eog, screen  # noqa: E402

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


def is_running(process):
    try:
        return Path("/proc/%d/stat" % process).read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def greys(path):
    """[height, width, 3]"""
    picture = read_png(path)
    return np.repeat(picture.reshape(picture.shape[0], picture.shape[1], -1)[:, :, :1], 3, 2)


class Reference:
    """What a picture's map has to look like."""

    def __init__(self, path, folder, overlay="cls-attention", environment=None, **settings):
        out = os.path.join(folder, "map.png")
        options = [text for name, value in settings.items() for text in ("--set", "%s=%s" % (name, value))]
        result = run("map", path, "--overlay", overlay, *options, "--map-only", "-o", out, env=environment)
        assert result.code == 0, result.err
        self.colors = read_png(out)
        self.size = (self.colors.shape[1], self.colors.shape[0])
        # Points inside of a cell, wherever its edges are rounded to.
        self.points = []
        for y in range(6, self.size[1] - 6, 9):
            for x in range(6, self.size[0] - 6, 9):
                around = self.colors[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 4)
                if around[0, 3] == 255 and (around == around[0]).all():
                    self.points.append((x + 0.5, y + 0.5))

    def color(self, point):
        return self.colors[int(point[1]), int(point[0]), :3].astype(int)


class Plugin(TestCase):
    def open(self, files=PICTURES, **options):
        cli = options.pop("cli", CLI)
        return Eog(PLUGIN, DRIVER, cli, files, **options)

    def places(self, state, reference, turns):
        """(point of the picture, pixel of the screen) for those that can be seen."""
        scale = int(state["scale"])
        zoom, left, top = (float(state[name]) for name in ("zoom", "left", "top"))
        x, y, width, height = (int(state[name]) for name in ("x", "y", "width", "height"))
        size = reference.size
        for turn in turns:
            _, size = turn((0, 0), size)
        shown = [int(np.floor(side * zoom + 0.5)) for side in size]
        origin = ((width - shown[0]) // 2 if shown[0] <= width else -left, (height - shown[1]) // 2 if shown[1] <= height else -top)
        found = []
        for point in reference.points:
            place, now = point, reference.size
            for turn in turns:
                place, now = turn(place, now)
            place = [origin[i] + place[i] * zoom for i in range(2)]
            # eog's scroll bars lie over the picture's edge.
            if 8 <= place[0] < width - 16 and 8 <= place[1] < height - 16:
                found.append((point, (int((x + place[0]) * scale), int((y + place[1]) * scale))))
        return found

    def difference(self, eog, reference, turns, under=None, opacity=1):
        """The share of points whose colour is another one, and an example."""
        state = eog.state()
        places = self.places(state, reference, turns)
        pixels = screen()
        wrong = []
        for point, (x, y) in places:
            if y >= pixels.shape[0] or x >= pixels.shape[1]:
                continue
            want = reference.color(point)
            if under is not None:
                grey = under[int(point[1]), int(point[0])].astype(float)
                want = want * opacity + grey[:3] * (1 - opacity)
            if np.abs(pixels[y, x] - want).max() > (1 if under is None else 6):
                wrong.append((point, (x, y), list(pixels[y, x]), list(want)))
        return len(places), wrong, state

    def shows(self, eog, reference, *turns, **options):
        end = time.monotonic() + PATIENCE
        while True:
            n, wrong, state = self.difference(eog, reference, turns, **options)
            # A few points may lie under the pointer, or under eog's own buttons.
            if n > 100 and len(wrong) <= n // 50:
                return state
            if time.monotonic() > end:
                self.fail("%d of %d points differ: %s; %s; %s" % (len(wrong), n, wrong[:3], state, eog.output()))
            time.sleep(0.2)

    def ends(self, eog):
        """Quits: no complaint of ours, and nothing that stays behind."""
        children = eog.children()
        eog.tell("quit")
        self.assertEqual(eog.process.wait(PATIENCE), 0, eog.output())
        self.assertNotRegex(eog.output(), r"Dinoscope-(WARNING|CRITICAL|ERROR)|dinoscope-cli:|Segmentation|double free")
        return children

    def gone(self, processes):
        end = time.monotonic() + PATIENCE
        while any(is_running(child) for child in processes):
            if time.monotonic() > end:
                self.fail("still there: %s" % processes)
            time.sleep(0.1)

    def set_up_map(self, eog, overlay="cls-attention"):
        eog.encode()
        eog.do("set", "dinoscope-overlay", overlay)
        if overlay == "cls-attention":
            eog.do("set", "block", 1)
        eog.do("set", "dinoscope-opacity", 1)

    def drag(self, state):
        """A real mouse drags the picture; the overlay lets it through."""
        scale = int(state["scale"])
        x = (int(state["x"]) + int(state["width"]) // 2) * scale
        y = (int(state["y"]) + int(state["height"]) // 2) * scale
        commands = ["mousemove", x, y, "mousedown", 1]
        for step in range(1, 9):
            commands += ["mousemove", x - 10 * step, y - 6 * step]
        subprocess.run(["xdotool", *map(str, commands), "mouseup", "1", "mousemove", "2", "2"], check=True)

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
        with self.open(environment=environment) as eog:
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
