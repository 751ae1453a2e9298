#!/usr/bin/env python3
"""Full disks, no home, clocks that jump, names of any bytes, and what is no
file: test-crowd.py CLI LIBRARY [--all]"""
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import sweep
from commands import COMMANDS, FILMS, MODEL, make_inputs
from support import CLI, TestCase, formula, main, png_bytes
from sweep import LIBRARY, REASONS

ALL = "--all" in sys.argv
SOME = ("features-npy", "map-png", "embed", "index", "probe-train", "segment-apply")
STRANGE = [b"new\nline.png", b"tab\there.png", b'"quoted".png', b"esc\x1b[31m.png", b"\xff\xfe.png", b"-o.png", b"bell\x07\x7f.png", "Größe ✓.png".encode(), b" space .png", b"\xe2\x80\xae.png"]


class Crowd(TestCase):
    bench = None
    subjects = {}

    def setUp(self):
        super().setUp()
        if Crowd.bench is None:
            Crowd.bench = sweep.Bench()
            make_inputs(Crowd.bench.world, Crowd.bench.cli)
        self.world, self.out = str(self.bench.world), self.bench.out
        self.bench.empty()

    def chosen(self):
        for command in COMMANDS:
            if ALL or command.name in SOME:
                if command.name not in self.subjects:
                    self.subjects[command.name] = sweep.Subject(self.bench, command, False)
                yield self.subjects[command.name]

    def line(self, *arguments):
        return [argument.format(w=self.world, o=self.out) for argument in arguments]

    def cli(self, *arguments, **options):
        return self.bench.cli([os.fspath(argument) for argument in arguments], **options)

    def no_crash(self, result):
        self.assertEqual(sweep.crash(result), "", sweep.describe(result))


class Clock(Crowd):
    def test_jumps(self):
        """Ten years forwards and backwards at each look at the time of day, an hour asleep now and then."""
        for seed, subject in enumerate(self.chosen()):
            self.bench.empty()
            env = {"LD_PRELOAD": LIBRARY, "FAULTS_CLOCK": str(seed), "FAULTS_PROGRAM": "dinoscope-cli"}
            # The reader of DICOM has a deadline, which an hour's sleep is behind.
            result = self.bench.cli(subject.line, subject.cache, **env)
            if "film.dcm" in " ".join(subject.line) and result.code == 1:
                self.assertIn("film.dcm", result.err)
                continue
            self.assertTrue(subject.is_same(result), "%s: %s %s" % (subject.command.name, subject.differences(), sweep.describe(result)))


class Home(Crowd):
    def without(self, *names, **values):
        env = {name: value for name, value in self.bench.environment().items() if name not in names}
        return {**env, **values}

    def every(self, env, prefix=()):
        for subject in self.chosen():
            with self.subTest(subject.command.name):
                self.bench.empty()
                child = subprocess.run([*prefix, CLI, *subject.line], env=env, cwd=self.bench.base, capture_output=True, stdin=subprocess.DEVNULL, timeout=sweep.WATCHDOG)
                result = sweep.Result(child)
                self.assertTrue(subject.is_same(result) or "name-key" in result.err, "%s %s" % (subject.differences(), sweep.describe(result)))

    def test_none(self):
        """No home, no runtime folder, no bus, nothing of XDG."""
        self.every(self.without("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"))

    def test_nothing_can_be_made(self):
        """As read-only: below a device nobody, root neither, makes a folder."""
        places = {name: "/dev/null/" + name for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
        env = self.without("DBUS_SESSION_BUS_ADDRESS", **places)
        self.every(env)
        line = [CLI, *self.line("embed", *MODEL, "{w}/films", "--hash-names", "-o", "{o}/hashed")]
        result = sweep.Result(subprocess.run(line, env=env, capture_output=True, stdin=subprocess.DEVNULL))
        self.assertIn(result.code, (1, 4), result.err)
        self.assertIn("/dev/null/XDG_DATA_HOME", result.err)
        self.assertIn("Not a directory", result.err)

    def test_read_only_for_nobody(self):
        """Another user, who may read all and write the output alone."""
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("only root becomes another user: a read-only home is NOT tested")
        prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        readable = subprocess.run([*prefix, CLI, "--version"], capture_output=True)
        if readable.returncode:
            self.skipTest("another user cannot start the program here: a read-only home is NOT tested")
        os.chmod(self.bench.base, 0o755)
        home = self.bench.root / "theirs"
        home.mkdir(exist_ok=True, mode=0o755)
        env = self.without(HOME=str(home), **{name: str(home / "x") for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")})
        for subject in self.chosen():
            with self.subTest(subject.command.name):
                self.bench.empty()
                os.chown(self.out, 65534, 65534)
                line = [*prefix, CLI, *subject.line]
                result = sweep.Result(subprocess.run(line, env=env, cwd=self.bench.base, capture_output=True, stdin=subprocess.DEVNULL))
                self.assertTrue(subject.is_same(result) or "name-key" in result.err or str(home) in result.err, sweep.describe(result))
                # And where nothing may be written:
                self.bench.empty()
                result = sweep.Result(subprocess.run(line, env=env, cwd=self.bench.base, capture_output=True, stdin=subprocess.DEVNULL))
                if subject.expected:
                    self.assertEqual(result.code, 4, sweep.describe(result))
                    self.assertIn(REASONS["EACCES"], result.err)


class Full(Crowd):
    def test_small_disk(self):
        """A disk of 16 KiB: told with the reason, nothing half, and a full cache is none."""
        disk = self.bench.base / "disk"
        disk.mkdir()
        script = 'mount -t tmpfs -o size=16k none "$0" || exit 77; "$@"; code=$?; ls -A "$0" | tr "\\n" " "; exit $code'
        beginning = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(disk), CLI]

        def run(*arguments):
            child = subprocess.run([*beginning, *self.line(*arguments)], capture_output=True, stdin=subprocess.DEVNULL, env=self.bench.environment(cache=disk / "cache"))
            return sweep.Result(child)

        first = run("--version")
        if first.code != 0:
            self.skipTest("nothing can be mounted here: a small disk is NOT tested (%s)" % first.err.strip())
        result = run("features", *MODEL, FILMS[0], "--hidden", "-o", str(disk / "out.safetensors"))
        self.assertEqual(result.code, 4, result.err)
        self.assertIn(REASONS["ENOSPC"], result.err)
        self.assertEqual(result.text.split(), ["cache"] if "cache" in result.text else [])
        result = run("embed", *MODEL, "{w}/films", "--patches", "-o", str(disk / "out"))
        self.assertEqual(result.code, 4, result.err)
        self.assertIn(REASONS["ENOSPC"], result.err)
        result = run("features", *MODEL, FILMS[0], "--packed-cache", "-o", "{o}/out.npy")
        self.assertEqual(result.code, 0, result.err)
        self.assertFalse([name for name in result.text.split() if name.endswith(".pack")])

    def test_standard_output(self):
        """/dev/full, for each command that prints."""
        for subject in self.chosen():
            if not subject.result.out:
                continue
            with open("/dev/full", "wb") as full, self.subTest(subject.command.name):
                self.bench.empty()
                child = subprocess.run([CLI, *subject.line], env=self.bench.environment(subject.cache), stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                self.assertEqual(child.returncode, 4, child.stderr)
                self.assertIn(REASONS["ENOSPC"], child.stderr.decode())


class Names(Crowd):
    def setUp(self):
        super().setUp()
        self.films = Path(tempfile.mkdtemp(dir=self.bench.root))
        self.addCleanup(shutil.rmtree, self.films)
        for i, name in enumerate(STRANGE):
            Path(os.fsdecode(os.path.join(os.fsencode(self.films), name))).write_bytes(png_bytes(formula(30 + i, 40)))
        self.paths = [os.path.join(self.films, os.fsdecode(name)) for name in sorted(STRANGE)]

    def good(self, *arguments):
        result = self.cli(*self.line(*arguments))
        self.assertEqual(result.code, 0, sweep.describe(result))
        self.printable(result.err)
        return result

    def printable(self, text):
        self.assertFalse([letter for letter in text if letter not in "\n\t" and (letter < " " or letter == "\x7f")], ascii(text))

    def table(self, text, column="name"):
        """Rows by the reader of the csv module; each of the names once, however it is written."""
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter="\t"))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return [dict(zip(rows[0], row)) for row in rows[1:]]

    def shown(self):
        """Names as tables have them: bytes that are no UTF-8 as \\xNN."""
        return sorted(name.decode("utf-8", "backslashreplace") for name in STRANGE)

    def test_embed_and_all_behind(self):
        films, shard = str(self.films), ("--threads", "1")
        self.good("embed", *MODEL, films, "-o", "{o}/embeddings", "--json").json()

        def read(name):
            return (self.out / name).read_bytes().decode("utf-8")

        rows = self.table(read("embeddings/table.tsv"))
        self.assertEqual(sorted(row["name"] for row in rows), self.shown())
        for part in "01":
            self.good("embed", *MODEL, films, "--shard", part + "/2", "-o", "{o}/part" + part, *shard)
        self.good("merge", "{o}/part0", "{o}/part1", "-o", "{o}/merged")
        self.assertEqual(read("merged/table.tsv"), read("embeddings/table.tsv"))
        self.good("index", "{o}/embeddings", "-o", "{o}/index")
        self.assertEqual(len(self.table(read("index/table.tsv"))), len(STRANGE))
        near = self.good("neighbors", "{o}/index", "--query", "all", "-k", "2")
        self.assertEqual(len(self.table(near.text)), 2 * len(STRANGE))
        self.good("neighbors", "{o}/index", "--query", "all", "-k", "2", "--json").json()
        self.good("cluster", "{o}/embeddings", "-k", "2", "--map", "pca", "--duplicates", "0.1", "-o", "{o}/cluster", "--json").json()
        self.assertEqual(len(self.table(read("cluster/labels.tsv"))), len(STRANGE))
        self.table(read("cluster/duplicates.tsv"))

    def test_each_command(self):
        info = self.good("info", *MODEL, "--json", "--", *self.paths).json()
        self.assertEqual(len(info["images"] if "images" in info else info["pictures"]), len(STRANGE))
        self.printable(self.good("info", *MODEL, "--", *self.paths).text)
        self.good("map", *MODEL, "--overlay", "norm", "-o", "{o}/maps/", "--json", "--", *self.paths).json()
        sidecars = [path for path in (self.out / "maps").iterdir() if path.suffix == ".json"]
        self.assertEqual(len(sidecars), len(STRANGE))
        for path in sidecars:
            json.loads(path.read_text(encoding="utf-8"))
        scores = self.good("probe", "apply", *MODEL, "--head", "{w}/head.safetensors", "--", *self.paths)
        self.assertEqual(len(self.table(scores.text)), len(STRANGE))
        self.good("probe", "apply", *MODEL, "--head", "{w}/head.safetensors", "--json", "--", *self.paths).json()
        self.good("segment", "apply", *MODEL, "--head", "{w}/decoder.safetensors", "-o", "{o}/masks/", "--polygons", "{o}/masks/", "--json", "--", *self.paths).json()
        for path in (self.out / "masks").glob("*.geojson"):
            json.loads(path.read_text(encoding="utf-8"))
        self.good("compare", *MODEL, str(self.films), "-k", "2", "--json").json()

    def test_failures(self):
        """Messages about such names are printable and one a file."""
        for path in self.paths:
            Path(path).write_bytes(b"no picture")
        result = self.cli(*self.line("info", *MODEL, "--json", "--", *self.paths))
        self.assertEqual(result.code, 1)
        self.printable(result.err)
        self.assertEqual(result.err.count("dinoscope-cli: "), len(STRANGE))
        result.json()

    def test_outputs(self):
        for name in STRANGE:
            out = os.path.join(self.out, os.fsdecode(name).replace(".png", ".npy"))
            self.good("features", *MODEL, FILMS[0], "-o", out)
            self.assertTrue(os.path.exists(out))
        self.assertFalse([path for path in self.out.iterdir() if path.name.startswith(".dinoscope-")])


class Kinds(Crowd):
    """What is there and is no file, in each place where one is asked for."""

    INPUTS = [
        ("info", *MODEL, "{x}"),
        ("info", "--model", "{x}", FILMS[0]),
        ("info", "--model", "{w}/model", "--processor", "{x}", FILMS[0]),
        ("features", *MODEL, "--raw-pixels", "{x}", "-o", "{o}/out.npy"),
        ("map", *MODEL, FILMS[0], "--from", "{x}", "-o", "{o}/out.png"),
        ("map", *MODEL, FILMS[0], "--overlay", "norm", "--region", "{x}", "-o", "{o}/out.png"),
        ("map", *MODEL, FILMS[0], "--overlay", "pca", "--set", "basis={x}", "-o", "{o}/out.png"),
        ("model", "get", "toy", "--manifest", "{x}", "--from", "{w}/source", "--yes", "-o", "{o}/out"),
        ("embed", *MODEL, "--list", "{x}", "-o", "{o}/out"),
        ("index", "{x}", "-o", "{o}/out"),
        ("index", "{w}/embeddings", "--table", "{x}", "-o", "{o}/out"),
        ("neighbors", "{x}", "--query", "0"),
        ("neighbors", *MODEL, "{w}/index8", "--query", "{x}"),
        ("cluster", "{x}", "-k", "2", "-o", "{o}/out"),
        ("probe", "train", "{w}/embeddings", "--table", "{x}", "--label", "finding", "-o", "{o}/out.safetensors"),
        ("probe", "test", "{w}/embeddings", "--table", "{w}/labels.csv", "--head", "{x}"),
        ("segment", "apply", *MODEL, FILMS[0], "--head", "{x}", "-o", "{o}/out.png"),
        ("merge", "{x}", "-o", "{o}/out"),
    ]
    OUTPUTS = [
        ("features", *MODEL, FILMS[0], "-o", "{x}"),
        ("map", *MODEL, FILMS[0], "--overlay", "norm", "--npy", "{x}"),
        ("model", "calibrate", *MODEL, FILMS[0], "-o", "{x}"),
        ("embed", *MODEL, "{w}/films", "-o", "{x}"),
        ("merge", "{w}/part0", "{w}/part1", "-o", "{x}"),
        ("index", "{w}/embeddings", "-o", "{x}"),
        ("cluster", "{w}/embeddings", "-k", "2", "--map", "none", "-o", "{x}"),
        ("segment", "train", *MODEL, *FILMS, "--masks", "{w}/masks", "-o", "{x}"),
    ]

    def things(self):
        place = Path(self.folder)
        os.mkfifo(place / "fifo.npy")
        (place / "folder.npy").mkdir()
        (place / "folder.npy" / "file").write_text("somebody's")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(place / "socket.npy"))
        self.addCleanup(self.socket.close)
        os.symlink("nowhere", place / "link.npy")
        return [str(place / name) for name in ("fifo.npy", "folder.npy", "socket.npy", "link.npy")] + ["/dev/zero", "/dev/full", str(place / "fifo.npy" / "below")]

    def ask(self, arguments, thing):
        self.bench.empty()
        return self.cli(*(argument.format(w=self.world, o=self.out, x=thing) for argument in arguments))

    def test_inputs(self):
        for thing in self.things():
            for arguments in self.INPUTS:
                with self.subTest("%s %s" % (thing, " ".join(arguments))):
                    result = self.ask(arguments, thing)
                    self.assertIn(result.code, (1, 2, 3), sweep.describe(result))
                    self.assertIn(thing, result.err)
                    self.assertEqual(list(self.out.iterdir()), [])

    def test_outputs(self):
        """A FIFO waits for its reader, as everywhere; a link that leads nowhere is filled;
        a folder gets files where a folder is asked for, and keeps its own."""
        for thing in self.things():
            for arguments in self.OUTPUTS:
                takes_folder = arguments[0] in ("embed", "merge", "cluster", "map")
                if thing.endswith(("/fifo.npy", "link.npy")) or thing == "/dev/zero" or (takes_folder and thing.endswith("folder.npy")):
                    continue
                with self.subTest("%s %s" % (thing, " ".join(arguments))):
                    result = self.ask(arguments, thing)
                    self.assertIn(result.code, (2, 4), sweep.describe(result))
                    self.assertTrue(thing in result.err or os.path.dirname(thing) in result.err, result.err)
        folder = self.path("folder.npy")
        self.assertEqual(os.listdir(folder), ["file"])
        for arguments in self.OUTPUTS:
            if arguments[0] in ("embed", "merge", "cluster", "map"):
                self.assertEqual(self.ask(arguments, folder).code, 4 if arguments[0] == "merge" and "embed.json" in os.listdir(folder) else 0)
        self.assertEqual(Path(folder, "file").read_text(), "somebody's")


if __name__ == "__main__":
    try:
        main()
    finally:
        if Crowd.bench is not None:
            Crowd.bench.close()
