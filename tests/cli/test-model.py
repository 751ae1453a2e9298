#!/usr/bin/env python3
"""model list and model verify: test-model.py CLI"""
import hashlib
import json
import os
import shutil

from support import EXAMPLES, TINY, TestCase, checkpoint, main, run

DEMO = EXAMPLES.parent / "models" / "demo"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98"
FILES = ["config.json", "preprocessor_config.json", "model.safetensors", "backbone_compatible.safetensors"]

# As published with RAD-DINO, to the byte: two spaces, a line break at the end.
STAGES = ["stem"] + ["stage%d" % i for i in range(1, 13)]
CONFIG = {
    "apply_layernorm": True, "architectures": ["Dinov2Model"], "attention_probs_dropout_prob": 0.0,
    "drop_path_rate": 0.0, "hidden_act": "gelu", "hidden_dropout_prob": 0.0, "hidden_size": 768, "image_size": 518,
    "initializer_range": 0.02, "layer_norm_eps": 1e-06, "layerscale_value": 1.0, "mlp_ratio": 4,
    "model_type": "dinov2", "num_attention_heads": 12, "num_channels": 3, "num_hidden_layers": 12,
    "out_features": ["stage12"], "out_indices": [12], "patch_size": 14, "qkv_bias": True,
    "reshape_hidden_states": True, "stage_names": STAGES, "torch_dtype": "float32",
    "transformers_version": "4.41.0", "use_swiglu_ffn": False,
}  # fmt: skip
KEYS = "images do_resize size resample do_center_crop crop_size do_rescale rescale_factor do_normalize image_mean image_std do_convert_rgb return_tensors data_format input_data_format"
PROCESSOR = {
    "_valid_processor_keys": KEYS.split(), "crop_size": {"height": 518, "width": 518}, "do_center_crop": True,
    "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [0.5307] * 3,
    "image_processor_type": "BitImageProcessor", "image_std": [0.2583] * 3, "resample": 3,
    "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 518},
}  # fmt: skip


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


class Homes(TestCase):
    """A home of its own, with models where they are looked for."""

    def setUp(self):
        super().setUp()
        self.env = {"XDG_DATA_HOME": self.path("data"), "HF_HUB_CACHE": self.path("hub"), "DINOSCOPE_MODEL": ""}
        self.data = self.path("data/dinoscope/models")

    def install(self, name, source):
        shutil.copytree(source, os.path.join(self.data, name))
        return os.path.join(self.data, name)

    def snapshot(self, repository, commit, source, main=False):
        """A download as the Hugging Face client lays it out: its files are links."""
        folder = os.path.join(self.path("hub"), repository)
        target = os.path.join(folder, "snapshots", commit)
        os.makedirs(target)
        os.makedirs(os.path.join(folder, "blobs"), exist_ok=True)
        for name in os.listdir(source):
            blob = os.path.join(folder, "blobs", commit[:4] + name)
            shutil.copy(os.path.join(source, name), blob)
            os.symlink(os.path.relpath(blob, target), os.path.join(target, name))
        if main:
            write(os.path.join(folder, "refs"), "main", commit)
        return target

    def list(self, *arguments, **env):
        result = self.good("model", "list", "--json", *arguments, env={**self.env, **env}).json()
        self.assertEqual((result["command"], result["subcommand"]), ("model", "list"))
        self.assertEqual(sum(model["in_use"] for model in result["models"]), 1)
        return {model["name"]: model for model in result["models"]}


class List(Homes):
    def test_bundled_only(self):
        models = self.list()
        self.assertEqual(list(models), ["demo"])
        demo = models["demo"]
        self.assertEqual((demo["in_use"], demo["usable"], demo["problem"], demo["found"]), (True, True, None, "demonstration"))
        self.assertEqual(demo["title"], "Demonstration encoder - not RAD-DINO")
        self.assertEqual(demo["bytes"], os.path.getsize(DEMO / "model.safetensors"))
        config = json.load(open(DEMO / "config.json"))
        self.assertEqual(demo["dimensions"]["blocks"], config["num_hidden_layers"])
        self.assertEqual(demo["dimensions"]["heads"], config["num_attention_heads"])
        self.assertEqual(demo["dimensions"]["channels"], config["hidden_size"])
        self.assertEqual(demo["input"], [518, 518])

    def test_every_place(self):
        self.install("deep", checkpoint("tiny-deep-1"))
        main = self.snapshot("models--microsoft--rad-dino", COMMIT, TINY, main=True)
        self.snapshot("models--microsoft--rad-dino", OTHER_COMMIT, TINY)
        self.snapshot("models--facebook--dinov2-with-registers-small", COMMIT, checkpoint("tiny-registers-1"), main=True)
        self.snapshot("models--a--other-kind", COMMIT, TINY, main=True)
        os.unlink(self.path("hub/models--a--other-kind/snapshots/%s/config.json" % COMMIT))
        write(self.path("hub/models--a--other-kind/snapshots/%s" % COMMIT), "config.json", '{"model_type": "bert"}')
        shutil.copytree(checkpoint("tiny-224crop-1"), self.path("elsewhere"))

        models = self.list(DINOSCOPE_MODEL=self.path("elsewhere"))
        names = ["deep", "facebook/dinov2-with-registers-small", "microsoft/rad-dino", "microsoft/rad-dino@fedcba987654", "demo", self.path("elsewhere")]
        self.assertEqual(list(models), names)
        self.assertTrue(all(model["usable"] for model in models.values()))
        self.assertTrue(models[self.path("elsewhere")]["in_use"])
        self.assertEqual(models[self.path("elsewhere")]["found"], "environment")
        self.assertEqual(models[self.path("elsewhere")]["input"], [224, 224])
        self.assertEqual(models["facebook/dinov2-with-registers-small"]["dimensions"]["registers"], 4)
        self.assertEqual(models["microsoft/rad-dino"]["path"], main)
        self.assertTrue(self.list()["microsoft/rad-dino"]["in_use"])

        text = self.good("model", "list", env=self.env).text
        self.assertIn("* microsoft/rad-dino\n", text)
        self.assertIn("  deep\n    5 blocks, 3 heads, 48 channels, patch 14 px", text)
        self.assertIn("found in the user's data directory: " + os.path.join(self.data, "deep"), text)

    def test_names_are_what_model_takes(self):
        """Every name of the list opens the model at the path of the list."""
        self.install("mine", TINY)
        self.install("demo", checkpoint("tiny-deep-1"))
        shutil.copy(DEMO / "model.safetensors", os.path.join(self.data, "alone.safetensors"))
        shutil.copy(DEMO / "preprocessor_config.json", self.data)
        self.snapshot("models--a--b", COMMIT, TINY, main=True)
        self.snapshot("models--a--b", OTHER_COMMIT, TINY)
        models = self.list()
        self.assertEqual(len(models), 6)
        self.assertIn("alone.safetensors", models)
        for name, model in models.items():
            info = self.good("info", "--json", "--model", name, env=self.env).json()["model"]
            self.assertEqual(info["path"], model["path"])
        # In a folder that has a file of that name the path says which is meant.
        os.makedirs(self.path("work/mine"))
        result = run("model", "list", "--json", env=self.env, cwd=self.path("work")).json()["models"]
        self.assertEqual([model["name"] for model in result if model["path"].endswith("/mine")], [os.path.join(self.data, "mine")])

    def test_copy_of_the_demonstration_encoder(self):
        """It stays what it is, whatever its folder is called."""
        self.install("rad-dino", DEMO)
        model = self.list()["rad-dino"]
        self.assertEqual((model["demonstration"], model["title"]), (True, "Demonstration encoder - not RAD-DINO"))

    def test_broken(self):
        """Listed with the reason, never used by itself unless it is asked for."""
        cut = self.install("cut", TINY)
        weights = open(os.path.join(cut, "model.safetensors"), "rb").read()
        open(os.path.join(cut, "model.safetensors"), "wb").write(weights[:-1000])
        os.unlink(os.path.join(self.install("no-weights", TINY), "model.safetensors"))
        os.unlink(os.path.join(self.install("no-processor", TINY), "preprocessor_config.json"))
        shutil.copy(os.path.join(checkpoint("tiny-deep-1"), "config.json"), self.install("other-config", TINY))
        os.makedirs(os.path.join(self.data, "empty"))
        write(self.data, "notes.txt", "no model")
        hidden = self.install(".unfinished", TINY)
        models = self.list()
        self.assertEqual(set(models), {"cut", "no-weights", "no-processor", "other-config", "empty", "demo"})
        reasons = {
            "cut": "truncated: 1000 bytes",
            "no-weights": "there is neither model.safetensors",
            "no-processor": "preprocessor_config.json",
            "other-config": "wrong shape: embeddings.cls_token",
            "empty": "there is neither",
        }
        for name, reason in reasons.items():
            self.assertFalse(models[name]["usable"])
            self.assertIn(reason, models[name]["problem"])
        self.assertEqual(models["no-weights"]["dimensions"]["channels"], 32)
        self.assertEqual(models["cut"]["dimensions"]["channels"], 32)
        self.assertIsNone(models["empty"]["dimensions"])
        self.assertTrue(models["demo"]["in_use"])
        self.assertIn("      wrong shape", self.good("model", "list", env=self.env).text)
        asked = self.list("--model", "cut")
        self.assertTrue(asked["cut"]["in_use"])
        nowhere = self.list("--model", "/no/where")
        self.assertTrue(nowhere["/no/where"]["in_use"])
        self.assertFalse(nowhere["/no/where"]["usable"])
        self.assertTrue(os.path.isdir(hidden))

    def test_hostile_names(self):
        name = "evil\x1b[31m\nname"
        self.install(name, TINY)
        text = self.good("model", "list", env=self.env).text
        self.assertNotIn("\x1b", text)
        self.assertIn(name, self.list())


class Verify(Homes):
    def states(self, result):
        return [file["state"] for file in result["files"]]

    def verify(self, *arguments):
        result = run("model", "verify", "--json", *arguments, env=self.env)
        self.assertEqual(result.code, 3, result.err)
        return result.json()

    def test_published_configurations(self):
        """The bytes that are published are the same; one byte more, or another one, is not."""
        folder = os.path.join(self.data, "rad-dino")
        write(folder, "config.json", json.dumps(CONFIG, indent=2) + "\n")
        write(folder, "preprocessor_config.json", json.dumps(PROCESSOR, indent=2) + "\n")
        result = self.verify()
        self.assertEqual([file["name"] for file in result["files"]], FILES)
        self.assertEqual(self.states(result), ["same", "same", "missing", "missing"])
        self.assertEqual((result["same"], result["usable"], result["path"]), (False, False, folder))
        self.assertEqual(self.states(self.verify("rad-dino")), ["same", "same", "missing", "missing"])
        self.assertEqual(self.states(self.verify(folder)), ["same", "same", "missing", "missing"])

        write(folder, "config.json", json.dumps(CONFIG, indent=2))
        write(folder, "preprocessor_config.json", json.dumps(PROCESSOR, indent=2).replace("0.2583", "0.2584") + "\n")
        os.makedirs(os.path.join(folder, "backbone_compatible.safetensors"))
        result = self.verify()
        self.assertEqual(self.states(result), ["different", "different", "missing", "unreadable"])
        self.assertIn("878 bytes instead of 879", result["files"][0]["text"])
        self.assertEqual(result["files"][1]["sha256"], hashlib.sha256(open(os.path.join(folder, "preprocessor_config.json"), "rb").read()).hexdigest())

    def test_weights_of_the_right_size(self):
        """Hashed to the end: a hole of the published size is not the model."""
        folder = os.path.join(self.data, "rad-dino")
        write(folder, "model.safetensors", "")
        os.truncate(os.path.join(folder, "model.safetensors"), 346345912)
        result = self.verify("rad-dino")
        self.assertEqual(self.states(result)[2], "different")
        self.assertEqual(len(result["files"][2]["sha256"]), 64)

    def test_demonstration_encoder(self):
        result = run("model", "verify", env=self.env)
        self.assertEqual(result.code, 3)
        self.assertTrue(result.text.startswith(str(DEMO) + "\n"))
        for name in FILES:
            self.assertIn(name, result.text)
        self.assertIn("This is not RAD-DINO as published.", result.text)
        self.assertIn("“Demonstration encoder - not RAD-DINO”: its files are whole and its tensors fit", result.text)

    def test_other_models(self):
        self.assertTrue(self.verify(TINY)["usable"])
        folder = self.install("mine", TINY)
        os.unlink(os.path.join(folder, "config.json"))
        result = self.verify("mine")
        self.assertFalse(result["usable"])
        self.assertIn("config.json", result["text"])
        self.assertEqual(self.verify(DEMO / "model.safetensors")["usable"], True)
        self.assertFalse(self.verify("nobody's")["usable"])

    def test_usage(self):
        self.bad(2, "model", says=["list", "verify"])
        self.bad(2, "model", "sell", says="sell")
        self.bad(2, "model", "verify", "a", "b", says="b")
        self.bad(2, "model", "list", "a", says="a")


if __name__ == "__main__":
    main()
