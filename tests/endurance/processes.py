#!/usr/bin/env python3
"""processes.py PART BUILD [N]: what only another process can do to ours.

embed    N pictures (2,000) embedded by one process: its memory stays as it is
stop     stopped (SIGSTOP) in the middle and continued, N times (20): the same bytes
display  the X server is killed N times (5) while the window exports and embeds:
         a message, exit code 1, whole files, no process left

The last line says what was seen; the exit code is 0 when all is as promised.
"""
import hashlib
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import zlib
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"
TINY = ROOT / "tests" / "data" / "golden" / "checkpoint" / "tiny-1"

# Resident memory of "embed" may grow by that much from the first fifth to the end
# (a straight line through all samples).
GROWTH_LIMIT = 4 << 20
# Files that threads may be reading just then.
READERS = 4
# Seconds; only what hangs takes so long.
PATIENCE = 300


def environment(build, root, **more):
    """Nothing of the user's."""
    names = {name: value for name, value in os.environ.items() if not name.startswith(("DINOSCOPE", "HF_"))}
    names.update(
        HOME=str(root),
        XDG_DATA_HOME=str(root / "share"),
        XDG_CACHE_HOME=str(root / "cache"),
        XDG_CONFIG_HOME=str(root / "config"),
        LC_ALL="C.UTF-8",
        GSETTINGS_BACKEND="memory",
        GSETTINGS_SCHEMA_DIR=str(build / "data"),
        GIO_USE_VFS="local",
        GDK_BACKEND="x11",
        GSK_RENDERER="cairo",
        ADW_DISABLE_PORTAL="1",
        GTK_A11Y="none",
        GTK_USE_PORTAL="0",
        DINOSCOPE_DATADIR=str(ROOT / "data"),
        DINOSCOPE_TEST_DATA=str(ROOT / "tests" / "data"),
        DINOSCOPE_CLI=str(build / "src" / "cli" / "dinoscope-cli"),
        DINOSCOPE_DICOM_HELPER=str(build / "src" / "dicom" / "dinoscope-dicom"),
        DINOSCOPE_PICTURE_HELPER=str(build / "src" / "picture" / "dinoscope-picture"),
        DINOSCOPE_PLUGINS="none",
    )
    names.update(more)
    return names


def write_png(path, number, width, height):
    """Grey, unlike every other number."""
    lines = b"".join(b"\0" + bytes((x * 7 + y * (number % 97 + 1) + number) % 256 for x in range(width)) for y in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b""))


def make_pictures(folder, n, width=120, height=100):
    folder.mkdir()
    for number in range(n):
        write_png(folder / ("%05d.png" % number), number, width, height)


def status(process):
    """State letter, resident bytes, threads; state "" when it is gone."""
    try:
        text = Path("/proc/%d/status" % process).read_text()
    except OSError:
        return "", 0, 0
    resident = re.search(r"VmRSS:\s+(\d+) kB", text)
    return re.search(r"State:\s+(\S)", text).group(1), int(resident.group(1)) * 1024 if resident else 0, int(re.search(r"Threads:\s+(\d+)", text).group(1))


def slope(samples):
    """Of the straight line through (x, y)."""
    n = len(samples)
    x_mean, y_mean = sum(x for x, _ in samples) / n, sum(y for _, y in samples) / n
    spread = sum((x - x_mean) ** 2 for x, _ in samples)
    return sum((x - x_mean) * (y - y_mean) for x, y in samples) / spread if spread else 0.0


def check_embed(build, n):
    with tempfile.TemporaryDirectory(prefix="dinoscope-embed-") as folder:
        root = Path(folder)
        make_pictures(root / "pictures", n)
        read_end, write_end = os.pipe()
        command = [build / "src/cli/dinoscope-cli", "embed", root / "pictures", "--model", TINY, "--output", root / "out", "--progress-fd", str(write_end)]
        with subprocess.Popen(command, pass_fds=[write_end], env=environment(build, root), stderr=subprocess.PIPE) as process:
            os.close(write_end)
            samples, begun = [], False
            while True:
                if select.select([read_end], [], [], 0.002)[0]:
                    if not os.read(read_end, 65536):
                        break
                    begun = True
                # The encoder is loaded once a picture was told of.
                if begun and process.poll() is None:
                    samples.append((status(process.pid)[1], len(os.listdir("/proc/%d/fd" % process.pid))))
            errors = process.stderr.read().decode("utf-8", "replace")
            code = process.wait(PATIENCE)
        os.close(read_end)
        counts = json.loads((root / "out" / "embed.json").read_text())["counts"] if code == 0 else errors
        # The last ones may be of its end.
        kept = [sample for sample in samples if sample[0]][len(samples) // 5 :]
        grown = slope(list(enumerate(resident for resident, _ in kept))) * len(kept)
        first = max((descriptors for _, descriptors in kept[: len(kept) // 2]), default=0)
        last = max((descriptors for _, descriptors in kept[len(kept) // 2 :]), default=0)
        good = code == 0 and counts["embedded"] == n and grown <= GROWTH_LIMIT and last <= first + READERS and len(kept) > 10
        print(
            "%s: embed: %d pictures, exit code %d, %s; resident %.1f MiB after a fifth of the time, %.1f MiB at the end, highest %.1f MiB; by the line through %d samples %+.2f MiB (at most %.0f MiB); descriptors %d, then %d"
            % ("ok" if good else "BAD", n, code, counts, kept[0][0] / 2**20, kept[-1][0] / 2**20, max(r for r, _ in kept) / 2**20, len(kept), grown / 2**20, GROWTH_LIMIT / 2**20, first, last)
        )
        return good


def digest(folder):
    """Of all files in it but what says how long it took."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def run_stopped(command, env, stops, generator):
    """Stopped that many times at random moments; how often that came before its end."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    came = 0
    for _ in range(stops):
        time.sleep(generator.uniform(0.001, 0.05))
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGSTOP)
        while status(process.pid)[0] not in ("T", "Z", ""):
            time.sleep(0.001)
        came += status(process.pid)[0] == "T"
        time.sleep(generator.uniform(0.01, 0.1))
        process.send_signal(signal.SIGCONT)
    errors = process.communicate(timeout=PATIENCE)[1].decode("utf-8", "replace")
    return process.returncode, came, errors


def stop_command_line(build, root, n, generator):
    """(stops, differences) of features and embed."""
    cli, stops, bad = str(build / "src/cli/dinoscope-cli"), 0, []
    make_pictures(root / "pictures", 60)
    for name, arguments in (
        ("features", ["features", str(EXAMPLES / "chest-01.png"), "--model", "demo", "--output"]),
        ("embed", ["embed", str(root / "pictures"), "--model", "demo", "--output"]),
    ):
        outputs = set()
        for turn in range(n + 1):
            output = root / ("%s-%d" % (name, turn))
            target = output / "features.npy" if name == "features" else output
            output.mkdir() if name == "features" else None
            code, came, errors = run_stopped([cli, *arguments, str(target)], environment(build, root), 0 if turn == 0 else 5, generator)
            stops += came
            if code != 0:
                bad.append("%s: exit code %d: %s" % (name, code, errors))
                continue
            outputs.add(digest(output))
        if len(outputs) > 1:
            bad.append("%s: %d different results" % (name, len(outputs)))
    return stops, bad


def stop_window(build, root, n):
    """The window stops itself while it encodes; somebody continues it."""
    program, stops, bad, outputs = str(build / "tests/endurance/scripted-window"), 0, [], set()
    for turn in range(n + 1):
        output = root / ("window-%d" % turn)
        output.mkdir()
        command = [program, "encode", str(EXAMPLES / "chest-02.png"), str(output / "seen")] + (["stop"] if turn else [])
        process = subprocess.Popen(command, env=environment(build, root, DINOSCOPE_MODEL="demo"), stderr=subprocess.PIPE)
        while process.poll() is None:
            if status(process.pid)[0] == "T":
                stops += 1
                time.sleep(0.05)
                process.send_signal(signal.SIGCONT)
            time.sleep(0.002)
        errors = process.stderr.read().decode("utf-8", "replace")
        if process.returncode != 0:
            bad.append("window: exit code %d: %s" % (process.returncode, errors))
            continue
        outputs.add(digest(output))
    if len(outputs) > 1:
        bad.append("window: %d different results" % len(outputs))
    return stops, bad


def check_stop(build, n):
    generator = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="dinoscope-stop-") as folder:
        root = Path(folder)
        of_cli, bad = stop_command_line(build, root, n, generator)
        of_window, bad_window = stop_window(build, root, n)
    bad += bad_window
    good = not bad and of_cli > 0 and of_window > 0
    for line in bad:
        print(line)
    print("%s: stop: command line stopped and continued %d times, window %d times while it encoded; results %s" % ("ok" if good else "BAD", of_cli, of_window, "equal" if not bad else "differ"))
    return good


def processes_of(session):
    """(process, command line) of all in a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")))
        except OSError:
            continue
    return found


def start_server(root):
    """An X server of its own; (process, display)."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    # To the end of the line: a server that is not heard out ends.
    with open(read_end) as said:
        return server, ":" + said.readline().strip()


def is_whole(path):
    """By what ends the file, or what reads it."""
    data = path.read_bytes()
    if path.suffix == ".png":
        return data.endswith(b"IEND\xaeB`\x82")
    if path.suffix == ".pdf":
        return data.rstrip().endswith(b"%%EOF")
    if path.suffix == ".dcm":
        return data[128:132] == b"DICM" and len(data) > 10000
    if path.suffix == ".npy":
        head = data[10 : 10 + struct.unpack("<H", data[8:10])[0]].decode("latin-1")
        shape = [int(part) for part in re.search(r"\(([^)]*)\)", head).group(1).split(",") if part.strip()]
        size = 4
        for part in shape:
            size *= part
        return len(data) == 10 + len(head) + size
    if path.suffix == ".json":
        json.loads(data)
    return True


def lose_display(build, root, generator):
    """Messages about one loss that went wrong; the last words of the window."""
    server, display = start_server(root)
    exports = root / "exports"
    exports.mkdir()
    names = environment(build, root, DISPLAY=display, DINOSCOPE_MODEL=str(TINY))
    window = subprocess.Popen([build / "tests/endurance/scripted-window", "lose", root / "pictures", exports], env=names, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    bad = []
    try:
        if window.stdout.readline() != b"ready\n":
            bad.append("the window did not get ready: %s" % window.stderr.read().decode("utf-8", "replace"))
        time.sleep(generator.uniform(0.0, 0.3))
        before = [command.split()[0].rpartition("/")[2] for _, command in processes_of(window.pid)]
        server.send_signal(signal.SIGKILL)
        server.wait()
        errors = b"".join(window.communicate(timeout=PATIENCE)).decode("utf-8", "replace")
        if window.returncode != 1:
            bad.append("exit code %d: %s" % (window.returncode, errors))
        if "display" not in errors and "X server" not in errors:
            bad.append("no message: %s" % errors)
        end = time.monotonic() + 10
        while processes_of(window.pid) and time.monotonic() < end:
            time.sleep(0.05)
        bad += ["left over: %d %s" % left for left in processes_of(window.pid)]
        whole = [path for path in exports.iterdir() if path.is_file() and not path.name.startswith(".")]
        bad += ["%s is not whole" % path.name for path in whole if not is_whole(path)]
        if "dinoscope-cli" not in before:
            bad.append("nothing was embedded when the display went: %s" % before)
        return bad, errors, before, len(whole)
    finally:
        for process, _ in processes_of(window.pid):
            os.kill(process, signal.SIGKILL)
        server.kill()


def check_display(build, n):
    generator, bad, n_whole, seen = random.Random(1), [], 0, {}
    errors = ""
    for _ in range(n):
        with tempfile.TemporaryDirectory(prefix="dinoscope-display-") as folder:
            root = Path(folder)
            make_pictures(root / "pictures", 400)
            wrong, errors, before, whole = lose_display(build, root, generator)
        bad += wrong
        n_whole += whole
        for name in before:
            seen[name] = seen.get(name, 0) + 1
    for line in bad:
        print(line)
    print("%s: display: lost %d times, while there were %s; %d exported files, all whole; the window said: %s" % ("ok" if not bad else "BAD", n, seen, n_whole, " ".join(errors.split())))
    return not bad


def main(arguments):
    parts = {"embed": (check_embed, 2000), "stop": (check_stop, 20), "display": (check_display, 5)}
    if len(arguments) not in (2, 3) or arguments[0] not in parts:
        sys.exit(__doc__)
    check, n = parts[arguments[0]]
    return 0 if check(Path(arguments[1]).resolve(), int(arguments[2]) if len(arguments) == 3 else n) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
