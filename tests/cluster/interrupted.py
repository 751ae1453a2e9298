#!/usr/bin/env python3
"""Stands in for dinoscope-cli, so that a shard can be caught in the middle.

INTERRUPT is a folder. Where it has a file of the shard's name (“1-of-3.stop”,
“1-of-3.kill”), embed is stopped once it has some pictures: “stop” makes it wait
for SIGCONT and writes its process id into “1-of-3.stopped”, “kill” kills it.
Each is taken once: the file is removed."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CLI = os.environ["INTERRUPTED_CLI"]
FOLDER = Path(os.environ["INTERRUPT"])
ENOUGH = 4 * 128  # bytes of mean.npy.part: four pictures of 32 channels

arguments = sys.argv[1:]
child = subprocess.Popen([CLI, *arguments])
signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
if "embed" in arguments:
    shard = arguments[arguments.index("--shard") + 1].replace("/", "-of-")
    growing = Path(arguments[arguments.index("-o") + 1]) / "mean.npy.part"
    for way in ("stop", "kill"):
        order = FOLDER / ("%s.%s" % (shard, way))
        if not order.exists():
            continue
        # Where others want the processor, it goes to who watches and not to who is watched.
        os.sched_setscheduler(child.pid, os.SCHED_IDLE, os.sched_param(0))
        while child.poll() is None and not (growing.exists() and growing.stat().st_size >= ENOUGH):
            time.sleep(0.002)
        order.unlink()
        if child.poll() is not None:
            (FOLDER / (shard + ".missed")).touch()
        elif way == "stop":
            child.send_signal(signal.SIGSTOP)
            ready = FOLDER / (shard + ".writing")
            ready.write_text(str(child.pid))
            ready.rename(FOLDER / (shard + ".stopped"))
        else:
            child.kill()
code = child.wait()
sys.exit(128 - code if code < 0 else code)
