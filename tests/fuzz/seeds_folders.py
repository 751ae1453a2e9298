"""Folders of several files: models, embeddings, indexes. Their parts lie one
after the other, as fuzz_folder() takes them apart."""
import hashlib
import json
from pathlib import Path

from seeds_tensors import floats, npy, safetensors

SEPARATOR = b"\n%%%\n"
GOLDEN = Path(__file__).parent.parent / "data" / "golden" / "checkpoint"

CONFIG = {"model_type": "dinov2", "hidden_size": 2, "num_hidden_layers": 1, "num_attention_heads": 1, "patch_size": 2, "image_size": 4, "mlp_ratio": 2, "layer_norm_eps": 1e-6, "qkv_bias": True}
PROCESSOR = {"do_resize": True, "size": {"shortest_edge": 4}, "resample": 3, "do_center_crop": True, "crop_size": {"height": 4, "width": 4}, "do_rescale": True, "rescale_factor": 1 / 255,
             "do_normalize": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25]}


def folder(*parts):
    return SEPARATOR.join(part if part is not None else b"" for part in parts)


def tensors():
    """All that belongs to CONFIG, under Hugging Face's names."""
    shapes = {"embeddings.cls_token": [1, 1, 2], "embeddings.mask_token": [1, 2], "embeddings.position_embeddings": [1, 5, 2], "embeddings.patch_embeddings.projection.weight": [2, 3, 2, 2],
              "embeddings.patch_embeddings.projection.bias": [2], "layernorm.weight": [2], "layernorm.bias": [2]}
    block = {"norm1.weight": [2], "norm1.bias": [2], "norm2.weight": [2], "norm2.bias": [2], "attention.output.dense.weight": [2, 2], "attention.output.dense.bias": [2], "layer_scale1.lambda1": [2],
             "layer_scale2.lambda1": [2], "mlp.fc1.weight": [4, 2], "mlp.fc1.bias": [4], "mlp.fc2.weight": [2, 4], "mlp.fc2.bias": [2]}
    for part in ("query", "key", "value"):
        block["attention.attention.%s.weight" % part] = [2, 2]
        block["attention.attention.%s.bias" % part] = [2]
    shapes.update({"encoder.layer.0." + name: shape for name, shape in block.items()})
    result = {}
    for name, shape in shapes.items():
        count = 1
        for size in shape:
            count *= size
        result[name] = ("F16", shape, b"\0\x3c" * count)
    return result


def text(value):
    return json.dumps(value).encode()


def checkpoint():
    whole = tensors()
    names = sorted(whole)
    halves = [{name: whole[name] for name in names[:9]}, {name: whole[name] for name in names[9:]}]
    index = {"weight_map": {name: "a.safetensors" if name in halves[0] else "b.safetensors" for name in names}}
    config, processor = text(CONFIG), text(PROCESSOR)
    yield "good-one-file", folder(config, processor, safetensors(whole))
    yield "good-shards", folder(config, processor, None, text(index), safetensors(halves[0]), safetensors(halves[1]))
    yield "bad-missing", folder(config, processor, safetensors(halves[0]))
    yield "bad-shard-elsewhere", folder(config, processor, None, text(index).replace(b"b.safetensors", b"../b.safetensors"), safetensors(halves[0]))
    yield "bad-shard-missing", folder(config, processor, None, text(index), safetensors(halves[0]))
    yield "bad-shape", folder(text(dict(CONFIG, mlp_ratio=4)), processor, safetensors(whole))
    yield "bad-extra", folder(config, processor, safetensors(dict(whole, other=("F32", [1], floats(1)))))
    yield "bad-no-config", folder(None, processor, safetensors(whole))
    yield "bad-no-processor", folder(config, None, safetensors(whole))
    yield "bad-index", folder(config, processor, None, b'{"weight_map": {"a": 1}}')
    yield "bad-nothing", b""


def configs():
    for path in sorted(GOLDEN.glob("*/config.json")):
        yield "good-" + path.parent.name, path.read_bytes()
    yield "good-least", b'{"model_type": "dinov2"}'
    yield "good-swiglu", text(dict(CONFIG, use_swiglu_ffn=True, hidden_act="silu"))
    yield "good-registers", text(dict(CONFIG, model_type="dinov2_with_registers", num_register_tokens=2))
    yield "bad-type", text(dict(CONFIG, model_type="vit"))
    yield "bad-heads", text(dict(CONFIG, num_attention_heads=3, hidden_size=64))
    yield "bad-huge", text(dict(CONFIG, hidden_size=1 << 62))
    yield "bad-zero-patch", text(dict(CONFIG, patch_size=0))
    yield "bad-ratio", text(dict(CONFIG, mlp_ratio=1e300))
    yield "bad-tiny-image", text(dict(CONFIG, image_size=1))
    yield "bad-activation", text(dict(CONFIG, hidden_act="relu"))
    yield "bad-float", text(dict(CONFIG, hidden_size=64.0))
    yield "bad-json", b"{"
    yield "bad-empty", b""


def processors():
    for path in sorted(GOLDEN.glob("*/preprocessor_config.json")):
        yield "good-" + path.parent.name, path.read_bytes()
    yield "good-exact-size", text(dict(PROCESSOR, size={"height": 4, "width": 6}))
    yield "good-numbers", text(dict(PROCESSOR, size=4, crop_size=4))
    yield "good-nothing-done", text(dict(PROCESSOR, do_resize=False, do_center_crop=False, do_rescale=False, do_normalize=False))
    yield "bad-resample", text(dict(PROCESSOR, resample=2))
    yield "bad-std", text(dict(PROCESSOR, image_std=[0.25, 0, 0.25]))
    yield "bad-mean", text(dict(PROCESSOR, image_mean=[0.5, 0.5]))
    yield "bad-size", text(dict(PROCESSOR, size={"shortest_edge": -4}))
    yield "bad-huge", text(dict(PROCESSOR, crop_size={"height": 1 << 40, "width": 4}))
    yield "bad-json", b"]"


TABLE = b"index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n0\t0\ta.png\t%s\t6\t4\tPA\tok\t\n1\t\tb.png\t\t\t\t\tfailed\tbroken\n2\t1\tc.png\t%s\t6\t4\tAP\tok\t\n" % (b"0" * 64, b"1" * 64)


def embeddings():
    about = {"schema": "dinoscope-embeddings", "version": 1, "model": {"name": "demo", "sha256": "00"}, "precision": "fp32", "isa": "avx2", "preparation": {"fit": "crop", "exif": "applied"},
             "grid_columns": 2, "counts": {"inputs": 3, "embedded": 2, "failed": 1}, "files": {"table.tsv": hashlib.sha256(TABLE).hexdigest()}}
    cls, mean = npy([2, 2], floats(1, 2, 3, 4)), npy([2, 2], b"\0\x3c" * 4, "<f2")
    patches, last4 = npy([2, 4, 2], floats(*range(16))), npy([2, 8], floats(*range(16)))
    yield "good-least", folder(text(about), cls, mean, TABLE)
    yield "good-all", folder(text(about), cls, mean, TABLE, patches, last4)
    yield "good-int8", folder(text(dict(about, precision="int8", calibration="ab")), cls, mean, TABLE)
    yield "bad-rows", folder(text(about), npy([3, 2], floats(*range(6))), mean, TABLE)
    yield "bad-order", folder(text(about), cls, mean, TABLE.replace(b"0\t0\t", b"0\t1\t"))
    yield "bad-counts", folder(text(dict(about, counts={"embedded": 3})), cls, mean, TABLE)
    yield "bad-grid", folder(text(dict(about, grid_columns=3)), cls, mean, TABLE, patches)
    yield "bad-column", folder(text(about), cls, mean, TABLE.replace(b"status", b"state"))
    yield "bad-last4", folder(text(about), cls, mean, TABLE, patches, mean)
    yield "bad-version", folder(text(dict(about, version=2)), cls, mean, TABLE)
    yield "bad-no-mean", folder(text(about), cls, None, TABLE)
    yield "bad-nothing", b""


def index():
    table = b"row\tname\tview\n0\ta.png\tPA\n1\tb.png\tAP\n"
    files = ["vectors.npy", "table.tsv", "pixels.bin", "narrow.i8", "scales.npy"]
    about = {"schema": "dinoscope-index", "version": 1, "what": "cls", "dtype": "f32", "pictures": 2, "patches": 1, "channels": 2, "model": {"name": "demo", "sha256": "00"}, "precision": "fp32", "isa": "avx2",
             "calibration": "", "preparation": {"fit": "crop"}, "program": "0.1.0", "files": {name: {"bytes": "#%d" % i, "sha256": "@%d" % i} for i, name in enumerate(files)}}

    def facts(value):
        result = text(value)
        for i in range(len(files)):
            result = result.replace(b'"#%d"' % i, b"@%d" % i)
        return result

    vectors, pixels = npy([2, 2], floats(1, 0, 0, 1)), b"\0" * 64
    yield "good-f32", folder(facts(about), vectors, table, pixels)
    yield "good-f16", folder(facts(dict(about, dtype="f16")), npy([2, 2], b"\0\x3c" * 4, "<f2"), table, pixels)
    yield "good-int8", folder(facts(dict(about, dtype="int8")), vectors, table, pixels, b"\x7f\0\0\x7f", npy([2, 2], floats(1, 1, 0, 0)))
    yield "good-patches", folder(facts(dict(about, what="patches", patches=2, grid_columns=2)), npy([2, 2, 2], floats(*range(8))), table, pixels)
    yield "good-no-model", folder(facts(dict(about, model={"name": "", "sha256": ""})), vectors, table)
    yield "bad-hash", folder(facts(about).replace(b'"@0"', b'"00"'), vectors, table, pixels)
    yield "bad-size", folder(facts(about).replace(b"@2", b"1", 1), vectors, table, pixels)
    yield "bad-pictures", folder(facts(dict(about, pictures=3)), vectors, table, pixels)
    yield "bad-overflow", folder(facts(dict(about, what="patches", pictures=1 << 40, patches=1 << 40)), vectors, table, pixels)
    yield "bad-grid", folder(facts(dict(about, what="patches", patches=2, grid_columns=3)), npy([2, 2, 2], floats(*range(8))), table, pixels)
    yield "bad-dtype", folder(facts(dict(about, dtype="f64")), vectors, table, pixels)
    yield "bad-pixels", folder(facts(about), vectors, table, pixels[:63])
    yield "bad-nothing", b""
