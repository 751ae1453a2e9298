#!/usr/bin/env python3
"""Files that are no good, through every command: a message that names the file,
exit code 1, nothing written, no crash and no hang."""
import json
import os
import shutil
import stat
import struct
import zlib

import numpy as np

from support import EXAMPLES, GOLDEN, TINY, TestCase, formula, main, png_bytes, png_chunk, run, write_png

MIB = 1 << 20


def commands(test, path):
    """Each command that reads a picture, with outputs that must not appear."""
    out = test.path("out")
    return (
        ("info", path),
        ("features", path, "-o", out + ".npy"),
        ("features", path, "--hidden", "-o", out + ".safetensors"),
        ("features", path, "--pixel-values", out + ".npy"),
        ("map", path, "--overlay", "pca", "-o", out + ".png"),
        ("map", path, "--overlay", "cls-attention", "--npy", out + ".npy"),
        ("map", path, "--overlay", "pca", "--save-basis", out + ".safetensors"),
        ("bench", path, "--runs", "1", "-o", out + ".npy"),
    )


class BadFiles(TestCase):
    def refuse(self, name, prefix=(), says=()):
        before = self.files()
        for command in commands(self, self.path(name)):
            with self.subTest(command[0]):
                result = self.bad(1, *command, "--model", TINY, prefix=prefix, says=[name, *says])
                self.assertEqual(result.out, b"")
                self.assertEqual(result.err.count("dinoscope-cli: "), 1, result.err)
        self.assertEqual(self.files(), before)

    def write(self, name, data):
        open(self.path(name), "wb").write(data)

    def test_missing(self):
        self.refuse("missing.png")

    def test_empty(self):
        self.write("empty.png", b"")
        self.refuse("empty.png")

    def test_no_picture(self):
        self.write("text.png", b"patient,age\n1,2\n")
        self.refuse("text.png")
        shutil.copy(os.path.join(TINY, "model.safetensors"), self.path("model.png"))
        self.refuse("model.png")
        self.write("other.gif", b"GIF89a\1\0\1\0\0\0\0;")
        self.refuse("other.gif")

    def test_truncated(self):
        """Cut anywhere, a PNG or JPEG is refused whole and never shown in part."""
        for name in ("modes/grey8.png", "modes/grey.jpg"):
            data = (GOLDEN / name).read_bytes()
            for keep in (1, 8, 33, len(data) // 2, len(data) - 20):
                self.write("cut", data[:keep])
                result = self.bad(1, "info", self.path("cut"), "--model", TINY, says="cut")
                self.assertEqual(result.out, b"", "%s cut at %d" % (name, keep))
        self.write("cut.png", (GOLDEN / "modes/grey8.png").read_bytes()[:300])
        os.remove(self.path("cut"))
        self.refuse("cut.png")

    def test_corrupt(self):
        data = bytearray(png_bytes(formula(91, 70)))
        data[60] ^= 0xFF
        self.write("crc.png", data)
        self.refuse("crc.png")
        head = struct.pack(">IIBBBBB", 91, 70, 8, 0, 0, 0, 0)
        body = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", b"not zlib at all") + png_chunk(b"IEND", b"")
        self.write("zlib.png", body)
        self.refuse("zlib.png")

    def test_enormous(self):
        """A size over the limits, or a bomb, is refused by its header: in little memory."""
        for name, width, height in (("wide.png", 60000, 10), ("large.png", 30000, 30000), ("huge.png", 2**31 - 1, 2**31 - 1), ("zero.png", 0, 10)):
            head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
            rows = zlib.compress(bytes(MIB))
            self.write(name, b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b""))
            self.refuse(name)

    def test_small_data_for_a_large_picture(self):
        self.write("short.png", png_bytes(formula(91, 70), height=700))
        self.refuse("short.png")

    def test_directory(self):
        os.mkdir(self.path("folder.png"))
        self.refuse("folder.png")

    def test_fifo(self):
        """Nobody ever writes into it; the watchdog ends a run that waits."""
        os.mkfifo(self.path("pipe.png"))
        self.refuse("pipe.png")

    def test_device(self):
        for device in ("/dev/zero", "/dev/null", "/dev/tty"):
            self.bad(1, "info", device, "--model", TINY, says=device)

    def test_dangling_link(self):
        os.symlink("nowhere.png", self.path("link.png"))
        self.refuse("link.png")

    def test_unreadable(self):
        """root ignores modes, so its capabilities are taken away for this."""
        film = self.film("secret.png")
        os.chmod(film, 0)
        prefix = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
        if prefix and not shutil.which("setpriv"):
            self.skipTest("setpriv is not there: unreadable files are NOT tested")
        self.refuse("secret.png", prefix=prefix)

    def test_names_of_any_bytes(self):
        """A name that is no UTF-8, or has control characters, is read and never sent raw to a terminal."""
        strange = os.path.join(os.fsencode(self.folder), b"f\xff\x1b[31m\xc2\x9b\xe2\x80\xae\n.png")
        open(strange, "wb").write(png_bytes(formula(91, 70)))
        result = self.good("info", os.fsdecode(strange), "--model", TINY)
        self.assertIn("f\ufffd?[31m???.png\n", result.text)
        for raw in (b"\x1b", b"\xc2\x9b", b"\xe2\x80\xae"):
            self.assertNotIn(raw, result.out)
        self.good("info", "--json", os.fsdecode(strange), "--model", TINY).json()
        os.truncate(strange, 20)
        result = run("info", os.fsdecode(strange), "--model", TINY)
        self.assertEqual(result.code, 1)
        self.assertNotIn("\x1b", result.err)
        result.err.encode("utf-8")


    def test_model_of_any_bytes(self):
        """So is a model's folder, whose name stands in sidecars."""
        model = os.path.join(os.fsencode(self.folder), b"m\xff\x1b[31m\n\xe2\x80\xae")
        shutil.copytree(TINY, os.fsdecode(model))
        result = self.good("map", self.film(), "--overlay", "pca", "--model", os.fsdecode(model), "-o", self.path("map.png"))
        self.assertIn("m??[31m??, fp32", result.err)
        with open(self.path("map.json"), encoding="utf-8") as sidecar:
            self.assertEqual(json.load(sidecar)["model"]["name"], "m??[31m??")


class OddPictures(TestCase):
    def test_too_long_to_encode(self):
        """A strip of one row: told by name when it cannot be prepared, else encoded."""
        film = write_png(self.path("strip.png"), formula(3000, 1))
        for fit in ("crop", "pad", "whole"):
            result = run("features", film, "--model", TINY, "--fit", fit, "-o", self.path("out.npy"))
            self.assertIn(result.code, (0, 1), result.err)
            if result.code == 1:
                self.assertIn("strip.png", result.err)
            else:
                self.assertTrue(np.isfinite(np.load(self.path("out.npy"))).all())

    def test_one_pixel(self):
        film = write_png(self.path("dot.png"), np.array([[7]], np.uint8))
        self.good("features", film, "--model", TINY, "-o", self.path("out.npy"))
        self.assertEqual(np.load(self.path("out.npy")).shape, (17, 32))

    def test_one_value_everywhere(self):
        """16 bits without a range, and a picture whose patches do not differ."""
        film = write_png(self.path("flat.png"), np.full((70, 91), 513, np.uint16))
        self.good("features", film, "--model", TINY, "-o", self.path("out.npy"))
        self.assertTrue(np.isfinite(np.load(self.path("out.npy"))).all())

    def test_sixteen_bits_by_minmax(self):
        """The tensor of a 16-bit picture is that of its min-max 8-bit picture."""
        deep = (np.arange(91 * 70, dtype=np.uint16) * 7 + 100).reshape(70, 91)
        low, high = int(deep.min()), int(deep.max())
        shallow = np.floor((deep.astype(np.float64) - low) * 255 / (high - low) + 0.5).astype(np.uint8)
        for name, samples in (("deep", deep), ("shallow", shallow)):
            write_png(self.path(name + ".png"), samples)
            self.good("features", self.path(name + ".png"), "--model", TINY, "--pixel-values", self.path(name + ".npy"))
        np.testing.assert_array_equal(np.load(self.path("deep.npy")), np.load(self.path("shallow.npy")))


if __name__ == "__main__":
    main()
