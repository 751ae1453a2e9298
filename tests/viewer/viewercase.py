"""What a viewer's screen shows is compared with what "dinoscope-cli map" writes,
point by point, where arithmetic of this file's own says that it has to be."""
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import TestCase, read_png, run  # noqa: E402
from viewertest import PATIENCE, is_running, screen  # noqa: E402


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


class ViewerCase(TestCase):
    def places(self, state, reference, turns):
        """(point of the picture, pixel of the screen) for those that can be seen."""
        scale = int(state["scale"])
        zoom, left, top = (float(state[name]) for name in ("zoom", "left", "top"))
        x, y, width, height = (int(state[name]) for name in ("x", "y", "width", "height"))
        size = reference.size
        for turn in turns:
            _, size = turn((0, 0), size)
        # gThumb has a frame around it.
        border = int(state.get("border", 0))
        shown = [int(np.floor(side * zoom + 0.5)) + 2 * border for side in size]
        origin = [border + ((room - side) // 2 if side <= room else -scrolled) for room, side, scrolled in ((width, shown[0], left), (height, shown[1], top))]
        found = []
        for point in reference.points:
            place, now = point, reference.size
            for turn in turns:
                place, now = turn(place, now)
            place = [origin[i] + place[i] * zoom for i in range(2)]
            # The viewer's scroll bars lie over the picture's edge.
            if 8 <= place[0] < width - 16 and 8 <= place[1] < height - 16:
                found.append((point, (int((x + place[0]) * scale), int((y + place[1]) * scale))))
        return found

    def difference(self, viewer, reference, turns, under=None, opacity=1):
        """The share of points whose colour is another one, and an example."""
        state = viewer.state()
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

    def shows(self, viewer, reference, *turns, **options):
        end = time.monotonic() + PATIENCE
        while True:
            n, wrong, state = self.difference(viewer, reference, turns, **options)
            # A few points may lie under the pointer, or under the viewer's own buttons.
            if n > 100 and len(wrong) <= n // 50:
                return state
            if time.monotonic() > end:
                self.fail("%d of %d points differ: %s; %s; %s" % (len(wrong), n, wrong[:3], state, viewer.output()))
            time.sleep(0.2)

    def ends(self, viewer):
        """Quits: no complaint of ours, and nothing that stays behind."""
        children = viewer.children()
        viewer.tell("quit")
        self.assertEqual(viewer.process.wait(PATIENCE), 0, viewer.output())
        self.assertNotRegex(viewer.output(), r"Dinoscope-(WARNING|CRITICAL|ERROR)|dinoscope-cli:|Segmentation|double free")
        return children

    def gone(self, processes):
        end = time.monotonic() + PATIENCE
        while any(is_running(child) for child in processes):
            if time.monotonic() > end:
                self.fail("still there: %s" % processes)
            time.sleep(0.1)

    def drag(self, state):
        """A real mouse drags the picture; the overlay lets it through."""
        scale = int(state["scale"])
        x = (int(state["x"]) + int(state["width"]) // 2) * scale
        y = (int(state["y"]) + int(state["height"]) // 2) * scale
        commands = ["mousemove", x, y, "mousedown", 1]
        for step in range(1, 9):
            commands += ["mousemove", x - 10 * step, y - 6 * step]
        subprocess.run(["xdotool", *map(str, commands), "mouseup", "1", "mousemove", "2", "2"], check=True)
