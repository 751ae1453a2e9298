#!/usr/bin/env python3
"""The commands index and neighbors, against a brute force in NumPy."""
import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np

from neighbor_tables import PREPARATION, check_neighbors, make_embeddings, normalized, read_neighbors
from support import EXAMPLES, TINY, TestCase, checkpoint, main, read_png, run

N, D = 700, 96


def rows(seed=1, n=N):
    random = np.random.default_rng(seed)
    return (random.standard_normal((n, D)) + 0.5).astype(np.float32) * random.uniform(0.1, 9, (n, 1)).astype(np.float32)


class Indexed(TestCase):
    def setUp(self):
        super().setUp()
        self.cls = rows()
        self.cls[40:44] = self.cls[7] * np.array([[1], [2], [3], [4]], dtype=np.float32)
        self.source = make_embeddings(self.path("embeddings"), self.cls)
        self.exact = normalized(self.cls.astype(np.float64))

    def index(self, *options, name="index", source=None):
        folder = self.path(name)
        self.good("index", source or self.source, "-o", folder, *options)
        return folder

    def neighbors(self, *arguments):
        return read_neighbors(self.good("neighbors", *arguments, "--quiet").text)


class Search(Indexed):
    def test_rows(self):
        folder = self.index()
        found = self.neighbors(folder, "--query", 5, "-k", 12)
        self.assertEqual(list(found[0]), ["query", "rank", "row", "name", "cosine"])
        check_neighbors(self, found, self.exact @ self.exact[5], 12, [5])
        self.assertTrue(all(line["query"] == "5" and line["name"] == "film-%04d.png" % int(line["row"]) for line in found))

    def test_all_at_once(self):
        folder = self.index()
        found = self.neighbors(folder, "--query", "all", "-k", 7)
        scores = self.exact @ self.exact.T
        for i in range(N):
            check_neighbors(self, found[7 * i : 7 * i + 7], scores[i], 7, [i])
        one = self.good("neighbors", folder, "--query", 123, "-k", 7, "--quiet").text
        self.assertEqual(one.splitlines()[1:], ["\t".join(line.values()) for line in found[7 * 123 : 7 * 124]])

    def test_threads(self):
        folder = self.index("--dtype", "int8")
        outputs = {self.good("neighbors", folder, "--query", "all", "--threads", n).out for n in (1, 2, 3, 7)}
        self.assertEqual(len(outputs), 1)

    def test_int8_is_exact(self):
        exact, narrow = self.index(), self.index("--dtype", "int8", name="narrow")
        for query in ("all", "9"):
            arguments = ("--query", query, "-k", 20, "--quiet")
            self.assertEqual(self.good("neighbors", exact, *arguments).out, self.good("neighbors", narrow, *arguments).out)
        kept = np.memmap(os.path.join(narrow, "narrow.i8"), "i1").reshape(N, D)
        scales = np.load(os.path.join(narrow, "scales.npy"))
        scales = scales.astype(np.float64)
        off = np.linalg.norm(kept * scales[0][:, None] - np.load(os.path.join(narrow, "vectors.npy")), axis=1)
        self.assertTrue((off <= scales[1] * (1 + 1e-6)).all())

    def test_float16(self):
        folder = self.index("--dtype", "f16")
        kept = np.load(os.path.join(folder, "vectors.npy"))
        self.assertEqual(kept.dtype, np.float16)
        np.testing.assert_array_equal(kept, np.load(os.path.join(self.index(name="exact"), "vectors.npy")).astype(np.float16))
        found = self.neighbors(folder, "--query", 5)
        query = normalized(kept[5].astype(np.float64))
        check_neighbors(self, found, kept.astype(np.float64) @ query, 10, [5])

    def test_mean(self):
        folder = self.index("--mean")
        check_neighbors(self, self.neighbors(folder, "--query", 0), self.exact[:, ::-1] @ self.exact[0, ::-1], 10, [0])

    def test_ties_by_row(self):
        found = self.neighbors(self.index(), "--query", 7, "-k", 4)
        self.assertEqual([line["row"] for line in found], ["40", "41", "42", "43"])

    def test_more_than_there_are(self):
        self.assertEqual(len(self.neighbors(self.index(), "--query", 0, "-k", 5000)), N - 1)

    def test_npy_queries(self):
        folder, queries = self.index(), rows(2, 5)
        np.save(self.path("q.npy"), queries)
        np.save(self.path("one.npy"), queries[3].astype(np.float16))
        found = self.neighbors(folder, "--query", self.path("q.npy"), "--query", 3)
        for i in range(5):
            self.assertEqual(found[10 * i]["query"], "%s:%d" % (self.path("q.npy"), i))
            check_neighbors(self, found[10 * i : 10 * i + 10], self.exact @ normalized(queries[i].astype(np.float64)), 10)
        check_neighbors(self, found[50:], self.exact @ self.exact[3], 10, [3])
        found = self.neighbors(folder, "--query", self.path("one.npy"))
        check_neighbors(self, found, self.exact @ normalized(queries[3].astype(np.float16).astype(np.float64)), 10)

    def test_several_folders(self):
        other = make_embeddings(self.path("more"), rows(3, 50), names=["more-%d.png" % i for i in range(50)])
        folder = self.path("both")
        self.good("index", self.source, other, "-o", folder)
        together = np.concatenate([self.exact, normalized(rows(3, 50).astype(np.float64))])
        found = self.neighbors(folder, "--query", 720)
        check_neighbors(self, found, together @ together[720], 10, [720])
        strange = make_embeddings(self.path("strange"), rows(3, 50), precision="bf16")
        self.bad(1, "index", self.source, strange, "-o", self.path("never"), says=["the precision differs"])
        self.assertFalse(os.path.exists(self.path("never")))

    def test_npy_index(self):
        np.save(self.path("x.npy"), self.cls)
        folder = self.index(source=self.path("x.npy"))
        check_neighbors(self, self.neighbors(folder, "--query", 5), self.exact @ self.exact[5], 10, [5])
        self.bad(1, "neighbors", folder, "--query", EXAMPLES / "chest-01.png", says=["encoder is not known"])

    def test_replaced_but_nothing_else(self):
        folder = self.index()
        self.index("--dtype", "int8")
        self.assertTrue(os.path.exists(os.path.join(folder, "narrow.i8")))
        self.index()
        self.assertEqual(sorted(os.listdir(folder)), ["index.json", "pixels.bin", "table.tsv", "vectors.npy"])
        Path(folder, "mine.txt").write_text("mine")
        self.bad(4, "index", self.source, "-o", folder, says=["not only an index"])
        self.assertEqual(len(os.listdir(folder)), 5)


class Filters(Indexed):
    def table(self):
        with open(self.path("labels.csv"), "w", encoding="utf-8") as file:
            file.write("file,patient,sex,remark\n")
            for i in range(N):
                if i != 11:
                    file.write('film-%04d,P%d,%s,"a ""b""\tc"\n' % (i, i // 4, "m" if i % 5 < 2 else "f"))
        return self.index("--table", self.path("labels.csv"))

    def test_table(self):
        result = run("index", self.source, "-o", self.path("index"), "--table", self.path("none.csv"))
        self.assertEqual(result.code, 1)
        folder = self.table()
        lines = Path(folder, "table.tsv").read_text(encoding="utf-8").splitlines()
        self.assertEqual(lines[0], "row\tname\tview\tfile\tpatient\tsex\tremark")
        self.assertEqual(lines[1], '0\tfilm-0000.png\tAP\tfilm-0000\tP0\tm\t"a ""b""\tc"')
        self.assertEqual(lines[12], "11\tfilm-0011.png\tPA\t\t\t\t")
        self.bad(1, "index", self.source, "-o", self.path("i"), "--table", self.path("labels.csv"), "--key", "no", says=["“no”"])

    def test_where(self):
        folder, scores = self.table(), self.exact @ self.exact[8]
        ap = [i for i in range(N) if i % 3 == 0]
        women = [i for i in range(N) if i % 5 >= 2 and i != 11]
        found = self.neighbors(folder, "--query", 8, "--where", "view=AP")
        check_neighbors(self, found, scores, 10, set(range(N)) - set(ap) | {8})
        found = self.neighbors(folder, "--query", 8, "--where", "view=AP", "--where", "sex=f", "-k", 200)
        check_neighbors(self, found, scores, 200, set(range(N)) - (set(ap) & set(women)) | {8})
        found = self.neighbors(folder, "--query", 8, "--where", "patient=P3", "--where", "patient=P70")
        self.assertEqual({int(line["row"]) for line in found}, {12, 13, 14, 15, 280, 281, 282, 283})
        self.assertEqual(self.neighbors(folder, "--query", 8, "--where", "view=LL"), [])
        self.bad(1, "neighbors", folder, "--query", 8, "--where", "age=5", says=["“age”"])
        self.bad(2, "neighbors", folder, "--query", 8, "--where", "view", says=["--where needs"])

    def test_exclude_same(self):
        folder = self.table()
        found = self.neighbors(folder, "--query", "all", "--exclude-same", "patient")
        scores = self.exact @ self.exact.T
        for i in range(0, N, 7):
            own = {i} if i == 11 else {j for j in range(N) if j // 4 == i // 4 and j != 11} | {i}
            check_neighbors(self, found[10 * i : 10 * i + 10], scores[i], 10, own)
        np.save(self.path("q.npy"), self.cls[20])
        self.bad(1, "neighbors", folder, "--query", self.path("q.npy"), "--exclude-same", "patient", says=["patient=VALUE"])
        found = self.neighbors(folder, "--query", self.path("q.npy"), "--exclude-same", "patient=P5")
        check_neighbors(self, found, scores[20], 10, {20, 21, 22, 23})

    def test_texts(self):
        with open(self.path("reports.csv"), "w", encoding="utf-8") as file:
            file.write("name,report\n" + "".join('film-%04d.png,"Report %d,\nsecond line."\n' % (i, i) for i in range(0, N, 2)))
        folder = self.index()
        result = self.good("neighbors", folder, "--query", 8, "--json", "--texts", self.path("reports.csv")).json()
        self.assertIn("other patients", result["texts_are"])
        for line in result["queries"][0]["neighbors"]:
            self.assertEqual(line["other_patients_text"], "Report %d,\nsecond line." % line["row"] if line["row"] % 2 == 0 else "")
        table = self.good("neighbors", folder, "--query", 8, "--texts", self.path("reports.csv"), "--text-column", "report")
        self.assertEqual(table.text.splitlines()[0].split("\t")[-1], "other_patients_text")
        self.assertIn("other patients", table.err)
        self.bad(1, "neighbors", folder, "--query", 8, "--texts", self.path("reports.csv"), "--text-column", "findings", says=["“findings”"])


class Patches(Indexed):
    def test_patches(self):
        random = np.random.default_rng(5)
        patches = random.standard_normal((30, 16, D)).astype(np.float32) + 0.3
        source = make_embeddings(self.path("with-patches"), rows(6, 30), patches=patches)
        folder = self.index("--patches", source=source)
        exact = normalized(patches.astype(np.float64)).reshape(480, D)
        found = self.neighbors(folder, "--query", 4, "--patch", "2:3", "-k", 15)
        self.assertEqual(list(found[0]), ["query", "rank", "row", "name", "patch_row", "patch_column", "cosine"])
        flat = [dict(line, row=int(line["row"]) * 16 + int(line["patch_row"]) * 4 + int(line["patch_column"])) for line in found]
        check_neighbors(self, flat, exact @ exact[4 * 16 + 11], 15, range(4 * 16, 5 * 16))
        result = self.good("neighbors", folder, "--query", 4, "--patch", "2:3", "--json").json()
        self.assertEqual(result["queries"][0]["neighbors"][0]["patch"], [int(found[0]["patch_row"]), int(found[0]["patch_column"])])
        self.bad(2, "neighbors", folder, "--query", 4, says=["--patch R:C"])
        self.bad(2, "neighbors", folder, "--query", 4, "--patch", "4:0", says=["rows 0 to 3"])
        self.bad(2, "neighbors", self.index(name="cls"), "--query", 4, "--patch", "0:0", says=["index of patches"])
        self.bad(1, "index", self.source, "--patches", "-o", self.path("i"), says=["--patches"])


    def test_grid(self):
        """Six rows of four, which the number of patches does not tell."""
        random = np.random.default_rng(8)
        patches = random.standard_normal((20, 24, D)).astype(np.float32) + 0.3
        source = make_embeddings(self.path("whole"), rows(6, 20), patches=patches)
        description = json.loads(Path(source, "embed.json").read_text())
        exact = normalized(patches.astype(np.float64)).reshape(480, D)
        for unknown in (self.index("--patches", source=source, name="unknown"), source):
            self.bad(2, "neighbors", unknown, "--query", 4, "--patch", "2:3", says=["grid of the index's patches is not known"])
        Path(source, "embed.json").write_text(json.dumps({**description, "grid_columns": 4}))
        for folder in (self.index("--patches", source=source, name="known"), source):
            found = self.neighbors(folder, "--query", 4, "--patch", "5:3", "-k", 15)
            flat = [dict(line, row=int(line["row"]) * 24 + int(line["patch_row"]) * 4 + int(line["patch_column"])) for line in found]
            check_neighbors(self, flat, exact @ exact[4 * 24 + 23], 15, range(4 * 24, 5 * 24))
            self.bad(2, "neighbors", folder, "--query", 4, "--patch", "0:4", says=["rows 0 to 5", "columns 0 to 3"])
        other = make_embeddings(self.path("other"), rows(7, 20), patches=patches)
        Path(other, "embed.json").write_text(json.dumps({**description, "grid_columns": 6}))
        self.bad(1, "index", source, other, "--patches", "-o", self.path("both"), says=["not of the same size"])
        for columns in (5, 0, "4"):
            Path(source, "embed.json").write_text(json.dumps({**description, "grid_columns": columns}))
            self.bad(1, "neighbors", source, "--query", 4, "--patch", "0:0", says=["embed.json"])


class Embeddings(Indexed):
    """A folder that embed wrote, in the place of an index."""

    def test_same_as_index(self):
        labels = self.source + "/table.tsv"
        lines = Path(labels).read_text().splitlines()
        # A failed picture in the middle: rows of the table are not those of the matrices.
        lines.insert(4, "3\t\tbroken.png\t\t\t\t\tfailed\tbroken")
        Path(labels).write_text("\n".join(lines) + "\n")
        folder = self.index()
        for options in (["--query", "all", "-k", 5], ["--query", 8, "--where", "view=AP"], ["--query", 8, "--exclude-same", "view"]):
            self.assertEqual(self.good("neighbors", self.source, *options).out, self.good("neighbors", folder, *options).out)
        np.save(self.source + "/mean.npy", rows(9))
        mean = self.index("--mean", name="mean")
        self.assertEqual(self.good("neighbors", self.source, "--mean", "--query", 5).out, self.good("neighbors", mean, "--query", 5).out)
        self.assertNotEqual(self.good("neighbors", mean, "--query", 5).out, self.good("neighbors", folder, "--query", 5).out)
        self.bad(1, "neighbors", folder, "--query", 5, "--mean", says=["--mean"])

    def test_half(self):
        np.save(self.source + "/cls.npy", self.cls.astype("<f2"))
        exact = normalized(self.cls.astype("<f2").astype(np.float64))
        check_neighbors(self, self.neighbors(self.source, "--query", 5, "-k", 12), exact @ exact[5], 12, [5])

    def test_refused(self):
        self.bad(1, "neighbors", self.source, "--query", 5, "--patch", "0:0", says=["patches.npy"])
        self.bad(2, "neighbors", self.source, "--query", 5, "--patch", "0:0", "--mean", says=["--mean"])
        self.bad(1, "neighbors", self.source, "--query", 5, "--verify", says=["files"])
        description = json.loads(Path(self.source, "embed.json").read_text())
        description["files"] = {name: hashlib.sha256(Path(self.source, name).read_bytes()).hexdigest() for name in ("cls.npy", "table.tsv")}
        Path(self.source, "embed.json").write_text(json.dumps(description))
        self.good("neighbors", self.source, "--query", 5, "--verify")
        self.cls[3, 7] += 1
        np.save(self.source + "/cls.npy", self.cls)
        self.bad(1, "neighbors", self.source, "--query", 5, "--verify", says=["cls.npy", "damaged"])
        self.cls[3, 7] = np.nan
        np.save(self.source + "/cls.npy", self.cls)
        self.bad(1, "neighbors", self.source, "--query", 5, says=["cls.npy", "row 3"])


class Refused(Indexed):
    def damaged(self, name, change, sentence):
        folder = self.path("damaged")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.whole, folder)
        path = Path(folder, name)
        path.write_bytes(change(path.read_bytes()))
        self.bad(1, "neighbors", folder, "--query", 0, says=sentence)

    def test_damage(self):
        self.whole = self.index("--dtype", "int8")
        flip = lambda data: data[:-9] + bytes([data[-9] ^ 4]) + data[-8:]
        for name in ("vectors.npy", "narrow.i8", "scales.npy", "table.tsv", "pixels.bin"):
            self.damaged(name, lambda data: data[:-5], "is damaged")
            self.damaged(name, lambda data: data + b"x", "is damaged")
            self.damaged(name, flip, "is damaged: its contents")
        self.damaged("index.json", lambda data: data[:40], "index.json")
        self.damaged("index.json", lambda data: b"{}", "does not describe an index")
        for old, new in ((b'"version": 1', b'"version": 2'), (b'"channels": 96', b'"channels": 95'), (b'"pictures": 700', b'"pictures": 701'), (b'"int8"', b'"i8"'), (b'"dtype"', b'"dytpe"')):
            self.damaged("index.json", lambda data: data.replace(old, new), "newer version" if new.endswith(b"2") else "damaged")
        for name in ("index.json", "vectors.npy", "table.tsv"):
            folder = self.path("lacking")
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.whole, folder)
            os.remove(os.path.join(folder, name))
            self.bad(1, "neighbors", folder, "--query", 0, says=name)

    def test_large_files_when_asked(self):
        """Files above 32 MiB are compared by --verify alone."""
        folder = self.index(source=make_embeddings(self.path("large"), rows(1, 90_000)))
        with open(os.path.join(folder, "vectors.npy"), "r+b") as file:
            file.seek(20_000_000)
            file.write(b"\x01\x02\x03\x04")
        self.good("neighbors", folder, "--query", 0)
        self.bad(1, "neighbors", folder, "--query", 0, "--verify", says=["its contents"])

    def test_values(self):
        bad = rows()
        bad[3, 4] = np.nan
        source = make_embeddings(self.path("bad"), bad)
        self.bad(1, "index", source, "-o", self.path("i"), says=["row 3"])
        self.assertFalse(os.path.exists(self.path("i")))
        nothing = rows()
        nothing[3] = 0
        source = make_embeddings(self.path("nothing"), nothing)
        self.assertIn("1 row is all zeros", self.good("index", source, "-o", self.path("i")).err)
        self.bad(1, "neighbors", self.path("i"), "--query", 3, says=["no direction"])

    def test_usage(self):
        folder = self.index()
        np.save(self.path("narrow.npy"), np.zeros((3, D - 1), np.float32))
        self.bad(1, "neighbors", folder, "--query", self.path("narrow.npy"), says=["96 channels"])
        self.bad(2, "neighbors", folder, "--query", 700, says=["rows 0 to 699"])
        self.bad(2, "neighbors", folder, says=["(--query)"])
        self.bad(2, "index", self.source, says=["-o INDEX"])
        self.bad(2, "index", "-o", folder, says=["No folder"])
        self.bad(2, "index", self.source, "--patches", "--mean", "-o", folder, says=["two different"])
        self.bad(1, "neighbors", self.path("none"), "--query", 0, says=["none"])


class Pictures(TestCase):
    """Radiographs through an encoder; the index is of what features says."""

    NAMES = ["chest-01.png", "chest-02.png", "chest-03.png"]

    def embeddings(self, model=TINY, **origin):
        arrays, hashes, report = [], [], None
        for name in self.NAMES:
            out = self.path(name + ".npy")
            report = self.good("features", EXAMPLES / name, "--model", model, "--what", "cls+patches", "--json", "-o", out).json()
            arrays.append(np.load(out))
            hashes.append(report["pixels_sha256"])
        tokens = np.stack(arrays)
        origin = {"model": (report["model"]["name"], report["model"]["sha256"]), "isa": report["model"]["instruction_set"], **origin}
        return tokens, make_embeddings(self.path("embeddings"), tokens[:, 0], tokens[:, 1:].mean(1), tokens[:, 1:], names=self.NAMES, hashes=hashes, **origin)

    def setUp(self):
        super().setUp()
        self.picture = EXAMPLES / self.NAMES[1]

    def index(self, source, *options):
        self.good("index", source, "-o", self.path("index"), *options)
        return self.path("index")

    def test_picture(self):
        tokens, source = self.embeddings()
        for options, values in (((), tokens[:, 0]), (("--mean",), tokens[:, 1:].mean(1))):
            folder = self.index(source, *options)
            self.assertEqual(*(self.good("neighbors", place, *options, "--query", self.picture, "--model", TINY).out for place in (folder, source)))
            found = read_neighbors(self.good("neighbors", folder, "--query", self.picture, "--model", TINY).text)
            exact = normalized(values.astype(np.float64))
            check_neighbors(self, found, exact @ exact[1], 10)
            self.assertEqual((found[0]["query"], found[0]["row"]), (str(self.picture), "1"))

    def test_patch(self):
        tokens, source = self.embeddings()
        folder = self.index(source, "--patches")
        found = read_neighbors(self.good("neighbors", folder, "--query", self.picture, "--patch", "1:2", "--model", TINY).text)
        side = int(np.sqrt(tokens.shape[1] - 1))
        exact = normalized(tokens[:, 1:].astype(np.float64)).reshape(-1, tokens.shape[2])
        flat = [dict(line, row=int(line["row"]) * side * side + int(line["patch_row"]) * side + int(line["patch_column"])) for line in found]
        check_neighbors(self, flat, exact @ exact[side * side + side + 2], 10)

    def test_refused(self):
        _, source = self.embeddings()
        folder = self.index(source)
        for place in (folder, source):
            self.bad(3, "neighbors", place, "--query", self.picture, "--model", checkpoint("tiny-swiglu-1"), says=["the model differs"])
            self.bad(3, "neighbors", place, "--query", self.picture, "--model", TINY, "--fit", "pad", says=["the preparation differs"])
        self.bad(1, "neighbors", folder, "--query", self.path("none.png"), "--model", TINY, says=["none.png"])
        description = json.loads(Path(folder, "index.json").read_text())
        description["precision"] = "bf16"
        Path(folder, "index.json").write_text(json.dumps(description))
        self.bad(3, "neighbors", folder, "--query", self.picture, "--model", TINY, says=["the precision differs"])

    def test_other_instructions(self):
        _, source = self.embeddings(isa="another")
        folder = self.index(source)
        self.assertIn("another", self.good("neighbors", folder, "--query", self.picture, "--model", TINY).err)

    def test_sheet(self):
        _, source = self.embeddings()
        folder, sheet = self.index(source), self.path("sheet.png")
        arguments = ("neighbors", folder, "--query", 1, "--sheet", sheet)
        self.assertIn("--pictures", self.good(*arguments).err)
        empty = read_png(sheet)
        self.assertNotIn("--pictures", self.good(*arguments, "--pictures", EXAMPLES).err)
        drawn = read_png(sheet)
        self.assertEqual(drawn.shape, empty.shape)
        self.assertGreater(drawn.std(), empty.std() + 5)
        self.good(*arguments, "--pictures", EXAMPLES)
        np.testing.assert_array_equal(read_png(sheet), drawn)
        self.bad(2, "neighbors", folder, "--query", 1, "--sheet", self.path("sheet.jpg"), says=[".png"])

    def test_sheet_rows(self):
        """Each query begins a row, also after one that has fewer neighbours."""
        _, source = self.embeddings()
        Path(self.path("patients.csv")).write_text("name,patient\nchest-01.png,A\nchest-02.png,A\nchest-03.png,B\n")
        folder, sheet = self.index(source, "--table", self.path("patients.csv")), self.path("sheet.png")
        self.good("neighbors", folder, "--query", 0, "--query", 2, "-k", 2, "--exclude-same", "patient", "--pictures", EXAMPLES, "--sheet", sheet)
        blue = np.all(abs(read_png(sheet).astype(int) - (54, 133, 227)) < 3, axis=2)
        frames = [np.flatnonzero(blue[top:bottom].sum(0) > 100) for top, bottom in ((0, 280), (300, 560))]
        self.assertEqual(frames[0].tolist(), frames[1].tolist())
        self.assertTrue(len(frames[0]) > 0 and frames[0].max() < 300)


if __name__ == "__main__":
    main()
