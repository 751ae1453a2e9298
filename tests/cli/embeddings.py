"""Folders as “dinoscope-cli embed” writes them, made without an encoder, for
tests of what reads them."""
import hashlib
import json
from pathlib import Path

import numpy as np

COLUMNS = ["index", "row", "name", "pixels_sha256", "width", "height", "view", "status", "error"]


def write_embeddings(folder, cls, mean=None, patches=None, names=None, views=None, failed=(), half=False, model="tiny", sha256="00" * 32, precision="fp32", isa="avx2"):
    """cls is [n, D], mean the same (or as cls), patches [n, N, D] or none.
    names are of the n pictures; failed are names of pictures without a row,
    which come last. Returns the folder as a string."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kind = np.float16 if half else np.float32
    matrices = {"cls": cls, "mean": cls if mean is None else mean, "patches": patches}
    for name, values in matrices.items():
        if values is not None:
            np.save(folder / (name + ".npy"), np.ascontiguousarray(values, kind))
    n = len(cls)
    names = names or ["film-%06d.png" % i for i in range(n)]
    lines = ["\t".join(COLUMNS)]
    for i, name in enumerate(names):
        digest = hashlib.sha256(name.encode()).hexdigest()
        lines.append("\t".join([str(i), str(i), name, digest, "100", "120", views[i] if views else "", "ok", ""]))
    for i, name in enumerate(failed):
        lines.append("\t".join([str(n + i), "", name, "", "", "", "", "failed", "broken"]))
    (folder / "table.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    about = {
        "schema": "dinoscope-embeddings",
        "version": 1,
        "model": {"name": model, "demonstration": False, "sha256": sha256},
        "precision": precision,
        "isa": isa,
        "preparation": {"fit": "crop", "input-size": 70, "model-input": "minmax", "invert": "auto", "exif": "applied"},
        "dtype": "f16" if half else "f32",
        "counts": {"inputs": n + len(failed), "embedded": n, "failed": len(failed)},
        "shard": {"index": 0, "count": 1},
    }
    (folder / "embed.json").write_text(json.dumps(about, indent=2) + "\n")
    return str(folder)
