#!/usr/bin/env python3
"""tools/convert_checkpoint.py: test-convert.py CLI

PyTorch is not needed: a stand-in takes its place that reads what it wrote
itself, with the same arguments. What is converted must give the features of
the checkpoint that it was made of, bit for bit."""
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from support import TestCase, checkpoint, main, read_safetensors

TOOLS = Path(__file__).resolve().parents[2] / "tools"
GRID = (56, 84)

# A module called torch: tensors are arrays, a file is their pickle.
STAND_IN = '''
import pickle
import numpy as np
bfloat16, int16 = "bfloat16", "int16"

class Tensor:
    def __init__(self, values, dtype=None):
        self.values, self.dtype = values, dtype or values.dtype.name
    def detach(self): return self
    cpu = contiguous = detach
    def view(self, dtype): return Tensor(self.values.view(np.int16))
    def numpy(self):
        assert self.dtype != bfloat16, "numpy has no bfloat16"
        return self.values

def load(path, map_location=None, weights_only=False):
    assert weights_only is True, "the file could run code"
    assert map_location == "cpu"
    with open(path, "rb") as file:
        content = pickle.load(file)
    if content == "unsafe":
        raise pickle.UnpicklingError("Weights only load failed. Do this and that. WeightsUnpickler error: Unsupported class posix.system\\nMore advice")
    return content
'''


def load_tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / (name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


convert, maker = load_tool("convert_checkpoint"), load_tool("make_checkpoint")


def original(preset):
    config = maker.config(preset)
    return maker.to_original(maker.tensors(config, 1), config)


def chunked(tensors):
    """In chunks of two blocks, as the training code saves large models."""
    rename = lambda name: "blocks.%d.%s" % (int(name.split(".")[1]) // 2, name[7:]) if name.startswith("blocks.") else name
    return {rename(name): values for name, values in tensors.items()}


def timm(tensors):
    """timm's names: registers, both halves of SwiGLU, and no position for CLS beside registers."""
    result = {name.replace("mlp.w12", "mlp.fc1").replace("mlp.w3", "mlp.fc2"): values for name, values in tensors.items()}
    del result["mask_token"]
    if "register_tokens" in result:
        result["reg_token"] = result.pop("register_tokens")
        result["cls_token"] = result["cls_token"] + result["pos_embed"][:, :1]
        result["pos_embed"] = result["pos_embed"][:, 1:]
    return result


class Convert(TestCase):
    def setUp(self):
        super().setUp()
        os.makedirs(self.path("fake"))
        Path(self.path("fake/torch.py")).write_text(STAND_IN)
        x = (np.arange(3 * GRID[0] * GRID[1]) * 7919 % 1009 / 400 - 1.2).astype(np.float32)
        np.save(self.path("raw.npy"), x.reshape(3, *GRID))

    def tool(self, *arguments):
        command = [sys.executable, "-B", str(TOOLS / "convert_checkpoint.py"), *map(str, arguments)]
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": self.path("fake")}, capture_output=True, text=True)

    def converted(self, source, out, *options):
        result = self.tool(source, self.path(out), "--heads", 2, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def refused(self, *arguments, says):
        result = self.tool(*arguments)
        self.assertEqual(result.returncode, 1)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, result.stderr)
        self.assertNotIn("Traceback", result.stderr)

    def pickle(self, name, content):
        """A file of the stand-in, written by a process that has it."""
        np.savez(self.path("values.npz"), **{str(i): values for i, values in enumerate(self.leaves(content))})
        code = (
            "import pickle, sys, json, numpy as np, torch\n"
            "values = np.load(sys.argv[1]); count = iter(range(100000))\n"
            "def build(x):\n"
            "    if isinstance(x, dict): return {k: build(v) for k, v in x.items()}\n"
            "    if x in ('tensor', 'bfloat16'):\n"
            "        a = values[str(next(count))]\n"
            "        return torch.Tensor((a.view(np.uint32) >> 16).astype(np.uint16).view(np.int16), 'bfloat16') if x == 'bfloat16' else torch.Tensor(a)\n"
            "    return x\n"
            "pickle.dump(build(json.load(open(sys.argv[2]))), open(sys.argv[3], 'wb'))\n"
        )
        Path(self.path("plan.json")).write_text(json.dumps(self.plan(content)))
        env = {**os.environ, "PYTHONPATH": self.path("fake")}
        files = [self.path("values.npz"), self.path("plan.json"), self.path(name)]
        subprocess.run([sys.executable, "-B", "-c", code, *files], env=env, check=True)
        return self.path(name)

    def leaves(self, content):
        if isinstance(content, dict):
            return [leaf for value in content.values() for leaf in self.leaves(value)]
        return [content] if isinstance(content, np.ndarray) else []

    def plan(self, content, kind="tensor"):
        if isinstance(content, dict):
            return {key: self.plan(value, kind) for key, value in content.items()}
        return getattr(self, "kind", kind) if isinstance(content, np.ndarray) else content

    def features(self, model):
        processor = os.path.join(checkpoint("tiny-1"), "preprocessor_config.json")
        self.good("features", "--raw-pixels", self.path("raw.npy"), "--model", model, "--processor", processor, "-o", self.path("t.npy"))
        return hashlib.sha256(open(self.path("t.npy"), "rb").read()).hexdigest()

    def test_teacher(self):
        """A teacher's file with its heads: the same features, and what was left out is named."""
        for preset in ("tiny", "tiny-swiglu", "tiny-registers"):
            encoder = {"backbone." + name: values for name, values in chunked(original(preset)).items()}
            heads = {"dino_head.mlp.0.weight": np.zeros(3, "f4"), "dino_head.last_layer.weight_g": np.zeros(3, "f4"), "ibot_head.x": np.zeros(1, "f4")}
            path = self.pickle("teacher.pth", {"teacher": {**encoder, **heads}, "iteration": 7})
            text = self.converted(path, preset, "--like", "rad-dino")
            self.assertEqual(self.features(self.path(preset)), self.features(checkpoint(preset + "-1")))
            for line in ("Dropped: teacher.dino_head.* (2)", "Dropped: teacher.ibot_head.x", "Dropped: iteration"):
                self.assertIn(line, text)

    def test_every_naming(self):
        """Wrappers, timm's names, and Hugging Face's from a .bin file."""
        for preset in ("tiny", "tiny-swiglu", "tiny-registers"):
            tensors = original(preset)
            contents = {
                "plain": tensors,
                "model": {"model": {"module." + name: values for name, values in tensors.items()}},
                "fsdp": {"model": {"_fsdp_wrapped_module." + name.replace("attn", "_orig_mod.attn"): v for name, v in tensors.items()}},
                "timm": timm(tensors),
                "hf": {"dinov2." + name: v for name, v in maker.tensors(maker.config(preset), 1).items()} | {"classifier.bias": np.zeros(2, "f4")},
            }
            for name, content in contents.items():
                with self.subTest(preset=preset, naming=name):
                    out = preset + "-" + name
                    self.converted(self.pickle("file.bin", content), out, "--like", "dinov2")
                    self.assertEqual(self.features(self.path(out)), self.features(checkpoint(preset + "-1")))

    def test_bfloat16(self):
        """Kept as it is, bit for bit."""
        tensors = maker.tensors(maker.config("tiny"), 1)
        self.kind = "bfloat16"
        path = self.pickle("file.bin", {name: values.astype("<f4") for name, values in tensors.items()})
        self.converted(path, "out")
        data = Path(self.path("out/model.safetensors")).read_bytes()
        length = int.from_bytes(data[:8], "little")
        info = json.loads(data[8 : 8 + length])["embeddings.cls_token"]
        begin, end = info["data_offsets"]
        self.assertEqual(info["dtype"], "BF16")
        wanted = (tensors["embeddings.cls_token"].view(np.uint32) >> 16).astype("<u2").tobytes()
        self.assertEqual(data[8 + length + begin : 8 + length + end], wanted)
        self.assertEqual(json.load(open(self.path("out/config.json")))["torch_dtype"], "bfloat16")

    def test_float64(self):
        path = self.pickle("file.bin", {name: values.astype("f8") for name, values in original("tiny").items()})
        self.assertIn("float64 were written as float32", self.converted(path, "out"))
        self.assertEqual(self.features(self.path("out")), self.features(checkpoint("tiny-1")))

    def test_safetensors_without_torch(self):
        """Neither PyTorch nor a stand-in is asked for; shards are put together."""
        Path(self.path("fake/torch.py")).write_text("raise AssertionError('not needed')")
        maker.save(self.path("original.safetensors"), original("tiny"))
        self.converted(self.path("original.safetensors"), "out", "--like", "rad-dino")
        self.assertEqual(self.features(self.path("out")), self.features(checkpoint("tiny-1")))
        arrays, metadata = read_safetensors(self.path("out/model.safetensors"))
        golden, _ = read_safetensors(os.path.join(checkpoint("tiny-1"), "model.safetensors"))
        self.assertEqual(set(arrays), set(golden))
        self.assertTrue(all(np.array_equal(arrays[name], golden[name]) for name in golden))
        os.makedirs(self.path("shards"))
        names = sorted(original("tiny"))
        for i in range(2):
            maker.save(self.path("shards/%d.safetensors" % i), {name: original("tiny")[name] for name in names[i::2]})
        index = {"weight_map": {name: "%d.safetensors" % (i % 2) for i, name in enumerate(names)}}
        Path(self.path("shards/model.safetensors.index.json")).write_text(json.dumps(index))
        self.converted(self.path("shards"), "whole")
        self.assertEqual(Path(self.path("whole/model.safetensors")).read_bytes(), Path(self.path("out/model.safetensors")).read_bytes())
        index["weight_map"][names[0]] = "../x.safetensors"
        Path(self.path("shards/model.safetensors.index.json")).write_text(json.dumps(index))
        self.refused(self.path("shards"), self.path("no"), says="outside")

    def test_classifier(self):
        """Dinov2ForImageClassification: the encoder, and its classifier as a head that probe reads."""
        weight, bias = np.random.default_rng(2).normal(size=(3, 64)).astype("f4"), np.arange(3, dtype="f4")
        tensors = {"dinov2." + name: values for name, values in read_safetensors(os.path.join(checkpoint("tiny-1"), "model.safetensors"))[0].items()}
        path = self.pickle("pytorch_model.bin", {**tensors, "classifier.weight": weight, "classifier.bias": bias})
        self.assertIn("A head of 3 classes on 64 numbers", self.converted(path, "out", "--like", "rad-dino"))
        self.assertEqual(self.features(self.path("out")), self.features(checkpoint("tiny-1")))
        arrays, _ = read_safetensors(self.path("out/head.safetensors"))
        self.assertTrue((arrays["weight"] == weight).all() and (arrays["bias"] == bias).all())
        film = self.film()
        rows = self.good("probe", "apply", film, "--model", self.path("out"), "--head", self.path("out/head.safetensors")).text.split("\n")
        self.assertEqual(rows[0], "name\tclass 0\tclass 1\tclass 2")
        self.assertAlmostEqual(sum(map(float, rows[1].split("\t")[1:])), 1, 12)

    def test_processors(self):
        """As published, or a given one; none is made up."""
        maker.save(self.path("a.safetensors"), original("tiny"))
        self.assertIn("How pictures are prepared is not known", self.converted(self.path("a.safetensors"), "none"))
        self.assertFalse(os.path.exists(self.path("none/preprocessor_config.json")))
        for like, size in (("rad-dino", 518), ("dinov2", 224)):
            self.converted(self.path("a.safetensors"), like, "--like", like)
            report = self.good("info", "--json", "--model", self.path(like)).json()["model"]
            self.assertEqual(report["input"], [size, size])
        self.assertEqual(report["processor"]["shortest_edge"], 256)
        given = os.path.join(checkpoint("tiny-1"), "preprocessor_config.json")
        self.converted(self.path("a.safetensors"), "given", "--processor", given)
        self.assertEqual(json.load(open(self.path("given/preprocessor_config.json"))), json.load(open(given)))

    def test_nothing_is_overwritten(self):
        maker.save(self.path("a.safetensors"), original("tiny"))
        self.converted(self.path("a.safetensors"), "out")
        before = Path(self.path("out/config.json")).stat().st_mtime_ns
        self.refused(self.path("a.safetensors"), self.path("out"), "--heads", "2", says=["--force", "config.json"])
        self.assertEqual(Path(self.path("out/config.json")).stat().st_mtime_ns, before)
        self.converted(self.path("a.safetensors"), "out", "--force")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["config.json", "model.safetensors"])

    def test_unsafe_file(self):
        """Refused in words that do not advise to run it."""
        self.refused(self.pickle("evil.pth", "unsafe"), self.path("out"), says="Unsupported class posix.system")
        result = self.tool(self.pickle("evil.pth", "unsafe"), self.path("out"))
        self.assertNotIn("Do this", result.stderr)
        self.assertNotIn("More advice", result.stderr)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_refused(self):
        tensors = original("tiny-swiglu")
        both = {"student.backbone": tensors, "teacher.backbone": tensors}
        path = self.pickle("both.pth", both)
        self.refused(path, self.path("out"), "--heads", "2", says=["several encoders", "“student.backbone.”", "“teacher.backbone.”"])
        self.converted(path, "teacher", "--prefix", "teacher.backbone.")
        self.assertEqual(self.features(self.path("teacher")), self.features(checkpoint("tiny-swiglu-1")))

        restarting = {"blocks.%d.0.%s" % (int(n[7]), n[9:]) if n.startswith("blocks.") else n: v for n, v in tensors.items()}
        cases = [
            ({"a": 1}, "no DINOv2 encoder"),
            ({"model._flat_param": np.zeros(9, "f4")}, "flat parameters"),
            ({**tensors, "blocks.0.attn.q_norm.weight": np.zeros(3, "f4")}, "blocks.0.attn.q_norm.weight"),
            ({name: v for name, v in tensors.items() if name != "blocks.1.ls2.gamma"}, "missing: encoder.layer.1.layer_scale2.lambda1"),
            ({**tensors, "norm.bias": np.zeros(31, "f4")}, "wrong shape: layernorm.bias ([31] instead of [32])"),
            ({**tensors, "pos_embed": np.zeros((1, 16, 32), "f4")}, "no square"),
            ({**tensors, "norm.bias": np.zeros(32, "i4")}, "wrong type: layernorm.bias"),
            (restarting, "must count on"),
        ]
        for content, says in cases:
            with self.subTest(says=says):
                self.refused(self.pickle("file.pth", content), self.path("out"), "--heads", "2", says=says)
        self.refused(self.pickle("file.pth", tensors), self.path("out"), says="--heads")
        self.refused(self.path("nowhere.safetensors"), self.path("out"), says="nowhere")
        Path(self.path("cut.safetensors")).write_bytes(b"\xff" * 20)
        self.refused(self.path("cut.safetensors"), self.path("out"), says="truncated")
        self.assertFalse(os.path.exists(self.path("out")))


if __name__ == "__main__":
    main()
