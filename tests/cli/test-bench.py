#!/usr/bin/env python3
"""The command bench: its lines are read by other programs."""
import re

import numpy as np

from support import TINY, GoldenCase, TestCase, formula, main, write_png

LINE = r"(load_s|forward_s|peak_rss_mb): ([0-9]+\.[0-9]+)"


class Bench(TestCase):
    def lines(self, *options):
        """[(name, value)], every line of standard output being one."""
        out = self.good("bench", "--model", TINY, *options).text.splitlines()
        matches = [re.fullmatch(LINE, line) for line in out]
        self.assertTrue(all(matches), out)
        return [(match.group(1), float(match.group(2))) for match in matches]

    def test_lines(self):
        lines = self.lines("--runs", "3")
        self.assertEqual([name for name, _ in lines], ["load_s"] + 3 * ["forward_s"] + ["peak_rss_mb"])
        self.assertTrue(all(value > 0 for name, value in lines if name == "peak_rss_mb"))
        self.assertTrue(all(value >= 0 for _, value in lines))

    def test_seven_runs_by_default(self):
        self.assertEqual(sum(name == "forward_s" for name, _ in self.lines()), 7)

    def test_output(self):
        """last_hidden_state of the picture given."""
        case = GoldenCase("tiny-rgb", self.folder)
        out = self.path("out.npy")
        self.good("bench", *case.source, "--model", case.model, "--runs", "1", "-o", out)
        self.close(np.load(out), case.expected["last_hidden_state"], 1e-4)
        kept = self.path("kept.npy")
        self.good("bench", *case.source, "--model", case.model, "--runs", "2", "--hidden", "-o", kept)
        np.testing.assert_array_equal(np.load(kept), np.load(out))

    def test_formula_picture(self):
        """Without a picture: the formula of the reference, 777 x 1001."""
        film = write_png(self.path("film.png"), formula(777, 1001))
        self.good("bench", "--model", TINY, "--runs", "1", "-o", self.path("a.npy"))
        self.good("features", film, "--model", TINY, "-o", self.path("b.npy"))
        np.testing.assert_array_equal(np.load(self.path("a.npy")), np.load(self.path("b.npy")))

    def test_json(self):
        report = self.good("bench", "--model", TINY, "--runs", "2", "--threads", "1", "--json").json()
        self.assertEqual((report["schema"], report["command"], report["threads"]), ("dinoscope-cli-1", "bench", 1))
        self.assertEqual(len(report["forward_s"]), 2)
        self.assertGreater(report["peak_rss_mb"], 1)
        self.assertEqual(report["model"]["name"], "tiny-1")

    def test_usage(self):
        film = self.film()
        self.bad(2, "bench", "--runs", "0")
        self.bad(2, "bench", film, film)
        self.bad(2, "bench", "-o", "-")
        self.bad(2, "bench", film, "-o", film)
        self.bad(1, "bench", self.path("none.png"), "--model", TINY, says="none.png")


if __name__ == "__main__":
    main()
