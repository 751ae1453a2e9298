#!/usr/bin/env python3
"""Models, heads, sidecars and tables are data: nothing in them is run, loaded,
expanded or taken for markup, and what they say comes out as it went in."""
import csv
import json
import os
import pickle
import re
import shutil
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np

from embeddings import write_embeddings
from support import TINY, TestCase, main

PLUGINS = os.environ["DINOSCOPE_TEST_PLUGINS"].split(":")[0]
PROBE = {"DINOSCOPE_PLUGINS": "", "DINOSCOPE_PLUGIN_PATH": PLUGINS}
SVG = "{http://www.w3.org/2000/svg}"
CANARY = "canary-was-run"

# What a shell, printf(), Pango, a browser, a path and a spreadsheet would make of it.
HOSTILE = "<b onload='x'>&amp;%n%s%p $(touch {0}) `touch {0}`;touch {0}|../../{0}\\\"".format(CANARY)


class Pickled:
    """Unpickling it runs a command."""

    def __reduce__(self):
        return os.system, ("touch " + CANARY,)


def write_safetensors(path, arrays, metadata):
    header, body = {"__metadata__": metadata}, b""
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)
    return path


class DataOnly(TestCase):
    def tearDown(self):
        """Commands run in the test's folder, so that is where a canary would lie."""
        for folder in (self.folder, os.getcwd(), "/tmp"):
            self.assertFalse(os.path.exists(os.path.join(folder, CANARY)))
        super().tearDown()

    def here(self, *arguments, **options):
        return self.good(*arguments, cwd=self.folder, **options)

    def model(self, name="model", **config):
        """The tiny checkpoint, with more in its configuration."""
        folder = self.path(name)
        shutil.copytree(TINY, folder)
        path = os.path.join(folder, "config.json")
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**known, **config}, file)
        return folder

    def head(self, features):
        with open(os.path.join(TINY, "config.json"), encoding="utf-8") as file:
            channels = json.load(file)["hidden_size"]
        weight = np.random.default_rng(1).normal(size=(2, channels))
        metadata = {"features": features, "task": "classify", "classes": json.dumps([HOSTILE, "plain"]), "note": HOSTILE}
        return write_safetensors(self.path(features + ".safetensors"), {"weight": weight, "bias": np.zeros(2)}, metadata)

    # Programs in the place of data.

    def test_pickles(self):
        """By content, whatever the file is called; a model of such files as well as a head."""
        content = pickle.dumps(Pickled(), protocol=2)
        for protocol in (2, 3, 4, 5):
            content = pickle.dumps(Pickled(), protocol=protocol)
            for name in ("model.safetensors", "weights.pt", "head.safetensors"):
                with self.subTest(name=name, protocol=protocol):
                    with open(self.path(name), "wb") as file:
                        file.write(content)
                    for command in (("info", self.film(), "--model", self.path(name)), ("probe", "apply", self.film(), "--model", TINY, "--head", self.path(name))):
                        result = self.bad(3, *command, cwd=self.folder, says=[name, "Python pickle"])
                        self.assertEqual(result.err.count("\n"), 1)
        folder = self.model()
        os.remove(os.path.join(folder, "model.safetensors"))
        with open(os.path.join(folder, "pytorch_model.bin"), "wb") as file:
            file.write(content)
        self.bad(3, "info", self.film(), "--model", folder, cwd=self.folder, says="model.safetensors")

    def test_code_beside_a_model(self):
        """What other programs run when a configuration asks for it: a module, a library, a command."""
        folder = self.model(
            auto_map={"AutoModel": "evil.Evil"}, trust_remote_code=True, custom_pipelines={"x": {"impl": "evil.Evil"}},
            plugins=["./evil.so"], overlay="./evil.so", plugin_path=".", _name_or_path="$(touch %s)" % CANARY, command="touch " + CANARY,
        )
        with open(os.path.join(folder, "evil.py"), "w", encoding="utf-8") as file:
            file.write("import os\nos.system('touch %s')\n" % CANARY)
        shutil.copy(os.path.join(PLUGINS, "example.so"), os.path.join(folder, "evil.so"))
        os.mkdir(os.path.join(folder, "plugins"))
        shutil.copy(os.path.join(PLUGINS, "example.so"), os.path.join(folder, "plugins", "evil.so"))
        for command in (("info", self.film()), ("map", "--list"), ("map", self.film(), "--overlay", "pca", "-o", self.path("map.png"))):
            # The dynamic linker names every file that it loads.
            result = self.here(*command, "--model", folder, env={"LD_DEBUG": "files", "DINOSCOPE_PLUGINS": ""})
            loaded = set(re.findall(r"calling init: (\S+)", result.err))
            self.assertTrue(any(os.path.basename(path).startswith("libdinoscope") for path in loaded))
            self.assertEqual([path for path in loaded if self.folder in path or "evil" in path or "python" in path], [])

    # Words in the place of words.

    def test_names(self):
        """Of a model and of a picture, in text, JSON and a sidecar."""
        name = HOSTILE.replace("/", "_")
        folder = self.model(name, model_type="dinov2", _name_or_path=HOSTILE)
        film = self.film(name + ".png")
        self.assertIn(name, self.here("info", film, "--model", folder).text)
        self.assertIn(name, json.dumps(self.here("info", film, "--model", folder, "--json").json(), ensure_ascii=False).replace("\\\\", "\\").replace('\\"', '"'))
        self.here("map", film, "--model", folder, "--overlay", "pca", "-o", self.path("map.svg"))
        self.parse_svg("map.svg")
        self.bad(1, "info", self.path(name + ".jpg"), "--model", folder, cwd=self.folder, says=name)

    def parse_svg(self, name):
        """The texts of an SVG that has nothing but what we draw."""
        with open(self.path(name), encoding="utf-8") as file:
            root = ElementTree.fromstring(file.read())
        for element in root.iter():
            self.assertTrue(element.tag.startswith(SVG), element.tag)
            self.assertNotIn(element.tag[len(SVG):], ("b", "script", "foreignObject", "a", "iframe"))
            self.assertEqual([key for key in element.keys() if key.startswith("on")], [])
        return ["".join(element.itertext()) for element in root.iter(SVG + "text")]

    def test_labels(self):
        """Of a head, in a list, in JSON, and on a map."""
        head = self.head("cls")
        told = self.here("probe", "apply", self.film(), "--model", TINY, "--head", head)
        self.assertIn(HOSTILE, told.text)
        report = self.here("probe", "apply", self.film(), "--model", TINY, "--head", head, "--json").json()
        self.assertEqual(list(report["pictures"][0]["scores"]), [HOSTILE, "plain"])
        head = self.head("patches")
        self.here("map", self.film(), "--model", TINY, "--overlay", "linear-probe", "--set", "weights=" + head, "--bar", "-o", self.path("map.svg"), env=PROBE)
        texts = self.parse_svg("map.svg")
        self.assertTrue(any("onload" in text for text in texts), texts)

    def test_tables(self):
        """Labels of a table, on a chart, in a head and in a list of scores."""
        labels = [HOSTILE, "=cmd|'/C calc'!A1", "plain"]
        rng = np.random.default_rng(3)
        n, d = 60, 12
        view = rng.integers(0, 3, n)
        features = (rng.normal(size=(n, d)) + np.eye(3, d)[view] * 3).astype(np.float32)
        embeddings = write_embeddings(self.path("embeddings"), features, features, names=["film-%d.png" % i for i in range(n)])
        with open(self.path("labels.csv"), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "view"])
            writer.writerows(["film-%d.png" % i, labels[view[i]]] for i in range(n))
        result = self.here("probe", "train", embeddings, "--table", self.path("labels.csv"), "--label", "view", "--bootstrap", "0",
                           "--chart", self.path("chart.svg"), "-o", self.path("head.safetensors"))
        self.assertIn(HOSTILE, result.text)
        texts = self.parse_svg("chart.svg")
        self.assertTrue(any("onload" in text for text in texts), texts)
        with open(self.path("head.safetensors"), "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            self.assertEqual(sorted(json.loads(json.loads(file.read(length))["__metadata__"]["classes"])), sorted(labels))

    def test_sidecar(self):
        """One that names another file, a plug-in and a command."""
        self.here("map", self.film(), "--model", TINY, "--overlay", "pca", "-o", self.path("map.png"))
        with open(self.path("map.json"), encoding="utf-8") as file:
            known = json.load(file)
        evil = {**known, "plugin": "./evil.so", "run": "touch " + CANARY, "note": HOSTILE}
        with open(self.path("evil.json"), "w", encoding="utf-8") as file:
            json.dump(evil, file)
        result = self.here("map", self.film(), "--model", TINY, "--from", self.path("evil.json"), "-o", self.path("again.png"), env={"LD_DEBUG": "files"})
        self.assertEqual([path for path in re.findall(r"calling init: (\S+)", result.err) if self.folder in path or "evil" in path], [])
        text = json.dumps(known).replace('"pca"', json.dumps(HOSTILE))
        with open(self.path("worse.json"), "w", encoding="utf-8") as file:
            file.write(text)
        result = self.bad(2, "map", self.film(), "--model", TINY, "--from", self.path("worse.json"), "-o", self.path("worse.png"), cwd=self.folder)
        self.assertIn("%n%s%p", result.err)


if __name__ == "__main__":
    main()
