#!/usr/bin/env python3
"""The process that works for viewers: test-serve.py CLI"""
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile

import numpy as np

from support import CLI, EXAMPLES, WATCHDOG, TestCase, main, read_png

try:
    from gi.repository import GLib
except ImportError:
    print("1..0 # SKIP messages cannot be read: python3-gi is not there")
    sys.exit(0)

PICTURE = EXAMPLES / "chest-01.png"
DICTIONARY = GLib.VariantType.new("a{sv}")


class Server:
    def __init__(self, *arguments, limit=None):
        before = (lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))) if limit else None
        self.process = subprocess.Popen([CLI, "serve", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)
        self.serial = 0

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()

    def write(self, request, **values):
        """A request that waits for send(): what is sent at once comes at once, however slow this process is."""
        self.serial += 1
        values.update(request=GLib.Variant("s", request), serial=GLib.Variant("u", self.serial))
        data = GLib.Variant("a{sv}", values).get_data_as_bytes().get_data()
        self.process.stdin.write(struct.pack("=Q", len(data)) + data)
        return self.serial

    def send(self, request, **values):
        serial = self.write(request, **values)
        self.process.stdin.flush()
        return serial

    def receive(self):
        (length,) = struct.unpack("=Q", self.process.stdout.read(8))
        data = self.process.stdout.read(length)
        return GLib.Variant.new_from_bytes(DICTIONARY, GLib.Bytes.new(data), False).unpack()

    def answer(self, serial):
        """The answer that ends the request, and the progress told before it."""
        steps = []
        while True:
            message = self.receive()
            if message["serial"] == serial and message["answer"] != "progress":
                return message, steps
            if message["serial"] == serial:
                steps.append((message["done"], message["total"]))

    def encode(self, path=PICTURE):
        return self.answer(self.send("encode", path=GLib.Variant.new_bytestring(os.fsencode(path))))

    def map(self, overlay, **parameters):
        return self.answer(self.send("map", overlay=GLib.Variant("s", overlay), parameters=GLib.Variant("a{sv}", parameters)))[0]

    def end(self):
        self.process.stdin.close()
        self.ends(0)

    def ends(self, code):
        """It ends with this code; if not, what it said is part of the failure."""
        found = self.process.wait(WATCHDOG)
        if found != code:
            raise AssertionError("ended with %d, not %d: %s" % (found, code, self.process.stderr.read().decode("utf-8", "replace")))


class Serve(TestCase):
    def test_map(self):
        """A picture is encoded once; the cells of its maps have the colours that "map" draws."""
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            encoded, steps = server.encode()
            self.assertEqual(encoded["answer"], "encoded")
            self.assertIn("Demonstration encoder", encoded["encoder"])
            self.assertEqual(encoded["orientation"], 1)
            self.assertTrue(all(done <= total for done, total in steps))
            overlays = {overlay["id"]: overlay for overlay in encoded["overlays"]}
            self.assertIn("pca", overlays)
            self.assertNotIn("occlusion", overlays)
            block = next(row for row in overlays["cls-attention"]["parameters"] if row["name"] == "block")
            self.assertEqual((block["type"], block["low"]), ("int", 0))
            for overlay, settings in (("cls-attention", {"block": GLib.Variant("i", 1)}), ("pca", {}), ("rollout", {})):
                answer = server.map(overlay, **settings)
                self.assertEqual(answer["answer"], "map", answer)
                rows, columns = answer["rows"], answer["columns"]
                cells = np.frombuffer(bytes(answer["cells"]), np.uint8).reshape(rows, columns, 4)
                out = os.path.join(folder, overlay + ".png")
                options = [text for name, value in settings.items() for text in ("--set", "%s=%s" % (name, value.unpack()))]
                self.good("map", PICTURE, "--overlay", overlay, *options, "--map-only", "-o", out)
                drawn = read_png(out)
                x0, y0, x1, y1 = answer["box"]
                for row in range(0, rows, 5):
                    for column in range(0, columns, 5):
                        x = int(x0 + (column + 0.5) * (x1 - x0) / columns)
                        y = int(y0 + (row + 0.5) * (y1 - y0) / rows)
                        self.assertEqual(list(drawn[y, x]), list(cells[row, column]), (overlay, row, column))
                self.assertEqual("ramp" in answer, overlay != "pca")
            server.end()

    def test_failures(self):
        """What cannot be done is said, and the next request is served."""
        with Server() as server:
            self.assertEqual(server.map("pca")["answer"], "failed")
            answer, _ = server.encode("/nonexistent/picture.png")
            self.assertEqual((answer["answer"], answer["reason"]), ("failed", "failed"))
            self.assertIn("picture.png", answer["message"])
            self.assertEqual(server.answer(server.send("nonsense"))[0]["answer"], "failed")
            self.assertEqual(server.encode()[0]["answer"], "encoded")
            self.assertIn("“nonsense”", server.map("nonsense")["message"])
            wrong = server.map("cls-attention", block=GLib.Variant("i", 4711))
            self.assertEqual(wrong["answer"], "failed")
            self.assertEqual(server.map("cls-attention")["answer"], "map")
            server.end()

    def test_cancel(self):
        """A cancelled run answers so, whenever the cancel comes; another request takes the place of one."""
        with Server() as server:
            first = server.write("encode", path=GLib.Variant.new_bytestring(os.fsencode(PICTURE)))
            server.send("cancel")
            answer, _ = server.answer(first)
            self.assertEqual((answer["answer"], answer.get("reason")), ("failed", "cancelled"))
            replaced = server.write("encode", path=GLib.Variant.new_bytestring(os.fsencode(PICTURE)))
            second = server.send("encode", path=GLib.Variant.new_bytestring(os.fsencode(PICTURE)))
            answers = {}
            while len(answers) < 2:
                message = server.receive()
                if message["answer"] != "progress":
                    answers[message["serial"]] = message["answer"]
            self.assertEqual(answers, {replaced: "failed", second: "encoded"})

    def test_end(self):
        """The end of the input, a broken message and a signal end it, in the middle of a run too."""
        with Server() as server:
            server.send("encode", path=GLib.Variant.new_bytestring(os.fsencode(PICTURE)))
            server.end()
        for garbage in (b"\xff" * 8, struct.pack("=Q", 16) + b"x" * 16, b"\x01"):
            with Server() as server:
                server.send("encode", path=GLib.Variant.new_bytestring(os.fsencode(PICTURE)))
                server.process.stdin.write(garbage)
                server.end()
        with Server() as server:
            server.encode()
            server.process.send_signal(signal.SIGTERM)
            server.ends(130)

    def test_memory(self):
        """Without the memory that it needs it refuses, with both amounts."""
        # A sanitizer's own address space leaves no room to limit.
        if b"__asan_init" in open(CLI, "rb").read():
            self.skipTest("AddressSanitizer takes all the address space")
        with Server("--threads", "1") as server:
            server.encode()
            status = open("/proc/%d/status" % server.process.pid).read()
            peak = int(status.split("VmPeak:")[1].split()[0]) * 1024
        with Server("--threads", "1", "--input-size", "1344", limit=peak) as server:
            answer, _ = server.encode()
            self.assertEqual((answer["answer"], answer.get("reason")), ("failed", "memory"), answer)
            self.assertIn("memory", answer["message"])
            server.end()

    def test_usage(self):
        self.assertEqual(subprocess.run([CLI, "serve", "file.png"], stdin=subprocess.DEVNULL, capture_output=True).returncode, 2)


main()
