#!/usr/bin/env python3
"""From a process start to a written PCA picture: dinoscope-cli against Python (transformers, scikit-learn, Pillow), in turns.

    cold_start.py --checkpoint DIR --image FILE --cli PATH [--threads 2] [--rounds 3]

needs: torch transformers scikit-learn pillow numpy. The page cache is warm after each one's untimed first turn. Prints the
seconds of every turn and the ratio of the minima.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

CHILD = """
import sys, numpy as np, torch
from PIL import Image
from sklearn.decomposition import PCA
from transformers import AutoImageProcessor, AutoModel
checkpoint, image, threads, out = sys.argv[1:]
torch.set_num_threads(int(threads))
processor = AutoImageProcessor.from_pretrained(checkpoint, use_fast=False)
model = AutoModel.from_pretrained(checkpoint).eval()
picture = Image.open(image)
with torch.inference_mode():
    tokens = model(**processor(picture, return_tensors="pt")).last_hidden_state[0, 1:].numpy()
parts = PCA(3).fit_transform(tokens)
low, high = parts.min(0), parts.max(0)
side = int(len(tokens) ** 0.5)
rgb = ((parts - low) / (high - low) * 255).astype(np.uint8).reshape(side, side, 3)
overlay = Image.fromarray(rgb).resize(picture.size, Image.NEAREST)
Image.blend(picture.convert("RGB"), overlay, 0.5).save(out)
"""


def turn(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--threads", default="2")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "python": [sys.executable, "-c", CHILD, options.checkpoint, options.image, options.threads, os.path.join(folder, "python.png")],
            "dinoscope-cli": [options.cli, "--model", options.checkpoint, "--threads", options.threads, "map", options.image,
                              "--overlay", "pca", "-o", os.path.join(folder, "ours.png")],
        }
        seconds = {name: [] for name in commands}
        for command in commands.values():
            turn(command)
        for _ in range(options.rounds):
            for name, command in commands.items():
                seconds[name].append(turn(command))
        for name, values in seconds.items():
            print("%-14s %s  min %.2f s" % (name, " ".join("%.2f" % value for value in values), min(values)))
        print("ours / python: %.3f" % (min(seconds["dinoscope-cli"]) / min(seconds["python"])))


if __name__ == "__main__":
    main()
