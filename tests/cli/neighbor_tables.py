"""Folders of embeddings as "embed" writes them, made of arrays."""
import json
from pathlib import Path

import numpy as np

PREPARATION = {"exif": "applied", "fit": "crop", "input-size": 56, "invert": "auto", "model-input": "minmax"}


def make_embeddings(folder, cls, mean=None, patches=None, names=None, views=None, hashes=None, model=("demo", "ab" * 32), precision="fp32", isa="avx2", preparation=None):
    """Returns the folder's path."""
    folder = Path(folder)
    folder.mkdir()
    n = len(cls)
    np.save(folder / "cls.npy", cls.astype("<f4"))
    np.save(folder / "mean.npy", (cls[:, ::-1] if mean is None else mean).astype("<f4"))
    if patches is not None:
        np.save(folder / "patches.npy", patches.astype("<f4"))
    names = names or ["film-%04d.png" % i for i in range(n)]
    views = views or ["PA" if i % 3 else "AP" for i in range(n)]
    hashes = hashes or ["%064x" % (i + 1) for i in range(n)]
    with open(folder / "table.tsv", "w", encoding="utf-8") as table:
        table.write("index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n")
        for i in range(n):
            table.write("%d\t%d\t%s\t%s\t100\t90\t%s\tok\t\n" % (i, i, names[i], hashes[i], views[i]))
    description = {
        "schema": "dinoscope-embeddings",
        "version": 1,
        "model": {"name": model[0], "sha256": model[1]},
        "precision": precision,
        "isa": isa,
        "preparation": preparation or PREPARATION,
        "program": "0",
        "counts": {"inputs": n, "embedded": n, "failed": 0},
        "shard": {"index": 0, "count": 1},
    }
    (folder / "embed.json").write_text(json.dumps(description))
    return str(folder)


def normalized(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def read_neighbors(text):
    """Lines of the table as dictionaries."""
    lines = text.splitlines()
    heading = lines[0].split("\t")
    return [dict(zip(heading, line.split("\t"), strict=True)) for line in lines[1:]]


def check_neighbors(test, found, scores, k, left_out=(), tolerance=1e-6):
    """Of one query: found rows are the k best of scores, best first, up to
    exchanges among scores within the tolerance."""
    allowed = [row for row in range(len(scores)) if row not in left_out]
    rows = [int(line["row"]) for line in found]
    cosines = [float(line["cosine"]) for line in found]
    test.assertEqual(len(rows), min(k, len(allowed)))
    test.assertEqual(len(set(rows)), len(rows))
    test.assertEqual([int(line["rank"]) for line in found], list(range(1, len(rows) + 1)))
    test.assertFalse(set(rows) & set(left_out))
    best = sorted((scores[row] for row in allowed), reverse=True)
    for rank, (row, cosine) in enumerate(zip(rows, cosines)):
        test.assertLessEqual(abs(cosine - scores[row]), tolerance)
        test.assertLessEqual(abs(cosine - best[rank]), tolerance)
        if rank:
            test.assertGreaterEqual(cosines[rank - 1], cosine)
            if cosines[rank - 1] == cosine:
                test.assertLess(rows[rank - 1], row)
