#!/usr/bin/env python3
"""--packed-cache: written when asked, used, never trusted; model calibrate."""
import hashlib
import os
import shutil

import numpy as np

from support import EXAMPLES, TINY, TestCase, checkpoint, main, read_safetensors


class PackedCache(TestCase):
    def setUp(self):
        super().setUp()
        self.cache = self.path("cache")
        self.env = {"XDG_CACHE_HOME": self.cache}

    def files(self):
        folder = os.path.join(self.cache, "dinoscope", "packed")
        return sorted(os.path.join(folder, name) for name in os.listdir(folder)) if os.path.isdir(folder) else []

    def features(self, *options):
        out = self.path("out.npy")
        self.good("features", self.film(), "--model", TINY, "-o", out, *options, env=self.env)
        return np.load(out)

    def packed(self, *options):
        return self.features("--packed-cache", *options)

    def test_only_when_asked(self):
        self.features()
        self.assertEqual(self.files(), [])

    def test_same_numbers(self):
        plain = self.features()
        for _ in range(3):
            np.testing.assert_array_equal(self.packed(), plain)
            self.assertEqual(len(self.files()), 1)
        self.assertRegex(os.path.basename(self.files()[0]), r"^[0-9a-f]{64}-fp32-[a-z0-9]+\.pack$")

    def test_it_is_used(self):
        """The file stays what it was, and opening it is seen."""
        self.packed()
        before = os.stat(self.files()[0])
        self.packed()
        after = os.stat(self.files()[0])
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))

    def test_damage(self):
        """A bit, a cut, rubbish, nothing: noticed, and written anew."""
        plain = self.packed()
        path = self.files()[0]
        whole = open(path, "rb").read()
        flipped = bytearray(whole)
        flipped[-100] ^= 1
        for contents in (bytes(flipped), whole[:-1], whole[:5000], b"rubbish", b""):
            with self.subTest(len(contents)):
                with open(path, "wb") as file:
                    file.write(contents)
                np.testing.assert_array_equal(self.packed(), plain)
                self.assertEqual(open(path, "rb").read(), whole)

    def test_precisions_apart(self):
        if self.good("info", "--json").json()["program"]["instruction_set"] not in ("avx512-bf16", "amx"):
            self.skipTest("this processor has no AVX-512 BF16 and VNNI")
        first = {word: self.packed("--precision", word) for word in ("fp32", "bf16", "int8")}
        self.assertEqual(len(self.files()), 3)
        for word, expected in first.items():
            np.testing.assert_array_equal(self.packed("--precision", word), expected)
            np.testing.assert_array_equal(self.features("--precision", word), expected)

    def test_cache_that_cannot_be_written(self):
        with open(self.cache, "w") as file:
            file.write("in the way")
        self.packed()


class Calibration(TestCase):
    def setUp(self):
        super().setUp()
        if self.good("info", "--json").json()["program"]["instruction_set"] not in ("avx512-bf16", "amx"):
            self.skipTest("this processor has no AVX-512 BF16 and VNNI")
        self.model = self.path("model")
        shutil.copytree(TINY, self.model)

    def int8(self):
        out = self.path("out.safetensors")
        self.good("features", self.film(), "--model", self.model, "--precision", "int8", "-o", out)
        arrays, metadata = read_safetensors(out)
        return arrays["last_hidden_state"], metadata["calibration"]

    def test_file_beside_the_model(self):
        """The bundled pictures again give the same numbers under another name; other pictures others."""
        beside = os.path.join(self.model, "dinoscope-calibration.safetensors")
        bundled, name = self.int8()
        examples = sorted(str(path) for path in EXAMPLES.glob("*.png"))
        self.good("model", "calibrate", *examples, "--model", self.model, "-o", beside)
        again, other_name = self.int8()
        np.testing.assert_array_equal(again, bundled)
        self.assertNotEqual(name, other_name)
        self.assertEqual(other_name, hashlib.sha256(open(beside, "rb").read()).hexdigest())
        ranges, _ = read_safetensors(beside)
        self.assertEqual({key: value.shape for key, value in ranges.items()}, {"norm1": (2, 32), "norm2": (2, 32)})
        self.assertGreater(min(value.min() for value in ranges.values()), 0)

        self.good("model", "calibrate", self.film(), "--model", self.model, "-o", beside)
        self.assertFalse(np.array_equal(self.int8()[0], bundled))

    def test_refused(self):
        beside = os.path.join(self.model, "dinoscope-calibration.safetensors")
        with open(beside, "wb") as file:
            file.write(b"rubbish")
        self.bad(3, "features", self.film(), "--model", self.model, "--precision", "int8", "-o", self.path("a.npy"), says="dinoscope-calibration")
        self.bad(2, "model", "calibrate", "--model", self.model, "-o", beside)
        self.bad(2, "model", "calibrate", self.film(), "--model", self.model)
        self.bad(1, "model", "calibrate", self.path("none.png"), "--model", self.model, "-o", self.path("b"), says="none.png")
        self.good("model", "calibrate", self.film(), "--model", checkpoint("tiny-deep-1"), "-o", beside)
        self.bad(3, "features", self.film(), "--model", self.model, "--precision", "int8", "-o", self.path("a.npy"), says="5 blocks")


if __name__ == "__main__":
    main()
