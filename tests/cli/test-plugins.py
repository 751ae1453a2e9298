"""dinoscope-cli with plug-ins: parameters from --set, values against plain loops, broken ones named."""
import json
import math
import os
import shutil
import signal
import struct
import subprocess
import time

import numpy as np

import support
from support import CLI, TINY, WATCHDOG, read_safetensors

# Folders of the modules, set by the build.
PLUGINS, BROKEN = os.environ["DINOSCOPE_TEST_PLUGINS"].split(":")
BOTH = {"DINOSCOPE_PLUGINS": "", "DINOSCOPE_PLUGIN_PATH": PLUGINS + ":" + BROKEN}
SOUND = {"DINOSCOPE_PLUGINS": "", "DINOSCOPE_PLUGIN_PATH": PLUGINS}
MODEL = ("--model", TINY)


def write_head(path, weight, bias, **metadata):
    """A safetensors file, written by other code than ours."""
    arrays = {"bias": np.asarray(bias, "<f4"), "weight": np.asarray(weight, "<f4")}
    header, body = {"__metadata__": metadata}, b""
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(body), len(body) + array.nbytes]}
        body += array.tobytes()
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)
    return path


class Plugins(support.TestCase):
    def values(self, overlay, *settings, env=BOTH):
        sets = [word for setting in settings for word in ("--set", setting)]
        self.good("map", self.film(), *MODEL, "--overlay", overlay, *sets, "--npy", self.path("out.npy"), env=env)
        return np.load(self.path("out.npy"))

    def tokens(self):
        """All hidden states of the film, and how many patches there are."""
        self.good("features", self.film(), *MODEL, "--hidden", "-o", self.path("all.safetensors"))
        arrays, metadata = read_safetensors(self.path("all.safetensors"))
        return arrays, metadata["model_sha256"]

    def block(self, number):
        self.good("features", self.film(), *MODEL, "--block", number, "-o", self.path("block.npy"))
        return np.load(self.path("block.npy")).astype(np.float64)

    # Listing and setting.

    def test_list(self):
        overlays = {o["id"]: o for o in self.good("map", "--list", "--json", *MODEL, env=SOUND).json()["overlays"]}
        parameters = {p["name"]: p for p in overlays["example"]["parameters"]}
        self.assertEqual(list(parameters), ["block", "reach", "squared"])
        self.assertEqual(parameters["reach"]["range"], [1, 8])
        self.assertEqual(overlays["linear-probe"]["parameters"][0]["type"], "file")
        self.assertEqual(list(overlays)[0], "pca")

    def test_every_type(self):
        row = self.values("every-type")[0]
        np.testing.assert_array_equal(row[:4], [0, 7, 2.5, 0])
        got = self.values("every-type", "flag=yes", "number=-5", "level=0.25", "choice=second", "place=3:2", "pins=1:1,2:3,0:0", "file=abcd")
        np.testing.assert_array_equal(got.ravel()[:7], [1, -5, 0.25, 1, 302, 3, 4])

    def test_wrong_values(self):
        for setting in ("number=501", "level=nan", "choice=third", "flag=2", "place=1", "nothing=1"):
            self.bad(2, "map", self.film(), *MODEL, "--overlay", "every-type", "--set", setting, "-o", self.path("x.png"), env=BOTH, says=setting.split("=")[0])

    def test_sidecar(self):
        film = self.film()
        self.good("map", film, *MODEL, "--overlay", "example", "--set", "reach=2", "-o", self.path("a.png"), env=SOUND)
        recipe = json.loads(open(self.path("a.json")).read())
        self.assertEqual(recipe["overlay"], "example")
        self.assertEqual(recipe["parameters"]["reach"], 2)
        self.good("map", film, *MODEL, "--from", self.path("a.json"), "-o", self.path("b.png"), env=SOUND)
        self.assertEqual(open(self.path("a.png"), "rb").read(), open(self.path("b.png"), "rb").read())

    def test_example(self):
        tokens = self.block(1)
        got = self.values("example", "block=1", "reach=1", "squared=true")
        rows, columns = got.shape
        patches = tokens[len(tokens) - rows * columns :].reshape(rows, columns, -1)
        for r in range(rows):
            for c in range(columns):
                around = [
                    sum((a - b) ** 2 for a, b in zip(patches[r, c], patches[y, x]))
                    for y in range(max(r - 1, 0), min(r + 2, rows))
                    for x in range(max(c - 1, 0), min(c + 2, columns))
                    if (y, x) != (r, c)
                ]
                want = sum(around) / len(around)
                self.assertAlmostEqual(got[r, c], want, delta=1e-5 * abs(want))

    # The linear probe.

    def probe(self, head, *settings):
        return self.values("linear-probe", "weights=" + head, *settings, env=SOUND)

    def refuse(self, head, *settings, says):
        sets = [word for setting in ("weights=" + head, *settings) for word in ("--set", setting)]
        result = self.bad(1, "map", self.film(), *MODEL, "--overlay", "linear-probe", *sets, "-o", self.path("x.png"), env=SOUND, says=says)
        self.assertNotIn("switched off", result.err)

    def test_probe_of_patches(self):
        tokens = self.block(1)
        random = np.random.default_rng(5)
        weight, bias = random.normal(size=(3, tokens.shape[1])).astype("f4"), np.float32([0.5, -1, 2])
        _, sha256 = self.tokens()
        head = write_head(self.path("h.safetensors"), weight, bias, features="patches", block="1", classes='["none", "left", "right"]', model_sha256=sha256)
        shape = self.probe(head).shape
        patches = tokens[len(tokens) - shape[0] * shape[1] :]
        logits = np.zeros((len(patches), 3))
        for p, patch in enumerate(patches):
            for k in range(3):
                total = float(bias[k])
                for a, b in zip(weight[k], patch):
                    total += float(a) * float(b)
                logits[p, k] = total
        for k in range(3):
            self.close(self.probe(head, "class=%d" % k), logits[:, k].reshape(shape), 1e-4, 1e-5)
        wanted = np.array([1 / (1 + math.exp(-v)) for v in logits[:, 1]]).reshape(shape)
        self.close(self.probe(head, "class=1", "score=sigmoid"), wanted, 1e-5)
        wanted = np.array([math.exp(row[2]) / sum(math.exp(v) for v in row) for row in logits]).reshape(shape)
        self.close(self.probe(head, "class=2", "score=softmax"), wanted, 1e-5)

    def test_probe_of_the_mean(self):
        """The mean of the cells is the score of the picture; of the encoder's output where no block is named."""
        arrays, _ = self.tokens()
        tokens = arrays["last_hidden_state"].astype(np.float64)
        channels = tokens.shape[1]
        random = np.random.default_rng(6)
        weight, bias = random.normal(size=(2, channels)).astype("f4"), np.float32([0.25, -3])
        got = self.probe(write_head(self.path("m.safetensors"), weight, bias, features="mean", classes="no\nyes"), "class=1")
        patches = tokens[len(tokens) - got.size :]
        self.assertAlmostEqual(float(got.mean(dtype=np.float64)), float(weight[1].astype(np.float64) @ patches.mean(0) + bias[1]), delta=1e-4)
        both = random.normal(size=(2, 2 * channels)).astype("f4")
        got = self.probe(write_head(self.path("c.safetensors"), both, bias, features="cls+mean"), "class=0")
        wanted = both[0].astype(np.float64) @ np.concatenate([tokens[0], patches.mean(0)]) + bias[0]
        self.assertAlmostEqual(float(got.mean(dtype=np.float64)), float(wanted), delta=1e-4)

    def test_probe_refuses(self):
        channels = self.block(0).shape[1]
        good, two = np.ones((2, channels)), np.zeros(2)

        def head(weight=good, bias=two, **metadata):
            return write_head(self.path("bad.safetensors"), weight, bias, **{"features": "patches", **metadata})

        self.refuse(head(), "class=2", says="no class 2")
        self.refuse(head(model_sha256="0" * 64), says="another encoder")
        self.refuse(head(weight=np.ones((2, channels + 1))), says=str(channels + 1))
        self.refuse(head(features="mean", block="99"), says="block 99")
        self.refuse(head(block="first"), says="first")
        self.refuse(head(bias=np.zeros(3)), says="bias 3")
        self.refuse(head(bias=np.array([0, np.nan])), says="finite")
        self.refuse(head(features="cls"), says="CLS token alone")
        self.refuse(head(features="soup"), says="soup")
        self.refuse(head(classes='["one"]'), says="1 classes are named")
        self.refuse(head(classes="[1, 2"), says="0 classes are named")
        self.refuse(self.film(), says="film.png")
        self.refuse(self.path("nowhere"), says="nowhere")
        self.bad(1, "map", self.film(), *MODEL, "--overlay", "linear-probe", "-o", self.path("x.png"), env=SOUND, says="needs a file of weights")

    # Broken ones.

    def test_broken(self):
        reasons = {
            "missing-symbol": "this_function_is_nowhere",
            "wrong-version": "version 99",
            "duplicate": "pca",
            "stranger": "no plug-in",
        }
        result = self.bad(1, "map", "--list", *MODEL, env=BOTH, says=[*reasons, *reasons.values()])
        self.assertIn("example", result.text)
        for name, reason in reasons.items():
            self.bad(1, "map", self.film(), *MODEL, "--overlay", name, "-o", self.path("x.png"), env=BOTH, says=[name, reason])
        reasons = {
            "error-return": "The moon is full",
            "false-cancel": "Nobody did that",
            "null-return": "did not say why",
            "non-finite": "not finite",
            "nonsense-size": "patch grid",
            "two-channels": "2 channels",
            "bad-parameters": "parameters",
            "bad-block": "block",
        }
        for name, reason in reasons.items():
            self.bad(1, "map", self.film(), *MODEL, "--overlay", name, "-o", self.path("x.png"), env=BOTH, says=["“%s”" % name, "switched off", reason])
        self.assertEqual(self.files(), ["film.png"])
        self.good("map", self.film(), *MODEL, "--overlay", "pca", "-o", self.path("x.png"), env=BOTH)

    def thread_name(self, folder):
        """"" of one that has ended meanwhile."""
        try:
            return open(folder + "/comm").read().strip()
        except (FileNotFoundError, ProcessLookupError):
            return ""

    def test_endless(self):
        """After an interrupt it has a moment to stop, and the program ends without it."""
        environment = {**os.environ, **BOTH, "DINOSCOPE_PLUGIN_PATIENCE": "200"}
        arguments = [CLI, "map", self.film(), *MODEL, "--overlay", "endless", "-o", self.path("x.png")]
        process = subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE)
        threads = "/proc/%d/task" % process.pid
        until = time.monotonic() + WATCHDOG
        while time.monotonic() < until:
            names = [self.thread_name("%s/%s" % (threads, task)) for task in os.listdir(threads)]
            if "plug-in" in names:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=WATCHDOG)
        self.assertEqual(process.returncode, 130)
        self.assertIn("“endless” is not used any more", said.decode())

    # Where they are looked for.

    def test_places(self):
        home = self.path("share")
        os.makedirs(home + "/dinoscope/plugins")
        shutil.copy(PLUGINS + "/example.so", home + "/dinoscope/plugins/example.so")
        # The first of a name counts: one that is none.
        os.makedirs(self.path("first"))
        with open(self.path("first/example.so"), "w") as file:
            file.write("not a module")
        env = {"DINOSCOPE_PLUGINS": "", "XDG_DATA_HOME": home}
        self.assertIn("example: ", self.good("map", "--list", *MODEL, env=env).text)
        self.bad(1, "map", "--list", *MODEL, env={**env, "DINOSCOPE_PLUGIN_PATH": self.path("first")}, says="first/example.so")
        self.assertNotIn("example: ", self.good("map", "--list", *MODEL, env={**env, "DINOSCOPE_PLUGINS": "none"}).text)
        listed = self.good("map", "--list", *MODEL, env={**env, "DINOSCOPE_PLUGINS": "help"}).err
        self.assertIn(home + "/dinoscope/plugins", listed)
        self.assertIn("plugins-1", listed)


if __name__ == "__main__":
    support.main()
