#!/bin/sh
# make_viewer_screenshot.sh BUILD eog|gthumb [FILE]: the manual's picture of another
# viewer with the plug-in, of a bundled radiograph and the demonstration encoder.
# BUILD is a configured and compiled build folder. Needs what tests/eog and
# tests/gthumb need.
set -eu

usage='usage: make_viewer_screenshot.sh BUILD eog|gthumb [FILE]'
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "${1:?$usage}" && pwd)
viewer=${2:?$usage}
DINOSCOPE_DATADIR=$here/data
LC_ALL=C.UTF-8
export DINOSCOPE_DATADIR LC_ALL
unset DINOSCOPE_MODEL HF_HOME HF_HUB_CACHE

xvfb-run -a -s "-screen 0 1000x760x24 -noreset" dbus-run-session -- /usr/bin/python3 - "$here" "$build" "$viewer" "${3:-$here/docs/manual/pictures/$viewer.png}" <<'SHOOT'
import subprocess, sys, time

here, build, name, target = sys.argv[1:5]
sys.path[:0] = [here + "/tests/" + folder for folder in ("eog", "gthumb", "viewer")]
from viewertest import screen

if name == "eog":
    from eogtest import Eog as Viewer

    plugin = build + "/src/eog/libdinoscope-eog.so"
else:
    from gthumbtest import Gthumb as Viewer

    plugin = build + "/src/gthumb/libdinoscope_overlay.so"
with Viewer(plugin, "%s/tests/%s/lib%s-driver.so" % (build, name, name), build + "/src/cli/dinoscope-cli", [here + "/data/examples/chest-02.png"]) as viewer:
    window = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", name], capture_output=True, text=True).stdout.split()[-1]
    # The frame that a window manager would hide is beyond the edges.
    subprocess.run(["xdotool", "windowmove", window, "-5", "-5", "windowsize", window, "1010", "770", "mousemove", "999", "759"], check=True)
    viewer.encode()
    viewer.do("set", "dinoscope-overlay", "cls-attention")
    viewer.do("set", "block", 4)
    viewer.do("set", "dinoscope-opacity", 0.55)
    before = None
    while True:
        time.sleep(1)
        now = screen()
        if before is not None and (now == before).all():
            break
        before = now
    subprocess.run(["import", "-silent", "-window", "root", "-strip", "-define", "png:exclude-chunks=date,time", target], check=True)
SHOOT
