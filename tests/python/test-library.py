#!/usr/bin/env python3
"""libdinoscope through PyGObject: the same numbers as from the command line, bit
for bit, progress, cancel, errors. test-library.py CLI EXAMPLE PAGE"""
import contextlib
import importlib.util
import io
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
EXAMPLE, PAGE = sys.argv[2:4]

try:
    import gi

    gi.require_version("Dinoscope", "1")
    from gi.repository import Dinoscope, Gio, GLib, GObject
except ImportError as reason:
    print("TAP version 13\n1..0 # SKIP no PyGObject: %s" % reason)
    sys.exit(0)

import numpy as np

from support import EXAMPLES, TINY, WATCHDOG, TestCase, checkpoint, main, read_safetensors

KEEP_ALL = Dinoscope.Keep.HIDDEN_STATES | Dinoscope.Keep.CLS_ATTENTION
FILM = str(EXAMPLES / "chest-01.png")

# The example's own way of looking at memory.
_spec = importlib.util.spec_from_file_location("example", EXAMPLE)
example = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(example)
array = example.array


# Calls whatever takes nothing, numbers, texts or other empty objects.
BY_HAND = """
import itertools, sys, gi
gi.require_version("Dinoscope", "1")
from gi.repository import Dinoscope, Gio, GLib, GObject

engine = Dinoscope.Engine.new(1)
film = engine.open_picture(Gio.File.new_for_path(sys.argv[1]), Dinoscope.Preparation(), None)
demo = engine.open_model("demo", Dinoscope.Precision.FP32, None)
features = engine.encode(film, demo, 0, None, None)
kinds = [Dinoscope.Map, Dinoscope.Model, Dinoscope.Features, Dinoscope.Study, Dinoscope.Context, Dinoscope.ModelInput, Dinoscope.Parameter, Dinoscope.MapStyle]
empty = [kind() for kind in kinds]
overlay, values = Dinoscope.overlays_find("pca"), GLib.Bytes.new(bytes(4))
calls = 0


def call(function, *arguments):
    global calls
    calls += 1
    try:
        function(*arguments)
    except (GLib.Error, TypeError, ValueError, OverflowError):
        pass


for one in empty:
    for name in dir(type(one)):
        if name.startswith(("get_", "is_", "dup_", "describe_", "peek_", "set_", "add_", "find_", "patch_", "describe")) and hasattr(type(one).__dict__.get(name), "get_arguments"):
            for n in range(6):
                for filler in (0, 1.0, "a", None, values):
                    call(getattr(one, name), *[filler] * n)
fields, model, tokens, study, context, values_in = empty[:6]
call(fields.set_texts, "a", "b", "c")
call(fields.set_range, 0.0, 1.0)
call(fields.set_validity, values)
call(tokens.save, "/dev/null", None)
call(features.save, "/dev/null", values_in)
call(Dinoscope.Context.new, tokens, None)
call(Dinoscope.Context.new, features, [tokens])
call(Dinoscope.Map.new_for_features, tokens, 1, values)
for one, other in itertools.product((film, study), (demo, model)):
    if (one, other) != (film, demo):
        call(engine.encode, one, other, 0, None, None)
        call(engine.prepare, one, other, None)
        call(engine.estimate_memory, one, other, 0)
call(engine.encode_values, model, 1, 1, values, 0, None, None)
call(engine.compute_map, overlay, context, None, None)
call(overlay.list_parameters, model)
call(overlay.get_needs, model, None)
call(overlay.is_ready, tokens, None)
call(overlay.compute, context, None, None, None)
call(engine.draw_map, fields, empty[7], film, 0, 0, 1, 1, 8, 8)
engine.shutdown()
print(calls, "done")
"""


class Library(TestCase):
    def setUp(self):
        super().setUp()
        self.engine = Dinoscope.Engine.new(2)
        self.addCleanup(self.engine.shutdown)

    def open(self, path=FILM, **preparation):
        return self.engine.open_picture(Gio.File.new_for_path(path), Dinoscope.Preparation(**preparation), None)

    def model(self, name="demo", precision=Dinoscope.Precision.FP32):
        return self.engine.open_model(name, precision, None)

    def encode(self, study, model, keep=KEEP_ALL):
        return self.engine.encode(study, model, keep, None, None)

    def same(self, got, want):
        """The same bits."""
        self.assertEqual(got.shape, want.shape)
        self.assertEqual(got.tobytes(), np.ascontiguousarray(want).tobytes())

    def fails(self, domain, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(caught.exception.matches(domain, code), repr(caught.exception))
        return caught.exception.message

    def saved(self, *options):
        """An array that the command line writes."""
        self.good("features", *options, "-o", self.path("out.npy"))
        return np.load(self.path("out.npy"))

    # Numbers.

    def test_features(self):
        """Input, output, blocks, facets and attention equal the command line's."""
        for name, film in (("demo", FILM), (TINY, self.film()), (checkpoint("tiny-registers-1"), self.film(width=120))):
            with self.subTest(name):
                study, model = self.open(film), self.model(name)
                features = self.encode(study, model)
                shape = features.get_n_tokens(), model.get_n_channels()
                blocks, heads, first = model.get_n_blocks(), model.get_n_heads(), features.get_first_patch()
                self.good("features", film, "--model", name, "--hidden", "--attention", 0, "-o", self.path("all.safetensors"))
                want, _ = read_safetensors(self.path("all.safetensors"))

                tokens = array(features.dup_last_hidden_state(), *shape)
                self.same(tokens, want["last_hidden_state"])
                self.same(array(features.dup_cls(), shape[1]), want["pooler_output"])
                self.same(array(features.dup_patches(), features.get_rows() * features.get_columns(), shape[1]), tokens[first:])
                for i in range(blocks + 1):
                    self.same(array(features.dup_hidden_state(i), *shape), want["hidden_states.%d" % i])
                self.same(array(features.dup_tokens(blocks - 1, True), *shape), tokens)
                self.same(array(features.dup_tokens(0, False), *shape), want["hidden_states.1"])
                model_input = self.engine.prepare(study, model, None)
                self.same(array(model_input.get_values(), 3, model_input.get_height(), model_input.get_width()), want["pixel_values"])

                attention, token = want["attentions.0"], first + 3
                query, key = (array(features.dup_token_attention(0, token, way), heads, shape[0]) for way in (Dinoscope.Direction.QUERY, Dinoscope.Direction.KEY))
                self.close(query, attention[:, token], 1e-6, 1e-3)
                self.close(key, attention[:, :, token], 1e-6, 1e-3)
                self.close(array(features.dup_cls_attention(0), heads, shape[0]), attention[:, 0], 1e-6, 1e-3)
                for facet in "query", "key", "value":
                    got = array(features.dup_facet(blocks - 1, getattr(Dinoscope.Facet, facet.upper())), *shape)
                    self.same(got, self.saved(film, "--model", name, "--block", blocks - 1, "--facet", facet[0]))

    def test_preparation(self):
        """Every property does what the option of that name does."""
        model = self.model(TINY)
        film = self.film(width=150, height=97)
        size = 3 * int(self.good("features", film, "--model", TINY, "--json", "-o", self.path("x.npy")).json()["preparation"].split("input-size=")[1].split()[0]) // 2
        for properties, options in (
            ({"fit": Dinoscope.Fit.PAD}, ["--fit", "pad"]),
            ({"fit": "whole"}, ["--fit", "whole"]),
            ({"input_size": size // 14 * 14}, ["--input-size", size // 14 * 14]),
            ({"invert": Dinoscope.Invert.YES}, ["--invert", "yes"]),
            ({"model_input": Dinoscope.ModelGreys.WINDOW, "window": "90:100"}, ["--model-input", "window", "--window", "90:100"]),
            ({"model_input": Dinoscope.ModelGreys.PERCENTILE}, ["--model-input", "percentile"]),
            ({"model_input": "bspline"}, ["--model-input", "bspline"]),
            ({"apply_exif": False}, ["--no-exif"]),
        ):
            with self.subTest(str(properties)):
                features = self.encode(self.open(film, **properties), model, Dinoscope.Keep.OUTPUT)
                want = self.saved(film, "--model", TINY, *options)
                self.same(array(features.dup_last_hidden_state(), *want.shape), want)

    def test_threads(self):
        """Any number of threads gives the same bits."""
        study, model = self.open(), self.model()
        other = Dinoscope.Engine.new(1)
        self.assertEqual((self.engine.get_threads(), other.get_threads()), (2, 1))
        one, two = (engine.encode(study, model, 0, None, None).dup_last_hidden_state() for engine in (other, self.engine))
        self.assertTrue(one.equal(two))
        other.shutdown()

    def test_values(self):
        """A tensor given ready is the picture's; a changed one is another thing."""
        study, model = self.open(), self.model()
        features = self.encode(study, model)
        tensor = self.engine.prepare(study, model, None)
        width, height = tensor.get_width(), tensor.get_height()
        told = []
        again = self.engine.encode_values(tensor.get_values(), width, height, model, Dinoscope.Keep.OUTPUT, None, lambda done, *_: told.append(done))
        self.assertTrue(again.dup_last_hidden_state().equal(features.dup_last_hidden_state()))
        self.assertEqual((told, again.get_pixels_sha256()), (list(range(7)), ""))
        values = array(tensor.get_values(), 3, height, width)[:, ::-1, :]
        np.save(self.path("raw.npy"), np.ascontiguousarray(values))
        turned = self.engine.encode_values(GLib.Bytes.new(values.tobytes()), width, height, model, Dinoscope.Keep.OUTPUT, None, None)
        want = self.saved("--raw-pixels", self.path("raw.npy"), "--model", "demo")
        self.same(array(turned.dup_last_hidden_state(), *want.shape), want)
        self.assertFalse(np.array_equal(want, array(features.dup_last_hidden_state(), *want.shape)))

        error, code = Dinoscope.error_quark(), Dinoscope.Error
        encode = self.engine.encode_values
        self.fails(error, code.PARAMETER, encode, tensor.get_values(), width + 14, height, model, Dinoscope.Keep.OUTPUT, None, None)
        self.fails(error, code.PARAMETER, encode, tensor.get_values(), -width, -height, model, Dinoscope.Keep.OUTPUT, None, None)
        self.fails(error, code.PARAMETER, encode, GLib.Bytes.new(bytes(12 * 15 * 14)), 15, 14, model, Dinoscope.Keep.OUTPUT, None, None)

    def test_save(self):
        """Files are the command line's, byte for byte."""
        study, model = self.open(), self.model()
        features = self.encode(study, model, Dinoscope.Keep.OUTPUT)
        for name in "a.npy", "a.safetensors":
            self.good("features", FILM, "--model", "demo", "-o", self.path(name))
            features.save(self.path("b" + name), self.engine.prepare(study, model, None))
            self.assertEqual(Path(self.path(name)).read_bytes(), Path(self.path("b" + name)).read_bytes())
        tensors = Dinoscope.TensorFile.open(self.path("a.safetensors"))
        values, shape = tensors.read("last_hidden_state")
        self.assertEqual(list(shape), [features.get_n_tokens(), model.get_n_channels()])
        self.assertTrue(values.equal(features.dup_last_hidden_state()))
        self.assertEqual(tensors.get_metadata("model"), "demo")

        error, code = Dinoscope.error_quark(), Dinoscope.Error
        self.assertIn(".safetensors", self.fails(error, code.PARAMETER, features.save, self.path("a.txt"), None))
        self.fails(error, code.PARAMETER, features.save, self.path("c.safetensors"), None)
        self.fails(error, code.WRITE, features.save, self.path("no/folder.npy"), None)
        self.assertFalse(os.path.exists(self.path("c.safetensors")))

    def test_maps(self):
        """Every overlay of one picture, with parameters, equals "map --npy"."""
        film = self.film()
        study, model = self.open(film), self.model(TINY)
        context = Dinoscope.Context.new(self.encode(study, model), None)
        ids = [provider.get_id() for provider in Dinoscope.overlays_list()]
        settings = {"pca": "block=0", "cls-attention": "head=1", "patch-attention": "row=1", "similarity": "pins=1:1,2:0", "parts": "k=3"}
        self.assertLess(set(settings), set(ids))
        for name in ids:
            provider = Dinoscope.overlays_find(name)
            setting = [settings[name]] if name in settings else []
            if name == "difference":
                setting = ["against=block"]
            with self.subTest(name):
                got = self.engine.compute_map(provider, context, example.parse(provider, model, setting), None)
                options = [word for text in setting for word in ("--set", text)]
                report = self.good("map", film, "--model", TINY, "--overlay", name, *options, "--npy", self.path("map.npy"), "--json").json()
                want = np.load(self.path("map.npy"))
                self.same(array(got.dup_values(), *want.shape), want)
                self.assertEqual((got.get_height(), got.get_width()), want.shape[:2])
                self.assertEqual(bool(got.get_colormap()), got.get_channels() == 1)
                if got.get_channels() == 1:
                    np.testing.assert_allclose(tuple(got.get_range(0)), report["results"][0]["range"], rtol=1e-12)
                self.assertTrue(got.get_title() and got.get_legend())

    def test_two_pictures(self):
        other = str(EXAMPLES / "chest-02.png")
        model = self.model()
        one, two = (self.encode(self.open(path), model) for path in (FILM, other))
        context = Dinoscope.Context.new(one, [two])
        self.assertEqual(context.get_n_references(), 1)
        provider = Dinoscope.overlays_find("difference")
        parameters = example.parse(provider, model, ["against=reference"])
        got = self.engine.compute_map(provider, context, parameters, None)
        self.good("map", FILM, "--model", "demo", "--overlay", "difference", "--set", "against=reference", "--reference", other, "--npy", self.path("map.npy"))
        want = np.load(self.path("map.npy"))
        self.same(array(got.dup_values(), *want.shape), want)
        self.fails(Dinoscope.error_quark(), Dinoscope.Error.OVERLAY, self.engine.compute_map, provider, Dinoscope.Context.new(one, None), parameters, None)

    def test_what_a_map_tells(self):
        study, model = self.open(), self.model()
        features = self.encode(study, model)
        context = Dinoscope.Context.new(features, [])
        norms = self.engine.compute_map(Dinoscope.overlays_find("norm"), context, None, None)
        rows, columns = features.get_rows(), features.get_columns()
        values = array(norms.dup_values(), rows, columns)
        self.assertEqual(tuple(norms.get_range(0)), (values.min(), values.max()))
        attention = self.engine.compute_map(Dinoscope.overlays_find("cls-attention"), context, None, None)
        cells = [attention.get_cell(i) for i in range(attention.get_n_cells())]
        self.assertEqual([label for label, _ in cells], ["CLS"])
        of_cls = array(features.dup_cls_attention(model.get_n_blocks() - 1), model.get_n_heads(), features.get_n_tokens())[:, 0]
        self.assertAlmostEqual(cells[0][1], of_cls.mean(), 6)
        self.assertEqual(norms.get_n_cells(), 0)
        self.assertGreater(norms.get_n_marks(), 0)
        for i in range(norms.get_n_marks()):
            label, row, column = norms.get_mark(i)
            self.assertLess(abs(float(label) - values[row, column]), 0.51)
        x0, y0, x1, y1 = norms.get_place()
        first, last = features.patch_box(0, 0), features.patch_box(rows - 1, columns - 1)
        np.testing.assert_allclose((x0, y0, x1, y1), (*first[:2], *last[2:]))
        self.assertEqual(features.patch_at(x0 + 1, y0 + 1), (True, 0, 0))
        self.assertFalse(features.patch_at(x0 - 1, y0 - 1)[0])
        self.assertIsNone(norms.dup_validity())

    def test_drawing(self):
        """A cell has its colour, premultiplied; nothing is drawn outside of the map."""
        study, model = self.open(), self.model()
        features = self.encode(study, model)
        block = self.engine.compute_map(Dinoscope.overlays_find("norm"), Dinoscope.Context.new(features, None), None, None)
        rows, columns = features.get_rows(), features.get_columns()
        pixels = self.engine.draw_map(block, Dinoscope.MapStyle(opacity=1.0, colormap="magma"), study, *block.get_place(), 2 * columns, 2 * rows)
        pixels = array(pixels, 2 * rows, 2 * columns, 4, kind="u1")
        np.testing.assert_array_equal(pixels[::2, ::2], pixels[1::2, 1::2])
        self.assertEqual(set(np.unique(pixels[..., 3])), {255})
        values = array(block.dup_values(), rows, columns)
        order = np.argsort(values, None)
        luminance = pixels[::2, ::2, :3].reshape(-1, 3).astype(int).sum(1)
        self.assertLess(luminance[order[0]], luminance[order[-1]] - 400)

        half = array(self.engine.draw_map(block, None, None, *block.get_place(), columns, rows), rows, columns, 4, kind="u1")
        self.assertTrue(np.all(half[..., 3] == 128) and np.all(half[..., :3].max(-1) <= 128))
        all_of_it = array(self.engine.draw_map(block, None, study, 0, -50, study.get_width(), study.get_height(), 64, 64), 64, 64, 4, kind="u1")
        self.assertEqual(all_of_it[0].max(), 0)
        cut = Dinoscope.MapStyle(threshold=float(np.median(values)))
        self.assertAlmostEqual(np.mean(array(self.engine.draw_map(block, cut, None, *block.get_place(), columns, rows), rows, columns, 4, kind="u1")[..., 3] > 0), 0.5, 2)
        guided = self.engine.draw_map(block, Dinoscope.MapStyle(smooth="guided", contours=3), study, 0, 0, 640, 691, 64, 64)
        self.assertEqual(guided.get_size(), 64 * 64 * 4)

        error, code = Dinoscope.error_quark(), Dinoscope.Error.PARAMETER
        self.assertIn("no-such", self.fails(error, code, self.engine.draw_map, block, Dinoscope.MapStyle(colormap="no-such"), None, 0, 0, 1, 1, 8, 8))
        self.fails(error, code, self.engine.draw_map, block, None, None, 0, 0, 0, 1, 8, 8)
        self.fails(error, code, self.engine.draw_map, block, None, None, 0, 0, 1, 1, 8, 0)

    def test_study(self):
        study = self.open()
        info = self.good("info", FILM, "--json").json()
        self.assertEqual((study.get_width(), study.get_height()), (640, 691))
        self.assertIn(study.get_sha256(), str(info))
        self.assertEqual(study.dup_title(), "chest-01.png")
        sizes = []
        for level in range(study.get_n_levels()):
            pixels, width, height = study.get_level(level)
            sizes.append((width, height))
            grey = array(pixels, height, width, 3, kind="u1")
            self.assertTrue(np.all(grey[..., 0] == grey[..., 2]))
        self.assertEqual(sizes, [(640, 691), (320, 346), (160, 173)])

    # Memory.

    def test_memory_is_shared(self):
        """numpy sees the library's own memory, which stays while an array does."""
        study, model = self.open(), self.model()
        features = self.encode(study, model)
        one, two = features.dup_last_hidden_state(), features.dup_last_hidden_state()
        self.assertEqual(Dinoscope.bytes_get_address(one), Dinoscope.bytes_get_address(two))
        tokens = array(one, features.get_n_tokens(), model.get_n_channels())
        self.assertEqual(tokens.__array_interface__["data"][0], Dinoscope.bytes_get_address(one))
        patches = array(features.dup_patches(), features.get_rows() * features.get_columns(), model.get_n_channels())
        self.assertTrue(np.shares_memory(tokens, patches))
        self.assertFalse(tokens.flags.writeable)
        with self.assertRaises(ValueError):
            tokens[0, 0] = 1
        copy = tokens.copy()
        gone = GObject.Object.weak_ref(features)
        del one, two, patches, features
        self.assertIsNotNone(gone())
        others = [self.encode(study, model) for _ in range(2)]
        np.testing.assert_array_equal(tokens, copy)
        del tokens, others
        self.assertIsNone(gone())
        with self.assertRaises(ValueError):
            array(GLib.Bytes.new(b"1234"), 2)

    # Progress, cancel, threads, errors.

    def test_progress(self):
        study, model = self.open(), self.model()
        told = []

        def progress(done, total, partial, data):
            told.append((done, total, partial.get_blocks_done() if partial else 0, data))
            if partial is not None:
                self.assertIsNone(partial.dup_last_hidden_state() if done < total else None)
                self.assertIsNotNone(partial.dup_hidden_state(done))

        self.engine.encode(study, model, KEEP_ALL, None, progress, "subject")
        self.assertEqual(told, [(i, 6, i, "subject") for i in range(7)])

        shares = []
        context = Dinoscope.Context.new(self.encode(study, model), None)
        context.set_study(study)
        provider = Dinoscope.overlays_find("occlusion")
        parameters = example.parse(provider, model, ["places=3"])
        got = self.engine.compute_map_with_progress(provider, context, parameters, None, lambda done, _: shares.append(done), None)
        self.assertIsNotNone(got.dup_validity())
        self.assertEqual(shares, sorted(shares))
        self.assertGreater(len(shares), 1)

    def test_cancel(self):
        study, model = self.open(), self.model()
        quark, code = Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED
        cancellable = Gio.Cancellable()
        told = []

        def progress(done, *_):
            told.append(done)
            if done == 2:
                cancellable.cancel()

        self.fails(quark, code, self.engine.encode, study, model, KEEP_ALL, cancellable, progress)
        self.assertEqual(told, [0, 1, 2])
        for function, arguments in (
            (self.engine.open_model, ("demo", 0)),
            (self.engine.open_picture, (Gio.File.new_for_path(FILM), None)),
            (self.engine.compute_map, (Dinoscope.overlays_find("pca"), Dinoscope.Context.new(self.encode(study, model), None), None)),
        ):
            with self.subTest(function.__name__):
                self.fails(quark, code, function, *arguments, cancellable)

    def test_cancel_from_another_thread(self):
        """A blocking call leaves Python to other threads."""
        study, model = self.open(), self.model()
        cancellable, running = Gio.Cancellable(), threading.Event()

        def stop():
            running.wait(WATCHDOG)
            cancellable.cancel()

        thread = threading.Thread(target=stop)
        thread.start()
        with self.assertRaises(GLib.Error) as caught:
            for _ in range(100):
                self.engine.encode(study, model, 0, cancellable, lambda *_: running.set())
        thread.join()
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_asynchronous(self):
        """Model, picture, features, tensor and map with callbacks, in one main context."""
        loop, results = GLib.MainLoop(), {}
        told, shares = [], []

        def ended(source, result, finish):
            results[finish] = getattr(source, finish)(result)
            if {"open_model_finish", "open_picture_finish"} == set(results):
                study, model = results["open_picture_finish"], results["open_model_finish"]
                source.encode_async(study, model, KEEP_ALL, GLib.PRIORITY_DEFAULT, None, lambda *values: told.append(values), ("data",), ended, "encode_finish")
            elif finish == "encode_finish":
                source.prepare_async(results["open_picture_finish"], results["open_model_finish"], None, ended, "prepare_finish")
            elif finish == "prepare_finish":
                context = Dinoscope.Context.new(results["encode_finish"], None)
                source.compute_map_with_progress_async(
                    Dinoscope.overlays_find("rollout"), context, None, None, lambda *values: shares.append(values), ("share",), ended, "compute_map_finish"
                )
            elif finish == "compute_map_finish":
                loop.quit()

        self.engine.open_model_async("demo", Dinoscope.Precision.FP32, None, ended, "open_model_finish")
        self.engine.open_picture_async(Gio.File.new_for_path(FILM), None, None, ended, "open_picture_finish")
        watchdog = GLib.timeout_add_seconds(WATCHDOG, loop.quit)
        loop.run()
        GLib.source_remove(watchdog)
        self.assertEqual(len(results), 5)
        self.assertEqual(told[-1][0], 6)
        self.assertEqual({values[3] for values in told}, {"data"})
        self.assertEqual({values[1] for values in shares} - {"share"}, set())
        want = self.saved(FILM, "--model", "demo")
        self.same(array(results["encode_finish"].dup_last_hidden_state(), *want.shape), want)

    def test_asynchronous_cancel(self):
        study, model = self.open(), self.model()
        loop, failure = GLib.MainLoop(), []
        cancellable = Gio.Cancellable()

        def ended(source, result):
            try:
                source.encode_finish(result)
            except GLib.Error as error:
                failure.append(error)
            loop.quit()

        self.engine.encode_async(study, model, 0, GLib.PRIORITY_LOW, cancellable, lambda *_: cancellable.cancel(), (), ended)
        loop.run()
        self.assertTrue(failure[0].matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

        failure.clear()

        def opened(source, result):
            try:
                source.open_picture_finish(result)
            except GLib.Error as error:
                failure.append(error)
            loop.quit()

        self.engine.open_picture_async(Gio.File.new_for_path(FILM), Dinoscope.Preparation(window="x"), None, opened)
        loop.run()
        self.assertTrue(failure[0].matches(Dinoscope.error_quark(), Dinoscope.Error.PARAMETER))

    def test_errors(self):
        """Each names its subject and has a code."""
        error, code = Dinoscope.error_quark(), Dinoscope.Error
        self.assertEqual(GLib.quark_to_string(error), "dinoscope-error-quark")
        study, model = self.open(), self.model()
        self.assertIn("/no/model", self.fails(error, code.MODEL, self.engine.open_model, "/no/model", 0, None))
        self.assertIn("no.png", self.fails(error, code.PICTURE, self.open, "/no.png"))
        Path(self.path("text.png")).write_text("not a picture")
        self.assertIn("text.png", self.fails(error, code.PICTURE, self.open, self.path("text.png")))
        self.assertIn("sideways", self.fails(error, code.PARAMETER, lambda: self.open(window="sideways")))
        self.fails(error, code.PARAMETER, lambda: self.encode(self.open(input_size=13), model))
        features = self.encode(study, model, Dinoscope.Keep.OUTPUT)
        provider = Dinoscope.overlays_find("norm")
        context = Dinoscope.Context.new(features, None)
        self.assertIn("wrong", self.fails(error, code.PARAMETER, self.engine.compute_map, provider, context, GLib.Variant("a{sv}", {"wrong": GLib.Variant("i", 1)}), None))
        self.fails(error, code.PARAMETER, self.engine.compute_map, provider, context, GLib.Variant("a{sv}", {"block": GLib.Variant("i", 99)}), None)
        self.fails(error, code.PARAMETER, features.dup_facet, 99, 0)
        self.fails(error, code.PARAMETER, features.dup_token_attention, 0, 99999, 0)
        self.assertIsNone(features.dup_hidden_state(0))
        self.assertIsNone(Dinoscope.overlays_find("no-such"))

    def test_engines_that_cannot(self):
        """One that was shut down, or never started, says so and harms nobody."""
        study, model = self.open(), self.model()
        context = Dinoscope.Context.new(self.encode(study, model), None)
        ended = Dinoscope.Engine.new(1)
        ended.shutdown()
        ended.shutdown()
        for engine in ended, Dinoscope.Engine():
            for function, arguments in (
                (engine.open_model, ("demo", 0, None)),
                (engine.open_picture, (Gio.File.new_for_path(FILM), None, None)),
                (engine.prepare, (study, model, None)),
                (engine.encode, (study, model, 0, None, None)),
                (engine.compute_map, (Dinoscope.overlays_find("pca"), context, None, None)),
            ):
                self.assertIn("shut down", self.fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, function, *arguments))
            self.assertEqual(engine.get_threads(), 0)
            self.assertGreater(engine.estimate_memory(study, model, 0), 0)
            engine.shutdown()

    def test_made_by_hand(self):
        """Objects that only an engine fills are empty when made by hand; no method minds."""
        result = subprocess.run([sys.executable, "-c", BY_HAND, FILM], capture_output=True, text=True, timeout=WATCHDOG, env={**os.environ, "G_DEBUG": ""})
        self.assertEqual(result.returncode, 0, result.stderr[-2000:])
        self.assertEqual(result.stdout.split()[-1], "done")
        self.assertGreater(int(result.stdout.split()[0]), 1000)
        self.assertIn("CRITICAL", result.stderr)

    # The script that people begin with.

    def test_example(self):
        begun = time.monotonic()
        words = [sys.executable, EXAMPLE, FILM, "--model", "demo", "--overlay", "cls-attention", "--set", "head=2", "-o", self.path("out")]
        result = subprocess.run(words, capture_output=True, text=True, timeout=WATCHDOG)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("37 × 37 patches", result.stdout)
        self.assertIn("block 6 of 6", result.stderr)
        want = self.saved(FILM, "--model", "demo")
        self.same(np.load(self.path("out/tokens.npy")), want)
        self.good("map", FILM, "--model", "demo", "--overlay", "cls-attention", "--set", "head=2", "--npy", self.path("map.npy"))
        self.same(np.load(self.path("out/map.npy")), np.load(self.path("map.npy")))
        self.assertTrue(Path(self.path("out/map.ppm")).read_bytes().startswith(b"P6 640 691 255\n"))
        self.assertLess(time.monotonic() - begun, WATCHDOG)

        result = subprocess.run([sys.executable, EXAMPLE, self.path("nothing.png")], capture_output=True, text=True, timeout=WATCHDOG)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nothing.png", result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def test_page(self):
        """The code of the reference's page on Python does what the page says."""
        blocks = re.findall(r"```python\n(.*?)```", Path(PAGE).read_text(), re.S)
        self.assertEqual(len(blocks), 3)
        names, said = {}, io.StringIO()
        for block in blocks:
            for there, here in (('"rad-dino"', '"demo"'), ('"film.dcm"', repr(FILM)), ('("i", 11)', '("i", 5)')):
                block = block.replace(there, here)
            with contextlib.redirect_stdout(said):
                exec(compile(block, PAGE, "exec"), names)
        self.addCleanup(names["engine"].shutdown)
        self.assertEqual(said.getvalue().splitlines()[-1], "6 6")
        self.assertEqual(names["pca"].get_channels(), 3)
        want = self.saved(FILM, "--model", "demo", "--fit", "pad")
        self.same(names["tokens"], want)


if __name__ == "__main__":
    main()
