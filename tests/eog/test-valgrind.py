#!/usr/bin/env python3
"""Eye of GNOME with the plug-in under valgrind: test-valgrind.py CLI PLUGIN
DRIVER. Errors and lost memory count where one of our functions is on the
stack: eog, GTK and the font libraries have their own."""
import os
import re
import shutil
import signal
import sys
from pathlib import Path

CLI, PLUGIN, DRIVER = (os.path.abspath(argument) for argument in sys.argv[1:4])

for tool in ("eog", "valgrind"):
    if shutil.which(tool) is None or "DISPLAY" not in os.environ:
        print("1..0 # SKIP there is no display, or no %s" % tool)
        sys.exit(0)

from eogtest import Eog  # noqa: E402
from viewertest import PATIENCE  # noqa: E402

EXAMPLES = Path(os.environ["DINOSCOPE_DATADIR"]) / "examples"
# Kept by them until the process ends, whoever asked for the first text.
OURS = re.compile(r"\((?:in \S*libdinoscope-eog\.so|(?:dinoscope-eog-plugin|inspection|map|overlay|page|paint|place|row|session|worker|message-pipe)\.c:\d+)\)")
OTHERS = re.compile(r"libfontconfig|libpango|librsvg")


def blocks(log):
    """The errors and losses of a log, each its lines."""
    lines = [re.sub(r"^==\d+== ?", "", line) for line in log.splitlines() if re.match(r"^==\d+==", line)]
    found, current = [], []
    for line in lines + [""]:
        if line.strip():
            current.append(line)
        elif current:
            found.append(current)
            current = []
    return found


def is_ours(block):
    text = "\n".join(block)
    return "   at 0x" in text and OURS.search(text) and not OTHERS.search(text)


def walk(eog):
    """Everything once: a map, another, turned; a cancel; the next picture; off and on; quit in a run."""
    eog.encode()
    eog.do("set", "dinoscope-overlay", "cls-attention")
    eog.do("set", "block", 1)
    eog.do("set", "dinoscope-opacity", 0.8)
    eog.do("zoom", 1.4)
    eog.do("action", "rotate-90")
    eog.do("action", "go-next")
    eog.wait("the next picture", lambda: eog.state()["encode"] == "1")
    eog.do("click", "dinoscope-encode")
    eog.tell("click", "dinoscope-cancel")
    eog.encode()
    eog.do("plugins", "eog-driver")
    eog.wait("the page's end", lambda: eog.state()["page"] == "0")
    eog.do("plugins", "eog-driver,dinoscope-eog")
    eog.wait("the page", lambda: eog.state()["page"] == "1")
    eog.do("page")
    eog.do("click", "dinoscope-encode")
    child = eog.wait("the process", eog.children)[0]
    os.kill(child, signal.SIGSTOP)
    eog.tell("quit")
    code = eog.process.wait(PATIENCE)
    os.kill(child, signal.SIGKILL)
    return code


def main():
    print("TAP version 13\n1..2", flush=True)
    log = Path(os.environ.get("G_TEST_BUILDDIR", ".")) / "eog-valgrind.log"
    command = ["valgrind", "--log-file=%s" % log, "--leak-check=full", "--show-leak-kinds=definite", "--num-callers=40", "--trace-children=no"]
    files = [EXAMPLES / "chest-01.png", EXAMPLES / "chest-02.png"]
    with Eog(PLUGIN, DRIVER, CLI, files, prefix=command, extra={"G_SLICE": "always-malloc"}) as eog:
        code = walk(eog)
        output = eog.output()
    print("%sok 1 - eog ends with 0 under valgrind" % ("" if code == 0 else "not "))
    if code != 0:
        print("# %s: %s" % (code, output.replace("\n", "\n# ")))
    ours = [block for block in blocks(log.read_text(errors="replace")) if is_ours(block)]
    print("%sok 2 - nothing wrong and nothing lost with our functions on the stack" % ("" if not ours else "not "))
    for block in ours[:20]:
        print("# " + "\n# ".join(block) + "\n#")
    return 1 if code != 0 or ours else 0


if __name__ == "__main__":
    sys.exit(main())
