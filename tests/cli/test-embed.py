"""Embeddings of collections: test-embed.py CLI"""
import contextlib
import fcntl
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import numpy as np

import support
from support import CLI, TINY, TestCase, checkpoint, formula, png_bytes, run

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import embed_kill  # noqa: E402

COLUMNS = "index row name pixels_sha256 width height view status error".split()


def read_table(folder):
    lines = (Path(folder) / "table.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert lines[0].split("\t") == COLUMNS, lines[0]
    return [dict(zip(COLUMNS, line.split("\t"))) for line in lines[1:]]


def contents(folder):
    return embed_kill.contents(Path(folder))


class EmbedCase(TestCase):
    def films(self, n=6, folder="films"):
        """n pictures in two folders; what they are called, sorted."""
        names = []
        for i in range(n):
            name = "%s/film-%02d.png" % ("ba"[i % 2], i)
            path = Path(self.path(folder)) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(png_bytes(formula(60 + 3 * i, 70 - i)))
            names.append(name)
        return sorted(names)

    def embed(self, *arguments, code=0, out="out", **options):
        result = run("embed", *arguments, "-o", self.path(out), "--model", TINY, **options)
        self.assertEqual(result.code, code, "%s: %s" % (arguments, result.err))
        return result

    def begin(self, out, *arguments, source="films"):
        """A run that does not get far: the matrices may have two rows, by a limit on the size of files."""
        result = run("embed", self.path(source), "-o", self.path(out), "--model", TINY, *arguments, prefix=["prlimit", "--fsize=2600"])
        self.assertEqual(result.code, 4, result.err)
        self.assertIn("embed.journal", os.listdir(self.path(out)))
        return result

    def same(self, a, b):
        self.assertEqual(embed_kill.differences(contents(self.path(a)), contents(self.path(b))), [])


class Numbers(EmbedCase):
    def test_as_features(self):
        names = self.films()
        self.embed(self.path("films"), "--patches")
        arrays = {kind: np.load(self.path("out/%s.npy" % kind)) for kind in ("cls", "mean", "patches")}
        self.assertEqual(arrays["cls"].shape, (6, 32))
        about = support.json.loads(Path(self.path("out/embed.json")).read_text())
        self.assertEqual(about["grid_columns"] ** 2, arrays["patches"].shape[1])
        for row, name in enumerate(names):
            for what in ("cls", "patches"):
                self.good("features", self.path("films/" + name), "-o", self.path("one.npy"), "--what", what, "--model", TINY)
                one = np.load(self.path("one.npy"))
                self.assertTrue(np.array_equal(arrays[what][row], one), (name, what))
            self.close(arrays["mean"][row], one.astype(np.float64).mean(0).astype(np.float32), 1e-6)

    def test_table(self):
        names = self.films()
        result = self.embed(self.path("films"), "--json")
        about = support.json.loads(Path(self.path("out/embed.json")).read_text())
        rows = read_table(self.path("out"))
        self.assertEqual([row["name"] for row in rows], names)
        for i, row in enumerate(rows):
            self.assertEqual((row["index"], row["row"], row["status"], row["error"]), (str(i), str(i), "ok", ""))
            info = self.good("info", self.path("films/" + row["name"]), "--model", TINY, "--json").json()
            self.assertIn(row["pixels_sha256"], support.json.dumps(info))
        self.assertEqual((rows[0]["width"], rows[0]["height"]), ("63", "69"))
        self.assertEqual(about["counts"], {"inputs": 6, "embedded": 6, "failed": 0})
        self.assertEqual(about["shard"], {"index": 0, "count": 1})
        self.assertEqual(about["precision"], "fp32")
        self.assertEqual(result.json()["counts"], about["counts"])
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["cls.npy", "content.bin", "embed.json", "mean.npy", "table.tsv"])

    def test_half_and_block(self):
        self.films(3)
        self.embed(self.path("films"))
        self.embed(self.path("films"), "--dtype", "f16", "--patches", out="half")
        wide, half = np.load(self.path("out/cls.npy")), np.load(self.path("half/cls.npy"))
        self.assertEqual(half.dtype, np.float16)
        self.assertTrue(np.array_equal(wide.astype(np.float16), half))
        self.embed(self.path("films"), "--block", "0", "--no-norm", out="block")
        one = self.path("one.npy")
        self.good("features", self.path("films/a/film-01.png"), "-o", one, "--what", "cls", "--block", "0", "--no-norm", "--model", TINY)
        self.assertTrue(np.array_equal(np.load(self.path("block/cls.npy"))[0], np.load(one).reshape(-1)))

    def test_last_four(self):
        """CLS of the last four blocks, each as features writes it; merged, resumed and reused as the rest."""
        deep = checkpoint("tiny-deep-1")
        names = self.films(4)
        films = self.path("films")

        def embed(out, *options, code=0):
            self.assertEqual(run("embed", films, "-o", self.path(out), "--model", deep, "--last4", *options).code, code)

        embed("whole")
        last4 = np.load(self.path("whole/last4.npy"))
        for row, name in enumerate(names):
            for i in range(4):
                self.good("features", os.path.join(films, name), "--model", deep, "--what", "cls", "--block", i + 1, "-o", self.path("cls.npy"))
                width = last4.shape[1] // 4
                self.assertTrue((last4[row, i * width : (i + 1) * width] == np.load(self.path("cls.npy"))).all(), (name, i))
        self.assertTrue((last4[:, -width:] == np.load(self.path("whole/cls.npy"))).all())
        for i in range(2):
            embed("part%d" % i, "--shard", "%d/2" % i, "--patches")
        embed("patches", "--patches")
        self.good("merge", self.path("part0"), self.path("part1"), "-o", self.path("merged"))
        for folder in ("merged", "patches"):
            self.assertTrue((np.load(self.path(folder + "/last4.npy")) == last4).all(), folder)
        os.remove(os.path.join(films, names[1]))
        embed("whole", "--update")
        self.assertTrue((np.load(self.path("whole/last4.npy")) == last4[[0, 2, 3]]).all())
        self.assertEqual(run("embed", films, "-o", self.path("whole"), "--model", deep).code, 2)
        self.bad(2, "embed", films, "-o", self.path("x"), "--model", deep, "--last4", "--block", "1", says="--last4")
        self.bad(2, "embed", films, "-o", self.path("x"), "--model", TINY, "--last4", says="four blocks")

    def test_threads(self):
        self.films()
        self.embed(self.path("films"), "--threads", "1", out="one")
        self.embed(self.path("films"), "--threads", "5", out="five")
        self.same("one", "five")

    def test_progress_for_programs(self):
        self.films()
        read_end, write_end = os.pipe()
        with subprocess.Popen([CLI, "embed", self.path("films"), "-o", self.path("out"), "--model", TINY, "--progress-fd", str(write_end)], pass_fds=[write_end], stderr=subprocess.DEVNULL) as child:
            os.close(write_end)
            with os.fdopen(read_end) as lines:
                last = lines.readlines()[-1]
            self.assertEqual(child.wait(), 0)
        self.assertEqual(last, "6 6 b/film-04.png\n")


class Inputs(EmbedCase):
    def names(self, out="out"):
        return [row["name"] for row in read_table(self.path(out))]

    def test_folder(self):
        """By ending or by content; hidden ones and others are passed over."""
        self.films(2)
        folder = Path(self.path("films"))
        (folder / "labels.csv").write_text("a,b\n")
        (folder / "no-ending").write_bytes(png_bytes(formula(40, 40)))
        (folder / ".hidden.png").write_bytes(b"x")
        (folder / ".cache").mkdir()
        (folder / ".cache" / "film.png").write_bytes(b"x")
        (folder / "loop").symlink_to(folder)
        self.embed(self.path("films") + "/")
        self.assertEqual(self.names(), ["a/film-01.png", "b/film-00.png", "no-ending"])

    def test_several(self):
        self.films(4)
        self.embed("./films/b", "films//a/film-01.png", "films/[a]/*.png", cwd=self.folder)
        self.assertEqual(self.names(), ["films/a/film-01.png", "films/a/film-03.png", "films/b/film-00.png", "films/b/film-02.png"])
        self.bad(1, "embed", self.path("nowhere"), "-o", self.path("x"), "--model", TINY, says="nowhere")
        os.mkdir(self.path("empty"))
        self.bad(1, "embed", self.path("empty"), "-o", self.path("x"), "--model", TINY, says="no pictures")

    def test_list(self):
        names = ["films/" + name for name in self.films(3)]
        for ending in ("\n", "\r\n", "\0"):
            Path(self.path("list")).write_text(ending.join([*reversed(names), names[0]]) + ending, newline="")
            out = "out%d" % ord(ending[0])
            self.embed("--list", self.path("list"), cwd=self.folder, out=out)
            self.assertEqual(self.names(out), names)
        text = "\n".join(names).encode()
        done = subprocess.run([CLI, "embed", "--list", "-", "-o", self.path("piped"), "--model", TINY], input=text, cwd=self.folder, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.same("piped", "out0")

    def tar(self, mode="w", order=None):
        blob = io.BytesIO()
        with tarfile.open(fileobj=blob, mode=mode) as archive:
            for name in order or sorted(os.listdir(self.path("films")), reverse=True):
                archive.add(os.path.join(self.path("films"), name), "./" + name)
        return blob.getvalue()

    def pipe(self, data, *arguments, out="tar"):
        return subprocess.run([CLI, "embed", "-", "-o", self.path(out), "--model", TINY, *arguments], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_archive(self):
        """A folder and its archive give the same, in whatever order members come."""
        self.films()
        (Path(self.path("films")) / "notes.txt").write_text("no picture")
        (Path(self.path("films")) / "a" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nxx")
        self.embed(self.path("films"), code=1)
        for mode in ("w", "w:gz", "w:xz"):
            out = "tar-" + mode[-2:]
            done = self.pipe(self.tar(mode), out=out)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.same(out, "out")

    def test_archive_odd(self):
        """Names are never opened; what is empty or a link is told of as that."""
        film = png_bytes(formula(40, 40))
        blob = io.BytesIO()
        with tarfile.open(fileobj=blob, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, data, kind in (("../up.png", film, None), ("/abs.png", film, None), ("empty.png", b"", None), ("new\nline.png", film, None), ("link.png", b"", tarfile.SYMTYPE)):
                member = tarfile.TarInfo(name)
                member.size, member.type, member.linkname = len(data), kind or tarfile.REGTYPE, "/etc/passwd" if kind else ""
                archive.addfile(member, io.BytesIO(data))
        done = self.pipe(blob.getvalue())
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("“link.png” is a link", done.stderr.decode())
        self.assertIn("empty.png", done.stderr.decode())
        self.assertNotIn("not there any more", done.stderr.decode())
        self.assertFalse(os.path.exists(self.path("up.png")))
        self.assertEqual(np.load(self.path("tar/cls.npy")).shape[0], 3)

    def test_archive_damaged(self):
        self.films()
        data = self.tar()
        done = self.pipe(data[: len(data) // 3])
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"damaged, or ends too early", done.stderr)
        self.assertNotIn("embed.json", os.listdir(self.path("tar")))
        other = self.pipe(self.tar(order=["a", "b"]))
        self.assertEqual(other.returncode, 1)
        self.assertIn(b"not the one that was begun with", other.stderr)
        self.assertEqual(self.pipe(data).returncode, 0)
        self.embed(self.path("films"))
        self.same("tar", "out")
        again = self.pipe(data)
        self.assertEqual(again.returncode, 2, again.stderr)

    def test_bad_files(self):
        """Each is a row that says why; the rest is complete."""
        self.films(4)
        folder = Path(self.path("films"))
        (folder / "empty.png").write_bytes(b"")
        (folder / "text.jpg").write_text("hello")
        (folder / "cut.png").write_bytes((folder / "b/film-00.png").read_bytes()[:80])
        (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 40)
        os.mkfifo(folder / "pipe.png")
        (folder / "gone.png").symlink_to("nowhere")
        os.mkdir(folder / "folder.png")
        result = self.embed(self.path("films"), code=1)
        rows = {row["name"]: row for row in read_table(self.path("out"))}
        failed = {"empty.png": "is empty", "text.jpg": "text file", "cut.png": "", "broken.dcm": "", "pipe.png": "FIFO", "gone.png": "No such file"}
        for name, part in failed.items():
            self.assertEqual((rows[name]["status"], rows[name]["row"]), ("failed", ""))
            self.assertIn(part, rows[name]["error"])
            self.assertIn(name, rows[name]["error"])
            self.assertIn(name, result.err)
        self.assertEqual(len(np.load(self.path("out/cls.npy"))), 4)
        self.assertEqual(len(rows), 4 + len(failed))

    def test_ten_thousand(self):
        """Of 10,000 files one in a hundred is broken: each is named, the rest is there."""
        work = Path(self.folder)
        embed_kill.make_pictures(work / "films", 10000, 3, 100)
        result = self.embed(self.path("films"), code=1)
        rows = read_table(self.path("out"))
        failed = [row for row in rows if row["status"] == "failed"]
        self.assertEqual((len(rows), len(failed), len(np.load(self.path("out/cls.npy")))), (10000, 100, 9900))
        self.assertTrue(all(int(row["name"][9:14]) % 100 == 7 and row["name"] in row["error"] for row in failed))
        self.assertEqual(result.err.count("dinoscope-cli: "), 100)
        self.assertEqual([int(row["row"]) for row in rows if row["row"]], list(range(9900)))

    def test_no_permission(self):
        self.films(4)
        folder = Path(self.path("films"))
        os.chmod(self.folder, 0o777)
        os.chmod(folder / "a", 0)
        os.chmod(folder / "b/film-00.png", 0)
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        self.embed(self.path("films"), code=1, prefix=prefix)
        os.chmod(folder / "a", 0o755)
        rows = read_table(self.path("out"))
        self.assertEqual([(row["name"], row["status"]) for row in rows], [("a", "failed"), ("b/film-00.png", "failed"), ("b/film-02.png", "ok")])
        self.assertIn("Permission denied", rows[0]["error"])


class Interrupted(EmbedCase):
    def test_killed(self):
        work = Path(self.folder)
        embed_kill.make_pictures(work / "pictures", 300, 5)
        kills, _ = embed_kill.sweep([CLI, "embed", "--model", TINY, "--quiet"], work / "pictures", work, 20, 5)
        self.assertGreaterEqual(kills, 20)

    def test_disk_full(self):
        """Says so, keeps what there is, and goes on when there is room."""
        self.films(20)
        self.embed(self.path("films"))
        result = self.begin("full")
        self.assertIn("cannot be written", result.err)
        self.assertIn("goes on with it", result.err)
        self.embed(self.path("films"), out="full")
        self.same("full", "out")

    def test_gone_meanwhile(self):
        names = self.films(20)
        self.begin("out")
        os.remove(self.path("films/" + names[-1]))
        (Path(self.path("films")) / "new.png").write_bytes(png_bytes(formula(50, 50)))
        result = self.embed(self.path("films"), code=1)
        self.assertIn("1 are gone", result.err)
        rows = read_table(self.path("out"))
        self.assertEqual([row["name"] for row in rows], names)
        self.assertEqual([row["status"] for row in rows], ["ok"] * 19 + ["failed"])
        self.assertIn("not there any more", rows[-1]["error"])

    def test_other_options(self):
        self.films(20)
        os.mkdir(self.path("other"))
        for i in range(3):
            (Path(self.path("other")) / ("o%d.png" % i)).write_bytes(png_bytes(formula(50, 50)))
        self.begin("out")
        for option, says in ((["--dtype", "f16"], "type of numbers"), (["--patches"], "patches"), (["--shard", "0/2"], "parts"), (["--fit", "pad"], "preparation"), (["--model", checkpoint("tiny-registers-1")], "model")):
            result = run("embed", self.path("films"), "-o", self.path("out"), "--model", TINY, *option)
            self.assertEqual(result.code, 2, result.err)
            self.assertIn(says, result.err)
        self.bad(2, "embed", self.path("other"), "-o", self.path("out"), "--model", TINY, says="other inputs")
        self.embed(self.path("films"))
        self.bad(2, "embed", self.path("films"), "-o", self.path("out"), "--model", TINY, "--no-exif", says="preparation")
        self.bad(2, "embed", self.path("other"), "-o", self.path("out"), "--model", TINY, says="--update")

    def test_complete(self):
        """A second time there is nothing to do, and nothing is touched."""
        self.films(3)
        (Path(self.path("films")) / "bad.png").write_bytes(b"")
        self.embed(self.path("films"), code=1)
        before = {name: os.stat(os.path.join(self.path("out"), name)).st_mtime_ns for name in os.listdir(self.path("out"))}
        self.embed(self.path("films"), code=1)
        after = {name: os.stat(os.path.join(self.path("out"), name)).st_mtime_ns for name in os.listdir(self.path("out"))}
        self.assertEqual(before, after)

    def test_lock_of_a_killed_process(self):
        """A child that a killed process was about to start has its lock for a moment more: it is waited for."""
        self.films(20)
        self.begin("out")
        with open(self.path("out/embed.journal"), "rb+") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            command = [CLI, "embed", self.path("films"), "-o", self.path("out"), "--model", TINY, "--quiet"]
            with subprocess.Popen(command, stderr=subprocess.PIPE) as child:
                while os.path.realpath(journal.name) not in self.opened(child):
                    self.assertIsNone(child.poll())
                fcntl.flock(journal, fcntl.LOCK_UN)
                self.assertEqual((child.wait(support.WATCHDOG), child.stderr.read()), (0, b""))

    @staticmethod
    def opened(child):
        """What it has open; what comes and goes meanwhile may be left out."""
        names = []
        for entry in Path("/proc/%d/fd" % child.pid).iterdir():
            with contextlib.suppress(OSError):
                names.append(os.readlink(entry))
        return names

    def test_signal_and_lock(self):
        """A process that waits for an archive has the folder; a second one is refused; a signal ends it."""
        self.films()
        command = [CLI, "embed", "-", "-o", self.path("out"), "--model", TINY]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            child.stdin.write(png_bytes(formula(4, 4))[:1] * 0)
            blob = io.BytesIO()
            with tarfile.open(fileobj=blob, mode="w") as archive:
                archive.add(self.path("films"), ".")
            child.stdin.write(blob.getvalue()[:-10240])
            child.stdin.flush()
            while not os.path.exists(self.path("out/embed.journal")):
                time.sleep(0.01)
            self.bad(4, "embed", self.path("films"), "-o", self.path("out"), "--model", TINY, says="in use by another process")
            child.send_signal(signal.SIGTERM)
            child.stdin.close()
            self.assertEqual(child.wait(support.WATCHDOG), 130)
        done = subprocess.run(command, input=blob.getvalue(), stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.embed(self.path("films"), out="fresh")
        self.same("out", "fresh")


class Parts(EmbedCase):
    def parts(self, n=3, **options):
        for i in range(n):
            self.embed(self.path("films"), "--shard", "%d/%d" % (i, n), out="part-%d" % i, **options)
        return [self.path("part-%d" % i) for i in range(n)]

    def test_merge(self):
        self.films(7)
        (Path(self.path("films")) / "b" / "bad.png").write_bytes(b"")
        self.embed(self.path("films"), "--patches", code=1)
        for i in range(3):
            run("embed", self.path("films"), "-o", self.path("part-%d" % i), "--model", TINY, "--patches", "--shard", "%d/3" % i)
        self.good("merge", *[self.path("part-%d" % i) for i in (2, 0, 1)], "-o", self.path("whole"))
        self.same("whole", "out")
        self.bad(4, "merge", *[self.path("part-%d" % i) for i in (2, 0, 1)], "-o", self.path("whole"), says="not overwritten")

    def test_more_parts_than_pictures(self):
        self.films(2)
        self.embed(self.path("films"))
        self.good("merge", *self.parts(5), "-o", self.path("whole"))
        self.same("whole", "out")

    def test_refused(self):
        self.films(6)
        parts = self.parts()
        self.bad(1, "merge", parts[0], "-o", self.path("x"), says="these: 1 to 2")
        self.bad(1, "merge", *parts, parts[1], "-o", self.path("x"), says="both part 1")
        self.bad(2, "merge", *parts, "-o", parts[0], says="one of the parts")
        for option, says in ((["--dtype", "f16"], "type of numbers"), (["--fit", "pad"], "preparation"), (["--hash-names"], "names"), (["--model", checkpoint("tiny-registers-1")], "model")):
            shutil.rmtree(self.path("odd"), ignore_errors=True)
            result = run("embed", self.path("films"), "-o", self.path("odd"), "--model", TINY, "--shard", "1/3", *option)
            self.assertEqual(result.code, 0, result.err)
            self.bad(1, "merge", parts[0], self.path("odd"), parts[2], "-o", self.path("x"), says=["does not belong", says])
        self.embed(self.path("films"), "--shard", "1/4", out="fourth")
        self.bad(1, "merge", parts[0], self.path("fourth"), parts[2], "-o", self.path("x"), says="number of parts")
        with open(os.path.join(parts[1], "cls.npy"), "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\x55")
        self.bad(1, "merge", *parts, "-o", self.path("x"), says=["cls.npy", "damaged"])
        self.assertFalse(os.path.exists(self.path("x")))

    def test_other_list(self):
        self.films(6)
        parts = self.parts()
        (Path(self.path("films")) / "z.png").write_bytes(png_bytes(formula(50, 50)))
        self.embed(self.path("films"), "--shard", "2/3", out="late")
        self.bad(1, "merge", parts[0], parts[1], self.path("late"), "-o", self.path("x"), says="different inputs")

    def test_slurm(self):
        self.films(6)
        self.embed(self.path("films"), "--shard", "1/3", out="said")
        task = {"SLURM_ARRAY_TASK_" + key: value for key, value in (("ID", "1"), ("COUNT", "3"), ("MIN", "0"), ("MAX", "2"), ("STEP", "1"))}
        self.embed(self.path("films"), out="task", env=task)
        self.same("task", "said")
        whole = self.embed(self.path("films"), out="whole", env={**task, "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_MAX": "9", "SLURM_ARRAY_TASK_COUNT": "2"})
        self.assertIn("nothing is divided", whole.err)
        self.assertEqual(len(read_table(self.path("whole"))), 6)
        for text in ("3/3", "1", "a/b", "-1/3", "1/0"):
            self.bad(2, "embed", self.path("films"), "-o", self.path("x"), "--shard=" + text, says="--shard")


class Names(EmbedCase):
    def test_hashed(self):
        names = self.films(4)
        (Path(self.path("films")) / "Meier.png").write_bytes(b"no picture")
        data = self.path("data")
        self.embed(self.path("films"), code=1)
        self.embed(self.path("films"), "--hash-names", code=1, out="hashed", env={"XDG_DATA_HOME": data})
        self.embed(self.path("films"), "--hash-names", code=1, out="again", env={"XDG_DATA_HOME": data})
        self.same("hashed", "again")
        key = Path(data) / "dinoscope" / "name-key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        for name, content in contents(self.path("hashed")).items():
            for word in [*names, "film-0", "Meier"]:
                self.assertNotIn(word.encode(), content, name)
        rows = read_table(self.path("hashed"))
        self.assertEqual(len({row["name"] for row in rows}), 5)
        self.assertTrue(all(len(row["name"]) == 64 for row in rows))
        self.assertTrue(np.array_equal(np.load(self.path("out/cls.npy")), np.load(self.path("hashed/cls.npy"))))
        copy = self.path("key")
        shutil.copy(key, copy)
        self.embed(self.path("films"), "--hash-names", code=1, out="named", env={"DINOSCOPE_NAME_KEY": copy})
        self.same("hashed", "named")
        Path(copy).write_text("short")
        self.bad(1, "embed", self.path("films"), "--hash-names", "-o", self.path("x"), "--model", TINY, env={"DINOSCOPE_NAME_KEY": copy}, says="too short")

    def test_hashed_resume(self):
        self.films(20)
        env = {"XDG_DATA_HOME": self.path("data")}
        self.embed(self.path("films"), "--hash-names", env=env)
        result = run("embed", self.path("films"), "-o", self.path("full"), "--model", TINY, "--hash-names", env=env, prefix=["prlimit", "--fsize=2600"])
        self.assertEqual(result.code, 4)
        for name, content in contents(self.path("full")).items():
            self.assertNotIn(b"film-", content, name)
        self.embed(self.path("films"), "--hash-names", out="full", env=env)
        self.same("full", "out")


class Update(EmbedCase):
    def test_update(self):
        """New, changed, renamed, gone: as a fresh run, of which only what is new was computed."""
        names = self.films(8)
        folder = Path(self.path("films"))
        (folder / "bad.png").write_bytes(b"")
        self.embed(self.path("films"), "--patches", code=1)
        os.rename(folder / names[0], folder / "renamed.png")
        os.remove(folder / names[1])
        (folder / names[2]).write_bytes(png_bytes(formula(81, 82)))
        (folder / "bad.png").write_bytes(png_bytes(formula(55, 56)))
        (folder / "new.png").write_bytes(png_bytes(formula(57, 58)))
        result = self.embed(self.path("films"), "--patches", "--update", "--json")
        self.assertEqual(result.json()["reused"], 6)
        self.embed(self.path("films"), "--patches", out="fresh")
        self.same("out", "fresh")

    def test_update_killed(self):
        """Until the new files are whole, the old ones stay."""
        self.films(20)
        self.embed(self.path("films"))
        before = contents(self.path("out"))
        for i in range(20, 40):
            (Path(self.path("films")) / ("n%d.png" % i)).write_bytes(png_bytes(formula(40 + i, 50)))
        result = run("embed", self.path("films"), "-o", self.path("out"), "--model", TINY, "--update", prefix=["prlimit", "--fsize=4000"])
        self.assertEqual(result.code, 4)
        now = contents(self.path("out"))
        self.assertEqual({name: now[name] for name in before}, before)
        self.bad(1, "merge", self.path("out"), "-o", self.path("x"), says="not finished")
        self.embed(self.path("films"), "--update")
        self.embed(self.path("films"), out="fresh")
        self.same("out", "fresh")


class Usage(EmbedCase):
    def test_refused(self):
        self.films(2)
        films, out = self.path("films"), self.path("x")
        for arguments, says in (
            ([films], "-o DIR"),
            (["-o", out], "No pictures are given"),
            (["-o", out, "--list", "x", films], "not both"),
            (["-o", out, "-", films], "stands for all inputs"),
            (["-o", out, "-", "--shard", "0/2"], "cannot be divided"),
            (["-o", out, films, "--patches", "--fit", "whole"], "--patches"),
            (["-o", out, films, "--block", "9"], "blocks 0 to"),
        ):
            self.bad(2, "embed", "--model", TINY, *arguments, says=says)
        self.bad(3, "embed", films, "-o", out, "--model", self.path("none"))
        Path(self.path("file")).write_text("x")
        self.bad(4, "embed", films, "-o", self.path("file"), "--model", TINY, says="file")
        self.assertFalse(os.path.exists(out) and os.listdir(out))

    def test_list_of_overlays_stays(self):
        self.assertIn("pca", self.good("map", "--list").text)
        self.assertIn("pca", self.good("--list", "map").text)


support.main()
