#!/usr/bin/env python3
"""The command info."""
import hashlib
import json
import os
import struct

import numpy as np

from support import DATA, EXAMPLES, GOLDEN, TINY, TestCase, formula, main, run, write_png

DEMO = os.path.join(os.environ["DINOSCOPE_DATADIR"], "models/demo")


def pixels_sha256(samples):
    """As src/core/picture/picture.h defines it."""
    height, width = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    head = struct.pack("<4i", width, height, channels, samples.dtype.itemsize * 8)
    return hashlib.sha256(head + samples.astype(samples.dtype.newbyteorder("<")).tobytes()).hexdigest()


class Program(TestCase):
    def test_text_names_program_and_model(self):
        text = self.good("info").text
        self.assertIn("Dinoscope 0.", text)
        self.assertIn("For research only. Not for clinical use.", text)
        self.assertIn("Demonstration encoder - not RAD-DINO", text)
        digest = hashlib.sha256(open(os.path.join(DEMO, "model.safetensors"), "rb").read()).hexdigest()
        self.assertIn(digest, text)
        for library in ("OpenBLAS", "GLib", "Jansson", "libcrypto", "libpng", "libjpeg"):
            self.assertRegex(text, r"(?m)^%s: .*[0-9]+\.[0-9]+" % library)

    def test_json_has_the_models_facts(self):
        report = self.good("info", "--json", "--model", TINY).json()
        self.assertEqual((report["schema"], report["command"]), ("dinoscope-cli-1", "info"))
        model = report["model"]
        config = json.load(open(os.path.join(TINY, "config.json")))
        processor = json.load(open(os.path.join(TINY, "preprocessor_config.json")))
        self.assertEqual(model["found"], "argument")
        self.assertEqual(model["path"], TINY)
        self.assertEqual(model["name"], "tiny-1")
        self.assertFalse(model["demonstration"])
        self.assertEqual(model["dimensions"]["channels"], config["hidden_size"])
        self.assertEqual(model["dimensions"]["blocks"], config["num_hidden_layers"])
        self.assertEqual(model["dimensions"]["heads"], config["num_attention_heads"])
        self.assertEqual(model["dimensions"]["patch"], config["patch_size"])
        self.assertEqual(model["processor"]["shortest_edge"], processor["size"]["shortest_edge"])
        np.testing.assert_allclose(model["processor"]["mean"], processor["image_mean"], rtol=1e-6)
        np.testing.assert_allclose(model["processor"]["std"], processor["image_std"], rtol=1e-6)
        self.assertEqual(model["stored_dtype"], "F32")
        self.assertEqual(model["precision"], "fp32")
        digest = hashlib.sha256(open(os.path.join(TINY, "model.safetensors"), "rb").read()).hexdigest()
        self.assertEqual(model["sha256"], digest)
        self.assertEqual(model["input"], [56, 56])
        weights = os.path.getsize(os.path.join(TINY, "model.safetensors"))
        self.assertGreater(model["memory_bytes"], weights // 2)

    def test_parameters_are_counted(self):
        """As many numbers as the file holds, without the mask token, which only training uses."""
        data = open(os.path.join(TINY, "model.safetensors"), "rb").read()
        header = json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])
        count = sum(
            int(np.prod(info["shape"]))
            for name, info in header.items()
            if name != "__metadata__" and "mask_token" not in name
        )
        self.assertEqual(self.good("info", "--json", "--model", TINY).json()["model"]["parameters"], count)

    def test_stored_dtype(self):
        for name, dtype in (("tiny-1-dtype-F16", "F16"), ("tiny-1-dtype-BF16", "BF16")):
            report = self.good("info", "--json", "--model", GOLDEN / "checkpoint" / name).json()
            self.assertEqual(report["model"]["stored_dtype"], dtype)

    def test_model_sources(self):
        found = lambda **env: self.good("info", "--json", env=env).json()["model"]["found"]
        self.assertEqual(found(), "demonstration")
        self.assertEqual(found(DINOSCOPE_MODEL=TINY), "environment")
        data = self.path("data/dinoscope/models")
        os.makedirs(data)
        os.symlink(TINY, os.path.join(data, "rad-dino"))
        self.assertEqual(found(XDG_DATA_HOME=self.path("data")), "data")
        hub = self.path("hub/models--microsoft--rad-dino")
        os.makedirs(os.path.join(hub, "refs"))
        os.makedirs(os.path.join(hub, "snapshots"))
        open(os.path.join(hub, "refs/main"), "w").write("0123abcd")
        os.symlink(TINY, os.path.join(hub, "snapshots/0123abcd"))
        self.assertEqual(found(HF_HUB_CACHE=self.path("hub")), "hugging-face")
        by_name = self.good("info", "--json", "--model", "rad-dino", env={"XDG_DATA_HOME": self.path("data")})
        self.assertEqual(by_name.json()["model"]["found"], "argument")

    def test_threads(self):
        self.assertEqual(self.good("info", "--json", "--threads", "3").json()["program"]["threads"], 3)

    def test_instruction_set_can_be_lowered(self):
        report = self.good("info", "--json", env={"DINOSCOPE_ISA": "generic"}).json()
        self.assertEqual(report["program"]["instruction_set"], "generic")

    def test_unusable_model_still_tells_about_the_program(self):
        result = self.bad(3, "info", "--model", self.path("nothing"), says="nothing")
        self.assertIn("Dinoscope 0.", result.text)
        self.assertEqual(self.bad(3, "info", "--json", "--model", self.path("nothing")).out, b"")


class Pictures(TestCase):
    def test_every_mode_of_the_reference(self):
        """Size, resized size and crop as the published processor has them."""
        reference = json.load(open(GOLDEN / "preprocess.json"))["files"]
        names = sorted(name for name in reference if name.startswith("modes/"))
        self.assertGreater(len(names), 10)
        report = self.good("info", "--json", "--model", "demo", *[GOLDEN / name for name in names]).json()
        self.assertEqual(len(report["pictures"]), len(names))
        for name, picture in zip(names, report["pictures"]):
            want = reference[name]
            self.assertEqual(picture["size"], want["size"], name)
            self.assertEqual(picture["seen"]["resized"], want["resized"], name)
            self.assertEqual(picture["seen"]["crop"], [want["crop_left"], want["crop_top"], 518, 518], name)
            self.assertEqual(picture["format"], "JPEG" if name.endswith(".jpg") else "PNG")

    def test_hash_range_and_notes(self):
        grey = formula(40, 30)
        deep = (np.arange(1200, dtype=np.uint16) * 3 + 12).reshape(30, 40)
        paths = [write_png(self.path("a.png"), grey), write_png(self.path("b.png"), deep)]
        first, second = self.good("info", "--json", "--model", TINY, *paths).json()["pictures"]
        self.assertEqual(first["pixels_sha256"], pixels_sha256(grey))
        self.assertEqual(second["pixels_sha256"], pixels_sha256(deep))
        self.assertEqual(first["range"], [int(grey.min()), int(grey.max())])
        self.assertEqual(second["range"], [12, 12 + 1199 * 3])
        self.assertEqual((first["bits"], second["bits"]), (8, 16))
        self.assertEqual(first["notes"], [])
        self.assertTrue(any("min-max" in note for note in second["notes"]), second["notes"])
        self.assertIn(second["notes"][0], self.good("info", "--model", TINY, paths[1]).text)

    def picture(self, samples, *options):
        path = write_png(self.path("film.png"), samples)
        return self.good("info", "--json", "--model", TINY, path, *options).json()["pictures"][0]

    def test_greys_of_8_bits(self):
        grey = formula(40, 30)
        plain = self.picture(grey)
        self.assertEqual(plain["stored_sha256"], hashlib.sha256(grey.astype("<i4").tobytes()).hexdigest())
        self.assertEqual(plain["voi"], [])
        self.assertEqual((plain["padding"], plain["photometric"], plain["presentation"], plain["spacing"]), (None, None, None, None))
        self.assertEqual(plain["modality"], {"kind": "none", "unit": "", "range": [int(grey.min()), int(grey.max())]})
        self.assertEqual((plain["display"]["window"], plain["display"]["inverted"]), ("auto", False))
        self.assertEqual((plain["model_input"]["choice"], plain["model_input"]["inverted"]), ("minmax", False))
        self.assertEqual(plain["attributes"], {})
        shown = self.picture(grey, "--window", "90:40.5:linear-exact", "--invert", "yes")
        self.assertEqual(shown["display"]["chosen"], "90:40.5:linear-exact")
        self.assertEqual((shown["display"]["center"], shown["display"]["width"], shown["display"]["function"]), (90, 40.5, "linear-exact"))
        self.assertTrue(shown["display"]["inverted"] and shown["model_input"]["inverted"])
        self.assertEqual(shown["stored_sha256"], plain["stored_sha256"])

    def test_greys_of_16_bits(self):
        """Shown by the percentiles that numpy finds, encoded by smallest and largest value."""
        deep = (16 * formula(40, 30).astype(np.uint16) + 700).astype(np.uint16)
        picture = self.picture(deep)
        self.assertEqual(picture["stored_sha256"], hashlib.sha256(deep.astype("<i4").tobytes()).hexdigest())
        low, high = np.percentile(deep, [1, 99])
        display = picture["display"]
        self.assertEqual(display["chosen"], "percentile")
        self.assertAlmostEqual(display["center"] - display["width"] / 2, low, places=6)
        self.assertAlmostEqual(display["center"] + display["width"] / 2, high, places=6)
        for word in ("%.6g" % low, "%.6g" % high):
            self.assertIn(word, display["text"])
        for word in ("min-max", str(deep.min()), str(deep.max())):
            self.assertIn(word, picture["model_input"]["text"])
        self.assertIn("B-spline", self.picture(deep, "--model-input", "bspline")["model_input"]["text"])
        self.assertIn("%.6g" % low, self.picture(deep, "--model-input", "percentile")["model_input"]["text"])
        self.assertIn("center 700, width 100", self.picture(deep, "--model-input", "window", "--window", "700:100")["model_input"]["text"])

    def test_windows_that_cannot_be(self):
        grey, colour = self.film(), write_png(self.path("colour.png"), np.stack([formula(40, 30)] * 3, -1))
        self.bad(1, "info", "--model", TINY, "--window", "0", grey, says=["film.png", "no window"])
        notes = self.good("info", "--json", "--model", TINY, "--window", "full", "--model-input", "bspline", colour).json()["pictures"][0]["notes"]
        self.assertTrue(any("colour" in note for note in notes), notes)
        self.assertTrue(any("grey pictures" in note for note in notes), notes)

    def test_bspline_rounds_sizes(self):
        """Python's round() where the processor cuts: 91 x 70 to 72.8 px."""
        film = self.film(width=91, height=70)
        see = lambda *options: self.good("info", "--json", "--model", TINY, film, *options).json()["pictures"][0]["seen"]["resized"]
        self.assertEqual(see(), [72, 56])
        self.assertEqual(see("--model-input", "bspline"), [73, 56])

    def test_what_the_model_sees(self):
        """Box and patch size by the formulas of the architecture notes; the axes scale differently."""
        film = self.film(width=91, height=70)
        seen = self.good("info", "--json", "--model", TINY, film).json()["pictures"][0]["seen"]
        resized = (int(56 * 91 / 70), 56)
        left = (resized[0] - 56) // 2
        self.assertEqual(seen["resized"], list(resized))
        self.assertEqual(seen["crop"], [left, 0, 56, 56])
        box = [left * 91 / resized[0], 0, (left + 56) * 91 / resized[0], 70]
        np.testing.assert_allclose(seen["box"], box, atol=1e-9)
        self.assertAlmostEqual(seen["share"], (box[2] - box[0]) / 91, places=9)
        self.assertEqual(seen["grid"], [4, 4])
        np.testing.assert_allclose(seen["patch_pixels"], [14 * 91 / resized[0], 14 * 70 / 56], atol=1e-9)

    def test_fit_and_input_size(self):
        film = self.film(width=91, height=70)
        see = lambda *options: self.good("info", "--json", "--model", TINY, film, *options).json()["pictures"][0]["seen"]
        self.assertEqual(see("--fit", "whole")["grid"], [4, 5])
        self.assertAlmostEqual(see("--fit", "pad")["share"], 1.0)
        self.assertEqual(see("--input-size", "84")["grid"], [6, 6])
        self.bad(2, "info", "--model", TINY, film, "--input-size", "57", says=["57", "14"])

    def test_exif_orientation(self):
        """A JPEG turned by its EXIF tag changes size; --no-exif leaves it."""
        jpeg = (GOLDEN / "modes/grey.jpg").read_bytes()
        tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
        body = b"Exif\0\0" + tiff
        turned = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]
        path = self.path("turned.jpg")
        open(path, "wb").write(turned)
        picture = self.good("info", "--json", path).json()["pictures"][0]
        self.assertEqual((picture["size"], picture["orientation"]), ([121, 150], 6))
        self.assertNotEqual(picture["notes"], [])
        self.assertEqual(self.good("info", "--json", "--no-exif", path).json()["pictures"][0]["size"], [150, 121])

    def test_bad_picture_is_named_and_the_rest_done(self):
        film = self.film()
        missing = self.path("missing.png")
        result = self.bad(1, "info", "--json", film, missing, film, says="missing.png")
        report = result.json()
        self.assertEqual(len(report["pictures"]), 2)
        self.assertEqual(report["failed"], [missing])
        text = self.bad(1, "info", missing, film, says="missing.png").text
        self.assertIn("91 x 70", text)

    def test_text_of_a_real_film(self):
        text = self.good("info", EXAMPLES / "chest-01.png").text
        for words in ("640 x 691", "518 x 559", "92.7 %", "37 rows, 37 columns", "8-bit grey"):
            self.assertIn(words, text)


if __name__ == "__main__":
    main()
