#!/bin/sh
# make_eog_screenshot.sh BUILD [FILE]: the manual's picture of Eye of GNOME with
# the plug-in, of a bundled radiograph and the demonstration encoder. BUILD is a
# configured and compiled build folder. Needs what tests/eog needs.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "${1:?usage: make_eog_screenshot.sh BUILD [FILE]}" && pwd)
DINOSCOPE_DATADIR=$here/data
LC_ALL=C.UTF-8
export DINOSCOPE_DATADIR LC_ALL
unset DINOSCOPE_MODEL HF_HOME HF_HUB_CACHE

xvfb-run -a -s "-screen 0 1000x760x24 -noreset" dbus-run-session -- /usr/bin/python3 - "$here" "$build" "${2:-$here/docs/manual/pictures/eog.png}" <<'SHOOT'
import subprocess, sys, time

here, build, target = sys.argv[1:4]
sys.path.insert(0, here + "/tests/eog")
from eogtest import Eog
from viewertest import screen

with Eog(build + "/src/eog/libdinoscope-eog.so", build + "/tests/eog/libeog-driver.so", build + "/src/cli/dinoscope-cli", [here + "/data/examples/chest-02.png"]) as eog:
    window = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "eog"], capture_output=True, text=True).stdout.split()[-1]
    # The frame that a window manager would hide is beyond the edges.
    subprocess.run(["xdotool", "windowmove", window, "-5", "-5", "windowsize", window, "1010", "770", "mousemove", "999", "759"], check=True)
    eog.encode()
    eog.do("set", "dinoscope-overlay", "cls-attention")
    eog.do("set", "block", 4)
    eog.do("set", "dinoscope-opacity", 0.55)
    before = None
    while True:
        time.sleep(1)
        now = screen()
        if before is not None and (now == before).all():
            break
        before = now
    subprocess.run(["import", "-silent", "-window", "root", "-strip", "-define", "png:exclude-chunks=date,time", target], check=True)
SHOOT
