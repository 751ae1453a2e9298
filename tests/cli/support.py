"""What the command line's tests share: running the binary under a watchdog,
reading and making files, and unittest with TAP on standard output."""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import traceback
import unittest
import zlib
from pathlib import Path

import numpy as np

CLI = os.path.abspath(sys.argv[1])
DATA = Path(os.environ["DINOSCOPE_TEST_DATA"])
GOLDEN = DATA / "golden"
EXAMPLES = Path(os.environ["DINOSCOPE_DATADIR"]) / "examples"
# Seconds after which a run counts as hung; generous, for slow machines and sanitizers.
WATCHDOG = 600


def checkpoint(name):
    return str(GOLDEN / "checkpoint" / name)


TINY = checkpoint("tiny-1")


class Result:
    def __init__(self, completed):
        self.code = completed.returncode
        self.out = completed.stdout
        self.text = completed.stdout.decode("utf-8", "replace")
        self.err = completed.stderr.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.out)


def run(*arguments, env=None, prefix=(), stdout=subprocess.PIPE, cwd=None):
    """The binary with these arguments; env adds to the environment."""
    completed = subprocess.run(
        [*prefix, CLI, *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
        timeout=WATCHDOG,
        cwd=cwd,
    )
    if completed.stdout is None:
        completed.stdout = b""
    return Result(completed)


def read_safetensors(path):
    """{name: array}, {metadata}."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    kinds = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
    arrays = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        arrays[name] = np.frombuffer(data[begin:end], kinds[info["dtype"]]).reshape(info["shape"])
    return arrays, metadata


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body) & 0xFFFFFFFF)


def png_bytes(samples, width=None, height=None):
    """A PNG of samples [h, w] or [h, w, 3], uint8 or (grey) uint16; width and
    height may lie about the size."""
    bits = 16 if samples.dtype == np.uint16 else 8
    rows = b"".join(b"\0" + row.astype(">u2" if bits == 16 else "u1").tobytes() for row in samples)
    colour = 2 if samples.ndim == 3 else 0
    head = struct.pack(">IIBBBBB", width or samples.shape[1], height or samples.shape[0], bits, colour, 0, 0, 0)
    parts = [png_chunk(b"IHDR", head), png_chunk(b"IDAT", zlib.compress(rows, 1)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def write_png(path, samples):
    Path(path).write_bytes(png_bytes(samples))
    return str(path)


def unfilter(kind, row, above, step):
    """One row of PNG filtering undone (PNG specification, 9.2)."""
    if kind == 0:
        return row
    if kind == 2:
        return (row + above) & 255
    out = row.copy()
    for i in range(len(row)):
        left = int(out[i - step]) if i >= step else 0
        up = int(above[i])
        corner = int(above[i - step]) if i >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            distances = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
            guess = (left, up, corner)[distances.index(min(distances))]
        out[i] = (int(row[i]) + guess) & 255
    return out


def png_size(path):
    return struct.unpack(">II", Path(path).read_bytes()[16:24])


def png_chunks(path):
    data = Path(path).read_bytes()[8:]
    while data:
        (length,) = struct.unpack(">I", data[:4])
        yield data[4:8], data[8 : 8 + length]
        data = data[12 + length :]


def read_png(path):
    """8-bit samples [h, w, channels] of a PNG that is not interlaced."""
    body = b""
    for kind, content in png_chunks(path):
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlace = struct.unpack(">IIBBBBB", content)
        elif kind == b"IDAT":
            body += content
    assert bits == 8 and interlace == 0
    step = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    rows = np.frombuffer(zlib.decompress(body), np.uint8).reshape(height, 1 + width * step).astype(np.int32)
    out = np.zeros((height, width * step), np.int32)
    above = np.zeros(width * step, np.int32)
    for y in range(height):
        above = out[y] = unfilter(rows[y, 0], rows[y, 1:], above, step)
    return out.reshape(height, width, step).astype(np.uint8)


def formula(width, height):
    x, y = np.meshgrid(np.arange(width, dtype=np.int64), np.arange(height, dtype=np.int64))
    return ((7 * x + 13 * y + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 7)) & 255).astype(np.uint8)


class GoldenCase:
    """A case of tests/data/golden: its checkpoint, its input, what is expected."""

    def __init__(self, name, folder):
        about = json.loads((GOLDEN / name / "case.json").read_text())
        self.name = name
        self.expected, _ = read_safetensors(GOLDEN / name / "expected.safetensors")
        self.pixel_values_sha256 = about["pixel_values_sha256"]
        if "checkpoint" in about:
            self.model, self.source = "demo", [str(EXAMPLES / "chest-01.png")]
            return
        options = [option.strip("-") for option in about["checkpoint_options"]]
        self.model = checkpoint("-".join([about["preset"], str(about["seed"]), *options]))
        kind, width, height = re.match(r"(formula|formula-rgb) (\d+)x(\d+)$", about["picture"]).groups()
        grey = formula(int(width), int(height))
        if kind == "formula-rgb":
            grey = np.stack([grey, formula(int(height), int(width)).T, 255 - grey], -1)
        if about["raw"]:
            rgb = np.stack([grey] * 3, -1)
            values = (rgb.astype(np.float32) / np.float32(255) - np.float32(0.5307)) / np.float32(0.2583)
            path = os.path.join(folder, name + "-raw.npy")
            np.save(path, np.ascontiguousarray(values.transpose(2, 0, 1)))
            self.source = ["--raw-pixels", path]
        else:
            self.source = [write_png(os.path.join(folder, name + ".png"), grey)]

    def blocks(self):
        return sum(name.startswith("attention.") for name in self.expected)


class TestCase(unittest.TestCase):
    """A test with a folder of its own, and words for what is checked often."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.folder = self._folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def film(self, name="film.png", width=91, height=70):
        return write_png(self.path(name), formula(width, height))

    def good(self, *arguments, **options):
        result = run(*arguments, **options)
        self.assertEqual(result.code, 0, "%s: %s" % (arguments, result.err))
        return result

    def bad(self, code, *arguments, says=(), **options):
        """The exit code, one clear message, and all of says in it."""
        result = run(*arguments, **options)
        self.assertEqual(result.code, code, "%s: %s" % (arguments, result.err))
        self.assertIn("dinoscope-cli: ", result.err)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, result.err)
        return result

    def close(self, got, want, absolute, relative=0.0):
        self.assertEqual(got.shape, want.shape)
        worst = float(np.max(np.abs(got.astype(np.float64) - want) - relative * np.abs(want)))
        self.assertLessEqual(worst, absolute)

    def files(self):
        return sorted(os.listdir(self.folder))


class TapResult(unittest.TestResult):
    def __init__(self, total):
        super().__init__()
        print("TAP version 13\n1..%d" % total, flush=True)

    def line(self, word, test, comment=""):
        name = test.id().replace("__main__.", "").replace("#", "")
        print("%s %d - %s%s" % (word, self.testsRun, name, comment), flush=True)

    def explain(self, error):
        text = "".join(traceback.format_exception(*error))
        print("\n".join("# " + line for line in text.splitlines()), flush=True)

    def addSuccess(self, test):
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("ok", test, " # SKIP " + reason)

    def addFailure(self, test, error):
        self.failures.append(test)
        self.line("not ok", test)
        self.explain(error)

    def addError(self, test, error):
        self.addFailure(test, error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.failures.append(subtest)
            print("# " + str(subtest), flush=True)
            self.explain(error)


def _run_case(case, result):
    """A test of which a subtest failed has failed: unittest does not call addSuccess then."""
    before = len(result.failures)
    lines = result.testsRun
    case.run(result)
    reported = [failure for failure in result.failures[before:] if failure is case]
    if len(result.failures) > before and not reported and result.testsRun > lines:
        result.line("not ok", case)


def locale_is_there():
    """Whether LC_ALL, where it asks for decimal commas, names a locale that is installed."""
    if not os.environ.get("LC_ALL", "").startswith("de_DE"):
        return True
    return '","' in subprocess.run(["locale", "-k", "decimal_point"], capture_output=True, text=True).stdout


def main(module="__main__"):
    if not locale_is_there():
        print("TAP version 13\n1..0 # SKIP the locale de_DE.UTF-8 is not there: decimal commas are NOT tested")
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[module])
    cases = []

    def flatten(node):
        for item in node:
            if isinstance(item, unittest.TestSuite):
                flatten(item)
            else:
                cases.append(item)

    flatten(suite)
    result = TapResult(len(cases))
    for case in cases:
        _run_case(case, result)
    sys.exit(1 if result.failures else 0)
