"""The commands that the sweeps of tests/disk go through, on tiny inputs."""
import hashlib
import importlib.util
import json
import os
import shutil
from pathlib import Path

import numpy as np

from support import GOLDEN, TINY, formula, run, write_png


class Command:
    """{w} in the arguments is the folder of the inputs, {o} that of the outputs."""

    def __init__(self, name, *arguments, folder=None, description=None, old=None, resumes=False, says=True, random=(), cache="", several=False, apart=False, code=0):
        self.name = name
        self.arguments = arguments
        self.folder = folder  # the output is this folder below {o}
        self.description = description  # the file of it that is written last
        self.old = old  # makes another folder in its place first
        self.resumes = resumes  # what is there after a failure is gone on with
        self.says = says  # standard output is the same each time
        self.random = random  # outputs that are not
        self.cache = cache  # "made": keeps packed weights, "kept": starts from them
        self.several = several  # goes on without a picture that cannot be read
        self.apart = apart  # outputs that were named one by one and do not need each other
        self.code = code


MODEL = ("--model", "{w}/model", "--threads", "1")
FILMS = ("{w}/films/a.png", "{w}/films/b.png")
TABLE = ("--table", "{w}/labels.csv")
OUT = ("-o", "{o}/out")

COMMANDS = [
    Command("info", "info", *MODEL, "--json", FILMS[0], "{w}/film.dcm", "{w}/a.jpg", several=True),
    Command("features-npy", "features", *MODEL, FILMS[0], "--pixel-values", "{o}/pixels.npy", "-o", "{o}/out.npy", apart=True),
    Command("features-safetensors", "features", *MODEL, "{w}/film.dcm", "--hidden", "--attention", "1", "-o", "{o}/out.safetensors"),
    Command("features-raw", "features", *MODEL, "--raw-pixels", "{w}/raw.npy", "-o", "{o}/out.npy"),
    Command("features-packing", "features", *MODEL, "--packed-cache", FILMS[0], "-o", "{o}/out.npy", cache="made"),
    Command("features-packed", "features", *MODEL, "--packed-cache", FILMS[0], "-o", "{o}/out.npy", cache="kept"),
    Command("map-png", "map", *MODEL, FILMS[0], "--overlay", "cls-attention", "--npy", "{o}/out.npy", "--region", "{w}/region.csv", "-o", "{o}/out.png", apart=True),
    Command("map-several", "map", *MODEL, *FILMS, "--overlay", "pca", "--save-basis", "{o}/basis.safetensors", "-o", "{o}/maps/", several=True, apart=True),
    Command("map-svg", "map", *MODEL, "{w}/a.jpg", "--overlay", "norm", "--bar", "-o", "{o}/out.svg"),
    Command("map-pdf", "map", *MODEL, FILMS[0], "--overlay", "norm", "--contours", "3", "-o", "{o}/out.pdf"),
    Command("map-csv", "map", *MODEL, FILMS[0], "--overlay", "norm", "-o", "{o}/out.csv"),
    Command("map-dcm", "map", *MODEL, FILMS[0], "--overlay", "norm", "--secondary-capture", "-o", "{o}/out.dcm", random=("out.dcm",)),
    Command("map-from", "map", *MODEL, FILMS[0], "--from", "{w}/map/out.json", "-o", "{o}/out.png"),
    Command("map-reference", "map", *MODEL, FILMS[0], "--overlay", "similarity", "--set", "source=reference", "--set", "row=1", "--set", "column=1", "--reference", FILMS[1], "-o", "{o}/out.png"),
    Command("bench", "bench", *MODEL, FILMS[0], "--runs", "1", "-o", "{o}/out.npy", says=False),
    Command("model-calibrate", "model", "calibrate", *MODEL, FILMS[0], "-o", "{o}/out.safetensors"),
    Command("model-get", "model", "get", "toy", "--manifest", "{w}/manifest.json", "--from", "{w}/source", "--yes", *OUT, folder="out", resumes=True),
    Command("model-verify", "model", "verify", "{w}/model", code=3),
    Command("embed", "embed", *MODEL, "{w}/films", "--patches", *OUT, folder="out", description="embed.json", resumes=True, several=True),
    Command("embed-hashed", "embed", *MODEL, "{w}/films", "--hash-names", *OUT, folder="out", description="embed.json", resumes=True, random=("table.tsv", "embed.json"), several=True),
    Command("merge", "merge", "{w}/part0", "{w}/part1", *OUT, folder="out", description="embed.json"),
    Command("index", "index", "{w}/embeddings", *OUT, folder="out", description="index.json", old=("index", "{w}/part0", *OUT)),
    Command("index-int8", "index", "{w}/embeddings", "--patches", "--dtype", "int8", *OUT, folder="out", description="index.json", old=("index", "{w}/part0", *OUT)),
    Command("neighbors", "neighbors", *MODEL, "{w}/index8", "--query", FILMS[0], "--query", "1", "-k", "3", "--sheet", "{o}/out.png", "--pictures", "{w}/films", several=True),
    Command("cluster", "cluster", "{w}/embeddings", "-k", "2", "--duplicates", "0.5", *OUT, folder="out", description="cluster.json", old=("cluster", "{w}/embeddings", "-k", "3", "--map", "pca", *OUT)),
    Command("probe-train", "probe", "train", "{w}/embeddings", *TABLE, "--label", "finding", "--folds", "2", "--bootstrap", "10", "--scores", "{o}/scores.tsv", "-o", "{o}/out.safetensors", apart=True),
    Command("probe-test", "probe", "test", "{w}/embeddings", *TABLE, "--head", "{w}/head.safetensors", "--bootstrap", "10", "--chart", "{o}/out.svg", "--scores", "{o}/scores.tsv", apart=True),
    Command("probe-apply", "probe", "apply", *MODEL, *FILMS, "--head", "{w}/head.safetensors", "--scores", "{o}/scores.tsv", several=True),
    Command("segment-train", "segment", "train", *MODEL, *FILMS, "--masks", "{w}/masks", "-o", "{o}/out.safetensors", several=True),
    Command("segment-test", "segment", "test", *MODEL, *FILMS, "--masks", "{w}/masks", "--head", "{w}/decoder.safetensors", several=True),
    Command("segment-apply", "segment", "apply", *MODEL, FILMS[0], "--head", "{w}/decoder.safetensors", "--polygons", "{o}/out.geojson", "-o", "{o}/out.png", apart=True),
    Command("compare", "compare", *MODEL, "{w}/films", "-k", "2", *OUT, folder="out", description="compare.json", old=("compare", *MODEL, "{w}/films", "-k", "1", *OUT), several=True),
]


def dicom_film(path):
    """A small radiograph, made by the tests of the reader."""
    spec = importlib.util.spec_from_file_location("test_dicom", Path(__file__).parents[1] / "cli" / "test-dicom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    Path(path).write_bytes(module.dicom(formula(30, 40).astype(np.uint16)))


def make_source(world):
    """A stand-in for what “model get” fetches, in a folder, with its manifest."""
    files = {"config.json": b'{"model_type": "dinov2"}\n', "model.safetensors": bytes(range(256)) * 300}
    (world / "source").mkdir()
    listed = []
    for name, body in files.items():
        (world / "source" / name).write_bytes(body)
        listed.append({"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    about = {"repository": "owner/toy", "revision": "main", "licence": "MIT", "files": listed}
    (world / "manifest.json").write_text(json.dumps(about))


def make_inputs(world, cli):
    """Fills the folder; cli runs a command line, which has to succeed."""
    shutil.copytree(TINY, world / "model")
    for folder in ("films", "masks", "map", "kept/fontconfig"):
        (world / folder).mkdir(parents=True)
    for i, name in enumerate("abcdef"):
        grey = formula(30 + 3 * i, 40 - 2 * i)
        write_png(world / "films" / (name + ".png"), grey)
        write_png(world / "masks" / (name + ".png"), (grey // 128 * 7).astype(np.uint8))
    dicom_film(world / "film.dcm")
    shutil.copy(GOLDEN / "modes" / "grey.jpg", world / "a.jpg")
    np.save(world / "raw.npy", (formula(56, 42).astype(np.float32) / 255)[None].repeat(3, 0))
    (world / "region.csv").write_text("label,x0,y0,x1,y1\nleft,0,0,10,20\n")
    (world / "labels.csv").write_text("file,finding\n" + "".join("%s.png,%d\n" % (name, i % 2) for i, name in enumerate("abcdef")))
    make_source(world)
    for line in (
        ("embed", *MODEL, "{w}/films", "--patches", "-o", "{w}/embeddings"),
        ("embed", *MODEL, "{w}/films", "--shard", "0/2", "-o", "{w}/part0"),
        ("embed", *MODEL, "{w}/films", "--shard", "1/2", "-o", "{w}/part1"),
        ("index", "{w}/embeddings", "--dtype", "int8", "-o", "{w}/index8"),
        ("probe", "train", "{w}/embeddings", *TABLE, "--label", "finding", "--folds", "2", "--bootstrap", "0", "-o", "{w}/head.safetensors"),
        ("segment", "train", *MODEL, *FILMS, "--masks", "{w}/masks", "-o", "{w}/decoder.safetensors"),
        ("map", *MODEL, FILMS[0], "--overlay", "similarity", "--set", "row=1", "--set", "column=1", "-o", "{w}/map/out.png"),
        ("features", *MODEL, "--packed-cache", FILMS[0], "-o", "{w}/x.npy"),
    ):
        result = cli([argument.format(w=world) for argument in line], world / "kept")
        assert result.code == 0, (line, result.err)
    os.remove(world / "x.npy")
