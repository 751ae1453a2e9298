#!/usr/bin/env python3
"""Options of every command, exit codes, locale, signals, standard streams."""
import glob
import json
import os
import re
import signal
import subprocess
import time

import numpy as np

from support import CLI, EXAMPLES, GOLDEN, TINY, WATCHDOG, TestCase, formula, main, read_safetensors, run, write_png

COMMANDS = ("info", "features", "map", "bench")


class Parsing(TestCase):
    def test_order_and_spelling_do_not_matter(self):
        """Every way to write the same command line gives the same bytes."""
        film, out = self.film(), self.path("out.npy")
        spellings = (
            ("features", film, "--model", TINY, "--what", "cls", "-o", out),
            ("--model", TINY, "--what", "cls", "-o", out, "features", film),
            ("--model=" + TINY, "features", "--what=cls", film, "--output=" + out),
            ("--what", "cls", "features", "-o" + out, "-m", TINY, film),
            ("--model", TINY, "--what=cls", "-qo", out, "--", "features", film),
            ("features", "--what", "grid", "--what", "cls", film, "-m" + TINY, "-o", self.path("x.npy"), "-o", out),
        )
        outputs = set()
        for spelling in spellings:
            with self.subTest(spelling):
                self.good(*spelling)
                outputs.add(open(out, "rb").read())
                os.remove(out)
        self.assertEqual(len(outputs), 1)

    def test_names_that_look_like_options(self):
        film = "--film.png"
        write_png(self.path(film), formula(91, 70))
        report = self.good("info", "--json", "--model", TINY, "--", film, cwd=self.folder).json()
        self.assertEqual(report["pictures"][0]["file"], film)
        self.bad(2, "info", film, cwd=self.folder, says=film)

    def test_negative_numbers_are_values(self):
        self.good("map", self.film(), "--model", TINY, "--overlay", "pca", "--set", "component=0", "--threshold", "-0.5", "-o", self.path("a.png"))
        self.good("map", self.film(), "--model", TINY, "--overlay", "pca", "--set", "component=0", "--range=-1:1", "-o", self.path("a.png"))

    def test_usage_errors(self):
        """Each ends with 2 and says in one line what is wrong, and in another where help is."""
        film = self.film()
        for arguments, word in (
            ((), "command"),
            (("nonsense",), "nonsense"),
            (("info", "--nonsense"), "--nonsense"),
            (("info", "-Z"), "-Z"),
            (("info", "--model"), "--model"),
            (("info", "-m"), "-m"),
            (("info", "--model", ""), "--model"),
            (("info", "--quiet=yes"), "--quiet"),
            (("info", "--threads", "two"), "two"),
            (("info", "--threads", "0"), "0"),
            (("info", "--threads", "1.5"), "1.5"),
            (("info", "--threads", "99999999999999999999"), "--threads"),
            (("info", "--fit", "stretch"), "whole"),
            (("info", "--invert", "maybe"), "maybe"),
            (("info", "--runs", "3"), "--runs"),
            (("--runs", "3", "info"), "--runs"),
            (("bench", "--overlay", "pca"), "--overlay"),
            (("map", film, "--opacity", "1.5"), "1.5"),
            (("map", film, "--opacity", "0,5"), "0,5"),
            (("map", film, "--opacity", "nan"), "nan"),
            (("map", film, "--overlay", "pca", "--range", "1:0", "-o", "x.png"), "1:0"),
            (("map", film, "--overlay", "pca", "--range", "1:2:3", "-o", "x.png"), "1:2:3"),
            (("map", film, "--threshold", "inf"), "inf"),
            (("info", film, "--model-input", "gamma"), "gamma"),
            (("info", film, "--invert", "maybe"), "maybe"),
            (("info", film, "--window", "40:0"), "40:0"),
            (("info", film, "--window", "64"), "64"),
            (("info", film, "--window", "40:400:gamma"), "gamma"),
            (("features", "--raw-pixels", "x.npy", "--window", "full", "-o", "y.npy"), "--window"),
            (("info", ""), "empty"),
        ):
            with self.subTest(arguments):
                result = self.bad(2, *arguments, says=word)
                lines = result.err.splitlines()
                self.assertEqual(len(lines), 2, result.err)
                self.assertIn("--help", lines[1])
                self.assertEqual(result.out, b"")

    def test_impossible_precision(self):
        """A processor without the instructions; the sentence names both."""
        for word in ("bf16", "int8"):
            for isa in ("generic", "avx2", "avx512"):
                self.bad(3, "features", self.film(), "--model", TINY, "-o", self.path("a.npy"), "--precision", word, env={"DINOSCOPE_ISA": isa}, says=[word, "BF16"])
        self.assertFalse(os.path.exists(self.path("a.npy")))
        self.bad(2, "info", "--precision", "fp64")
        self.good("info", "--precision", "fp32", "--model-input", "minmax", "--model", TINY)

    def test_precisions(self):
        """bf16 and int8, where the processor can: near float32, and named in what is written."""
        film, out = self.film(), self.path("out.safetensors")
        exact, metadata = self.features(film, out, "fp32")
        self.assertIn(metadata["instruction_set"], ("generic", "avx2", "avx512"))
        best = self.good("info", "--json").json()["program"]["instruction_set"]
        for isa in ("avx512-bf16", "amx"):
            if isa != best and best != "amx":
                continue
            for word in ("bf16", "int8"):
                got, metadata = self.features(film, out, word, env={"DINOSCOPE_ISA": isa})
                self.assertEqual((metadata["precision"], metadata["instruction_set"]), (word, isa))
                self.assertEqual(len(metadata.get("calibration", "")), 64 if word == "int8" else 0)
                cosines = np.sum(got * exact, axis=1) / np.linalg.norm(got, axis=1) / np.linalg.norm(exact, axis=1)
                self.assertGreater(cosines.min(), 0.999 if word == "bf16" else 0.995)
                self.assertFalse(np.array_equal(got, exact))

    def features(self, film, out, precision, **options):
        self.good("features", film, "--model", TINY, "--precision", precision, "-o", out, **options)
        arrays, metadata = read_safetensors(out)
        return arrays["last_hidden_state"], metadata

    def test_help(self):
        text = self.good("--help").text
        for command in COMMANDS:
            self.assertRegex(text, r"(?m)^  %s " % command)
            for arguments in ((command, "--help"), ("--help", command), ("-h", command)):
                own = self.good(*arguments).text
                self.assertIn("dinoscope-cli [OPTION…] %s" % command, own)
                self.assertIn("--model DIR|FILE|NAME", own)
            self.assertTrue(all(len(line) <= 80 or " " not in line.strip() for line in own.splitlines() if not line.startswith(("  -", "Usage"))))
        self.assertIn("--overlay", self.good("map", "--help").text)
        self.assertNotIn("--overlay", self.good("bench", "--help").text)

    def test_version(self):
        for arguments in (("--version",), ("-V",), ("map", "--version")):
            text = self.good(*arguments).text
            self.assertRegex(text, r"^dinoscope-cli \(Dinoscope\) \d+\.\d+\.\d+\n")
            self.assertIn("For research only. Not for clinical use.", text)

    def test_quiet(self):
        film = write_png(self.path("deep.png"), formula(91, 70).astype(np.uint16) * 9)
        loud = self.good("features", film, "--model", TINY, "-o", self.path("a.npy")).err
        self.assertIn("tiny-1", loud)
        self.assertIn("deep.png: ", loud)
        self.assertEqual(self.good("features", film, "--quiet", "--model", TINY, "-o", self.path("a.npy")).err, "")

    def test_no_progress_without_a_terminal(self):
        result = self.good("features", self.film(), "--model", TINY, "-o", self.path("a.npy"))
        self.assertNotIn("\r", result.err)


class Models(TestCase):
    def test_unusable_models(self):
        film, out = self.film(), self.path("out.npy")
        empty = self.path("empty")
        os.mkdir(empty)
        lonely = self.path("lonely.safetensors")
        os.symlink(os.path.join(TINY, "model.safetensors"), lonely)
        for path in (self.path("none"), empty, film, "/dev/null", lonely):
            with self.subTest(path):
                self.bad(3, "features", film, "--model", path, "-o", out, says=os.path.basename(path))
        self.bad(3, "map", film, "--overlay", "pca", "-o", self.path("x.png"), env={"DINOSCOPE_MODEL": self.path("none")}, says="none")
        self.assertEqual(self.files(), ["empty", "film.png", "lonely.safetensors"])

    def test_single_file_with_a_processor(self):
        """A lone file needs a processor; with one it gives what its directory gives."""
        demo = os.path.join(os.environ["DINOSCOPE_DATADIR"], "models/demo")
        single = self.path("single.safetensors")
        os.symlink(os.path.join(demo, "model.safetensors"), single)
        self.bad(3, "info", "--model", single, says="preprocessor_config.json")
        film = str(EXAMPLES / "chest-02.png")
        processor = os.path.join(demo, "preprocessor_config.json")
        self.good("features", film, "--model", single, "--processor", processor, "--what", "cls", "-o", self.path("a.npy"))
        self.good("features", film, "--model", demo, "--what", "cls", "-o", self.path("b.npy"))
        np.testing.assert_array_equal(np.load(self.path("a.npy")), np.load(self.path("b.npy")))

    def test_truncated_weights(self):
        broken = self.path("broken")
        os.mkdir(broken)
        for name in ("config.json", "preprocessor_config.json"):
            os.symlink(os.path.join(TINY, name), os.path.join(broken, name))
        data = open(os.path.join(TINY, "model.safetensors"), "rb").read()
        open(os.path.join(broken, "model.safetensors"), "wb").write(data[:-1])
        self.bad(3, "info", "--model", broken, says="model.safetensors")


class Streams(TestCase):
    def test_full_device(self):
        film = self.film()
        full = open("/dev/full", "wb")
        self.addCleanup(full.close)
        # More than stdio keeps of itself, and a verdict with an exit code of its own.
        long = ("info", "--json", *[film] * 8, "--model", TINY)
        self.assertGreater(len(run(*long).out), 4096)
        verdict = ("model", "verify", TINY)
        self.assertEqual(run(*verdict).code, 3)
        for arguments in (("--help",), ("--version",), ("info", "--model", TINY), ("info", "--json", film, "--model", TINY), long, verdict, ("map", "--list", "--model", TINY), ("features", film, "--model", TINY, "-o", "-"), ("bench", "--model", TINY, "--runs", "1")):
            with self.subTest(arguments):
                self.bad(4, *arguments, stdout=full, says="No space left on device")
        self.bad(4, "features", film, "--model", TINY, "-o", "/dev/full", says="/dev/full")
        self.bad(4, "map", film, "--model", TINY, "--overlay", "pca", "-o", "/dev/full", says="/dev/full")
        self.assertEqual(self.files(), ["film.png"])

    def test_closed_streams(self):
        """A missing standard output is an error; a missing input or error stream is none."""
        film = self.film()
        out = self.path("out.npy")
        self.good("features", film, "--model", TINY, "-o", out)
        want = open(out, "rb").read()
        for redirect, code in (("<&-", 0), ("2>&-", 0), (">&-", 0), ("<&- >&- 2>&-", 0)):
            done = subprocess.run(["sh", "-c", '"$@" %s' % redirect, "sh", CLI, "features", film, "--model", TINY, "-o", out], timeout=WATCHDOG, capture_output=True)
            self.assertEqual(done.returncode, code, redirect)
            self.assertEqual(open(out, "rb").read(), want)
        done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", CLI, "--version"], timeout=WATCHDOG, capture_output=True)
        self.assertEqual(done.returncode, 4)

    def test_reader_that_goes_away(self):
        """SIGPIPE does not kill: the failed write is told with 4."""
        process = subprocess.Popen([CLI, "features", self.film(), "--model", TINY, "--hidden", "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(WATCHDOG), 4, err)

    def test_outputs_that_cannot_be_written(self):
        film = self.film()
        os.mkdir(self.path("folder.npy"))
        for out in (self.path("no/out.npy"), self.path("folder.npy"), "/proc/out.npy", film + "/out.npy"):
            with self.subTest(out):
                self.bad(4, "features", film, "--model", TINY, "-o", out, says=out)
        self.bad(4, "map", film, "--model", TINY, "--overlay", "pca", "-o", self.path("no/out.png"), says="out.png")
        self.bad(4, "bench", "--model", TINY, "--runs", "1", "-o", self.path("no/out.npy"))
        self.assertEqual(self.files(), ["film.png", "folder.npy"])

    def test_existing_outputs_are_replaced_whole(self):
        """A link is followed, a device written; a bad input leaves the old file alone."""
        film, out = self.film(), self.path("out.npy")
        open(out, "w").write("old")
        self.bad(1, "features", self.path("none.png"), "--model", TINY, "-o", out)
        self.assertEqual(open(out).read(), "old")
        os.symlink("out.npy", self.path("link.npy"))
        self.good("features", film, "--model", TINY, "-o", self.path("link.npy"))
        self.assertTrue(os.path.islink(self.path("link.npy")))
        self.assertEqual(np.load(out).shape, (17, 32))
        self.good("features", film, "--model", TINY, "-o", "/dev/null")


class Signals(TestCase):
    def start(self, *arguments):
        """The binary with signals as a terminal gives them, whatever the tests were started with."""
        return subprocess.Popen([CLI, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def test_interrupt_ends_with_130(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("bench", "--model", "demo", "--runs", "100000")
            while not process.stdout.readline().startswith(b"forward_s"):
                pass
            process.send_signal(number)
            _, err = process.communicate(timeout=WATCHDOG)
            self.assertEqual(process.returncode, 130, err)

    def test_interrupt_among_several(self):
        """What was finished stays, nothing half-written is left, and the code is 130."""
        films = [self.film("%03d.png" % i, 120, 120 + i) for i in range(300)]
        out = self.path("out")
        os.mkdir(out)
        process = self.start("map", *films, "--model", "demo", "--overlay", "pca", "-o", out)
        deadline = time.monotonic() + WATCHDOG
        while not os.path.exists(os.path.join(out, "001.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=WATCHDOG)
        self.assertEqual(process.returncode, 130, err)
        names = sorted(os.listdir(out))
        self.assertLess(len(names), 600)
        self.assertTrue(all(re.fullmatch(r"\d{3}\.(png|json)", name) for name in names), names)
        self.assertEqual(len(names) % 2, 0)


class Locale(TestCase):
    """The same bytes under a locale with decimal commas."""

    def setUp(self):
        super().setUp()
        self.env = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "C"}
        probe = subprocess.run(["locale", "-k", "decimal_point"], capture_output=True, text=True, env={**os.environ, **self.env})
        if '","' not in probe.stdout:
            self.skipTest("the locale de_DE.UTF-8 is not there: numbers under a decimal comma are NOT tested")

    def test_numbers(self):
        film = self.film()
        for arguments in (("info", "--json", film, "--model", TINY), ("info", film, "--model", TINY), ("info", "--model", TINY), ("map", "--list", "--json", "--model", TINY)):
            self.assertEqual(self.good(*arguments, env=self.env).out, self.good(*arguments).out, arguments)
        recipe = ("map", film, "--model", TINY, "--overlay", "cls-attention", "--range", "0:0.25", "--opacity", "0.75", "--bar")
        self.good(*recipe, "-o", self.path("a.png"), env=self.env)
        self.good(*recipe, "-o", self.path("b.png"))
        for ending in ("png", "json"):
            self.assertEqual(open(self.path("a." + ending), "rb").read(), open(self.path("b." + ending), "rb").read())
        self.good("map", film, "--model", TINY, "--from", self.path("b.json"), "-o", self.path("c.png"), env=self.env)
        self.assertEqual(open(self.path("c.png"), "rb").read(), open(self.path("b.png"), "rb").read())
        csv = self.path("boxes.csv")
        open(csv, "w").write("0.5,0.5,30.25,40\n")
        regions = ("map", film, "--model", TINY, "--overlay", "cls-attention", "--region", csv)
        self.assertEqual(self.good(*regions, env=self.env).out, self.good(*regions).out)
        lines = self.good("bench", "--model", TINY, "--runs", "1", env=self.env).text
        self.assertNotIn(",", lines)
        self.bad(2, "map", film, "--opacity", "0,5", env=self.env)


if __name__ == "__main__":
    main()
