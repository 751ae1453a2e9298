#!/usr/bin/env python3
"""Brings a DINOv2 checkpoint to the Hugging Face layout.

    convert_checkpoint.py teacher_checkpoint.pth OUT --like dinov2

INPUT is a .pth, .pt or .bin file (read by PyTorch with weights_only: nothing
in the file is run), a .safetensors file, or a directory with a .bin or
.safetensors file, also in shards with an index. Names may be the original
DINOv2 code's, in chunks and behind wrappers' prefixes, timm's, or Hugging
Face's. OUT gets config.json and model.safetensors, and with --like or
--processor the preprocessor_config.json without which no program may guess
how pictures are prepared.

Dimensions come from the shapes. A classifier on the encoder (classifier.weight
and .bias, as Dinov2ForImageClassification has it) is written beside it as
head.safetensors, which “dinoscope-cli probe” reads. What else is not part of
the encoder is dropped and named; what is part of an encoder but unknown here is an error. Nothing is
overwritten without --force. numpy is needed, PyTorch only for its own files.
"""
import argparse
import json
import os
import re
import struct
import sys
import tempfile

import numpy as np

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
# short side, crop, mean and deviation, as published with each
PROCESSORS = {"rad-dino": (518, 518, [0.5307] * 3, [0.2583] * 3), "dinov2": (256, 224, *IMAGENET)}

# Put into names by what a module was wrapped in.
WRAPPERS = ("_fsdp_wrapped_module.", "_checkpoint_wrapped_module.", "_orig_mod.")
ANCHORS = {"hf": "embeddings.patch_embeddings.projection.weight", "original": "patch_embed.proj.weight"}
HEADS = re.compile(r"(head\.(weight|bias)|classifier\.(weight|bias)|(dino|ibot)_head\..*)$")

TOP = {
    "cls_token": "embeddings.cls_token",
    "pos_embed": "embeddings.position_embeddings",
    "mask_token": "embeddings.mask_token",
    "register_tokens": "embeddings.register_tokens",
    "reg_token": "embeddings.register_tokens",
    "patch_embed.proj.weight": "embeddings.patch_embeddings.projection.weight",
    "patch_embed.proj.bias": "embeddings.patch_embeddings.projection.bias",
    "norm.weight": "layernorm.weight",
    "norm.bias": "layernorm.bias",
}
BLOCK = {
    "norm1": "norm1",
    "attn.proj": "attention.output.dense",
    "norm2": "norm2",
    "mlp.fc1": "mlp.fc1",
    "mlp.fc2": "mlp.fc2",
    "mlp.w12": "mlp.weights_in",
    "mlp.w3": "mlp.weights_out",
}
SCALES = {"ls1.gamma": "layer_scale1.lambda1", "ls2.gamma": "layer_scale2.lambda1"}


class Refused(Exception):
    """Why a file cannot be converted, in sentences."""


# Reading. A tensor is a numpy array; bfloat16, which numpy lacks, is a BF16.


class BF16:
    """bfloat16 numbers as their bits."""

    def __init__(self, bits):
        self.bits = bits

    @property
    def shape(self):
        return self.bits.shape

    def __getitem__(self, rows):
        return BF16(self.bits[rows])


def dtype_of(tensor):
    if isinstance(tensor, BF16):
        return "BF16"
    return {"float32": "F32", "float16": "F16", "float64": "F64"}.get(tensor.dtype.name)


def is_tensor(value):
    return isinstance(value, (np.ndarray, BF16))


def from_torch(value, torch):
    """Mappings of tensors as mappings of arrays; anything else as it is."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().contiguous()
        if value.dtype == torch.bfloat16:
            return BF16(value.view(torch.int16).numpy().view(np.uint16))
        return value.numpy()
    if isinstance(value, dict):
        return {key: from_torch(inner, torch) for key, inner in value.items()}
    return value


def read_torch(path):
    try:
        import torch
    except ImportError:
        raise Refused("%s needs PyTorch to be read: pip install torch, or give a .safetensors file." % path)
    try:
        return from_torch(torch.load(path, map_location="cpu", weights_only=True), torch)
    except OSError:
        raise
    except Exception as error:  # pickle's, zipfile's, and PyTorch's own, which advises to run the file
        reason = str(error).split("WeightsUnpickler error: ")[-1].strip().split("\n")[0]
        raise Refused("%s cannot be read as weights only, and nothing else is tried: %s" % (path, reason))


def read_safetensors(path):
    kinds = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "F64": "<f8", "I64": "<i8", "I32": "<i4", "U8": "u1", "BOOL": "u1"}
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        (length,) = struct.unpack("<Q", file.read(8).ljust(8, b"\0"))
        if length + 8 > size:
            raise Refused("%s is truncated." % path)
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        if info["dtype"] not in kinds or not 0 <= begin <= end <= len(data):
            raise Refused("%s is malformed: the tensor %s cannot be read." % (path, name))
        values = np.frombuffer(data[begin:end], kinds[info["dtype"]]).reshape(info["shape"])
        tensors[name] = BF16(values) if info["dtype"] == "BF16" else values
    return tensors


def read_file(path):
    return read_safetensors(path) if path.endswith(".safetensors") else read_torch(path)


def read_input(path):
    """Everything in a file, or in the files of a directory."""
    if not os.path.isdir(path):
        return read_file(path)
    for name in ("model.safetensors", "pytorch_model.bin"):
        if os.path.exists(os.path.join(path, name)):
            return read_file(os.path.join(path, name))
        index = os.path.join(path, name + ".index.json")
        if os.path.exists(index):
            shards = sorted(set(json.load(open(index))["weight_map"].values()))
            if any(os.path.basename(shard) != shard for shard in shards):
                raise Refused("%s names files outside of its directory." % index)
            together = {}
            for shard in shards:
                together.update(read_file(os.path.join(path, shard)))
            return together
    raise Refused("%s holds neither model.safetensors nor pytorch_model.bin, whole or in shards." % path)


# Names.


def flatten(value, prefix=""):
    """Nested mappings as one: {"teacher": {"backbone.x": t}} is {"teacher.backbone.x": t}.
    Also what is no tensor, by name."""
    tensors, others = {}, []
    for key, inner in value.items():
        name = prefix + str(key)
        if is_tensor(inner):
            for wrapper in WRAPPERS:
                name = name.replace(wrapper, "")
            if name in tensors:
                raise Refused("%s is there twice." % name)
            tensors[name] = inner
        elif isinstance(inner, dict) and len(prefix) < 1000:
            more, rest = flatten(inner, name + ".")
            tensors.update(more)
            others += rest or ([name] if not more else [])
        else:
            others.append(name)
    return tensors, others


def find_encoder(tensors, wanted=None):
    """(naming, prefix) of the one encoder in tensors."""
    found = []
    for name in tensors:
        for naming, anchor in ANCHORS.items():
            prefix = name[: -len(anchor)]
            if name.endswith(anchor) and (not prefix or prefix.endswith(".")) and wanted in (None, prefix):
                found.append((naming, prefix))
    if not found and any("flat_param" in name for name in tensors):
        raise Refused("The weights are FSDP's flat parameters, whose shapes are not in the file; save a full state dict.")
    if not found:
        raise Refused("There is no DINOv2 encoder%s: no patch embedding." % (" behind “%s”" % wanted if wanted is not None else ""))
    if len(found) > 1:
        prefixes = ", ".join("“%s”" % prefix for _, prefix in found)
        raise Refused("There are several encoders; --prefix chooses one of %s." % prefixes)
    return found[0]


def split_block(name):
    """("blocks.<i>.<rest>" or "blocks.<chunk>.<i>.<rest>") -> i, rest"""
    match = re.match(r"blocks\.(?:(\d+)\.)?(\d+)\.(.+)$", name)
    return (int(match.group(2)), match.group(3)) if match else (None, name)


def is_packed(tensors, prefix):
    """timm's SwiGLU: fc1 makes both halves of what fc2 takes."""
    first = {split_block(name[len(prefix) :])[1]: tensor.shape for name, tensor in tensors.items() if name.startswith(prefix)}
    fc1, fc2 = first.get("mlp.fc1.weight"), first.get("mlp.fc2.weight")
    return fc1 is not None and fc2 is not None and len(fc1) == len(fc2) == 2 and fc1[0] == 2 * fc2[1]


def with_zero_row(table):
    """A position table without a row for CLS, whose position is in the token already."""
    if isinstance(table, BF16):
        return BF16(np.concatenate([np.zeros_like(table.bits[:, :1]), table.bits], 1))
    return np.concatenate([np.zeros_like(table[:, :1]), table], 1)


def name_in_block(rest, packed):
    """Hugging Face's names of a block's tensor: one, three for the fused query, key and value, none."""
    stem, _, kind = rest.rpartition(".")
    if rest in SCALES:
        return [SCALES[rest]]
    if kind not in ("weight", "bias"):
        return []
    if stem == "attn.qkv":
        return ["attention.attention.%s.%s" % (part, kind) for part in ("query", "key", "value")]
    if packed:
        stem = {"mlp.fc1": "mlp.w12", "mlp.fc2": "mlp.w3"}.get(stem, stem)
    return ["%s.%s" % (BLOCK[stem], kind)] if stem in BLOCK else []


def from_original(tensors, prefix):
    """{Hugging Face's name: tensor}, and the names that mean nothing."""
    packed = is_packed(tensors, prefix)
    result, unknown = {}, []
    for full, tensor in tensors.items():
        block, rest = split_block(full[len(prefix) :])
        names = [TOP[rest]] if block is None and rest in TOP else []
        if block is not None:
            names = ["encoder.layer.%d.%s" % (block, name) for name in name_in_block(rest, packed)]
        if not names or tensor.shape[0] % len(names):
            unknown.append(full)
            continue
        if rest == "pos_embed" and prefix + "reg_token" in tensors:
            tensor = with_zero_row(tensor)
        rows = tensor.shape[0] // len(names)
        for i, name in enumerate(names):
            if name in result:
                raise Refused("%s is there twice; chunks of blocks must count on, not begin again." % full)
            result[name] = tensor if len(names) == 1 else tensor[i * rows : (i + 1) * rows]
    return result, unknown


def to_hugging_face(tensors, wanted_prefix=None):
    """{Hugging Face's name: tensor} of the encoder, and the names that were dropped."""
    naming, prefix = find_encoder(tensors, wanted_prefix)
    inside = {name: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
    dropped = [name for name in tensors if name not in inside]
    heads = [name for name in inside if HEADS.match(name[len(prefix) :])]
    dropped += heads
    inside = {name: tensor for name, tensor in inside.items() if name not in heads}
    if naming == "original":
        result, unknown = from_original(inside, prefix)
    else:
        result, unknown = {name[len(prefix) :]: tensor for name, tensor in inside.items()}, []
    if unknown:
        raise Refused("These tensors are of no DINOv2 encoder: %s." % ", ".join(sorted(unknown)))
    return result, dropped


def find_classifier(tensors, dropped):
    """{weight, bias} of a classifier among what was dropped, without their prefix; empty when there is none."""
    pair = {name.rsplit(".", 1)[1]: tensors[name] for name in dropped if re.search(r"(^|\.)classifier\.(weight|bias)$", name)}
    return pair if len(pair) == 2 and len(pair["weight"].shape) == 2 and pair["bias"].shape == pair["weight"].shape[:1] else {}


# Dimensions.


def expected_shapes(c):
    """{name: shape} of a model with this configuration; the mask token is not needed."""
    d, side, f, hidden = c["hidden_size"], c["image_size"] // c["patch_size"], mlp_size(c), c["num_hidden_layers"]
    shapes = {
        "embeddings.cls_token": (1, 1, d),
        "embeddings.position_embeddings": (1, 1 + side * side, d),
        "embeddings.patch_embeddings.projection.weight": (d, 3, c["patch_size"], c["patch_size"]),
        "embeddings.patch_embeddings.projection.bias": (d,),
        "layernorm.weight": (d,),
        "layernorm.bias": (d,),
    }
    if c.get("num_register_tokens"):
        shapes["embeddings.register_tokens"] = (1, c["num_register_tokens"], d)
    mlp = ("weights_in", "weights_out") if c["use_swiglu_ffn"] else ("fc1", "fc2")
    wide = 2 * f if c["use_swiglu_ffn"] else f
    for i in range(hidden):
        b = "encoder.layer.%d." % i
        for part in ("query", "key", "value"):
            shapes[b + "attention.attention.%s.weight" % part] = (d, d)
            if c["qkv_bias"]:
                shapes[b + "attention.attention.%s.bias" % part] = (d,)
        for name in ("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "attention.output.dense.bias",
                     "layer_scale1.lambda1", "layer_scale2.lambda1", "mlp.%s.bias" % mlp[1]):  # fmt: skip
            shapes[b + name] = (d,)
        shapes[b + "attention.output.dense.weight"] = (d, d)
        shapes[b + "mlp.%s.weight" % mlp[0]], shapes[b + "mlp.%s.bias" % mlp[0]] = (wide, d), (wide,)
        shapes[b + "mlp.%s.weight" % mlp[1]] = (d, f)
    return shapes


def mlp_size(c):
    size = int(c["hidden_size"] * c["mlp_ratio"])
    return (int(size * 2 / 3) + 7) // 8 * 8 if c["use_swiglu_ffn"] else size


def find_ratio(d, f, swiglu):
    """The mlp_ratio by which transformers comes to this width."""
    for ratio in (4, f / d, 1.5 * f / d, 1.5 * (f - 4) / d):
        ratio = int(ratio) if ratio == int(ratio) else ratio
        if mlp_size({"hidden_size": d, "mlp_ratio": ratio, "use_swiglu_ffn": swiglu}) == f:
            return ratio
    raise Refused("No mlp_ratio gives an MLP of %d for %d channels." % (f, d))


def infer_config(tensors, heads=None, eps=1e-6):
    """config.json of these tensors; everything that is missing, wrong or extra is told at once."""
    shape = lambda name: tuple(tensors[name].shape) if name in tensors else ()
    cls, patch = shape("embeddings.cls_token"), shape("embeddings.patch_embeddings.projection.weight")
    rows, registers = shape("embeddings.position_embeddings"), shape("embeddings.register_tokens")
    swiglu = "encoder.layer.0.mlp.weights_in.weight" in tensors
    wide = shape("encoder.layer.0.mlp.weights_in.weight" if swiglu else "encoder.layer.0.mlp.fc1.weight")
    blocks = [int(match.group(1)) for match in map(re.compile(r"encoder\.layer\.(\d+)\.").match, tensors) if match]
    if len(cls) != 3 or len(patch) != 4 or len(rows) != 3 or len(wide) != 2 or not blocks:
        raise Refused("The CLS token, the position table, the patch embedding or the blocks are missing or have another shape.")
    d, side = cls[2], round((rows[1] - 1) ** 0.5)
    if side * side != rows[1] - 1:
        raise Refused("The position table has %d rows, which is no square of patches and CLS." % rows[1])
    if heads is None and d % 64:
        raise Refused("%d channels are not heads of 64; --heads says how many there are." % d)
    if heads is not None and d % heads:
        raise Refused("%d channels cannot be divided among %d heads." % (d, heads))
    n = max(blocks) + 1
    with_registers = len(registers) == 3 and registers[1] > 0
    config = {
        "architectures": ["Dinov2WithRegistersModel" if with_registers else "Dinov2Model"],
        "hidden_act": "gelu",
        "hidden_size": d,
        "image_size": side * patch[3],
        "layer_norm_eps": eps,
        "mlp_ratio": find_ratio(d, wide[0] // 2 if swiglu else wide[0], swiglu),
        "model_type": "dinov2_with_registers" if with_registers else "dinov2",
        "num_attention_heads": heads or d // 64,
        "num_channels": 3,
        "num_hidden_layers": n,
        "patch_size": patch[3],
        "qkv_bias": "encoder.layer.0.attention.attention.query.bias" in tensors,
        "use_swiglu_ffn": swiglu,
    }
    if with_registers:
        config["num_register_tokens"] = registers[1]
    check_shapes(tensors, expected_shapes(config), d)
    kinds = {dtype_of(tensor) for tensor in tensors.values()}
    config["torch_dtype"] = {"F16": "float16", "BF16": "bfloat16"}.get(kinds.pop() if len(kinds) == 1 else "", "float32")
    return config


def check_shapes(tensors, expected, d):
    wrong = ["missing: %s" % name for name in expected if name not in tensors]
    optional = {"embeddings.mask_token": (1, d)}
    for name, tensor in tensors.items():
        shape = expected.get(name, optional.get(name))
        if shape is None:
            wrong.append("not part of the model: %s" % name)
        elif tuple(tensor.shape) != shape:
            wrong.append("wrong shape: %s (%s instead of %s)" % (name, list(tensor.shape), list(shape)))
        elif dtype_of(tensor) not in ("F32", "F16", "BF16"):
            wrong.append("wrong type: %s" % name)
    if wrong:
        raise Refused("The tensors do not fit a DINOv2 encoder:\n  " + "\n  ".join(sorted(wrong)))


def narrow(tensors):
    """float64 as float32."""
    return {name: tensor.astype(np.float32) if dtype_of(tensor) == "F64" else tensor for name, tensor in tensors.items()}


# Writing.


def processor(like):
    edge, crop, mean, std = PROCESSORS[like]
    return {
        "crop_size": {"height": crop, "width": crop}, "do_center_crop": True, "do_convert_rgb": True,
        "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": mean,
        "image_processor_type": "BitImageProcessor", "image_std": std, "resample": 3,
        "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": edge},
    }  # fmt: skip


def safetensors_pieces(tensors):
    """The container: header, then the numbers of each tensor."""
    header, offset, names = {"__metadata__": {"format": "pt"}}, 0, sorted(tensors)
    for name in names:
        size = int(np.prod(tensors[name].shape)) * (4 if dtype_of(tensors[name]) == "F32" else 2)
        header[name] = {"dtype": dtype_of(tensors[name]), "shape": list(tensors[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    yield struct.pack("<Q", len(text)) + text
    for name in names:
        bits = tensors[name].bits if isinstance(tensors[name], BF16) else tensors[name]
        yield np.ascontiguousarray(bits).astype(bits.dtype.newbyteorder("<"), copy=False).tobytes()


def write_whole(path, pieces):
    """All of it under its name, or nothing."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".convert-")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~current_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_model(folder, files, force):
    taken = [name for name in files if os.path.lexists(os.path.join(folder, name))]
    if taken and not force:
        raise Refused("%s holds %s already; --force overwrites." % (folder, ", ".join(sorted(taken))))
    os.makedirs(folder, exist_ok=True)
    for name, pieces in files.items():
        write_whole(os.path.join(folder, name), pieces)


def as_json(value):
    return [(json.dumps(value, indent=2, sort_keys=True) + "\n").encode()]


def summarise(names):
    """A line for what lies in one place: "dino_head.* (9)"."""
    groups = {}
    for name in names:
        head = re.match(r"((?:[^.]*backbone\.|teacher\.|student\.|model\.|module\.)*[^.]+)", name).group(1)
        groups.setdefault(head, []).append(name)
    return [inner[0] if len(inner) == 1 else "%s.* (%d)" % (head, len(inner)) for head, inner in sorted(groups.items())]


def convert(value, folder, options, say=print):
    """The whole work on what was read; say gets a line for each thing to know."""
    if not isinstance(value, dict):
        raise Refused("The file holds no mapping of names to tensors.")
    tensors, others = flatten(value)
    result, dropped = to_hugging_face(tensors, options.prefix)
    wide = [name for name, tensor in result.items() if dtype_of(tensor) == "F64"]
    result = narrow(result)
    config = infer_config(result, options.heads, options.layer_norm_eps)
    files = {"config.json": as_json(config)}
    if options.processor:
        with open(options.processor) as file:
            files["preprocessor_config.json"] = as_json(json.load(file))
    elif options.like:
        files["preprocessor_config.json"] = as_json(processor(options.like))
    files["model.safetensors"] = safetensors_pieces(result)
    head = narrow(find_classifier(tensors, dropped))
    if head:
        files["head.safetensors"] = safetensors_pieces(head)
        dropped = [name for name in dropped if not re.search(r"(^|\.)classifier\.(weight|bias)$", name)]
    write_model(folder, files, options.force)
    for line in summarise(dropped + others):
        say("Dropped: %s" % line)
    if head:
        say("A head of %d classes on %d numbers: %s" % (*head["weight"].shape, os.path.join(folder, "head.safetensors")))
    if wide:
        say("%d tensors of float64 were written as float32." % len(wide))
    say("%s: %d blocks, %d heads, %d channels, patch %d px, table of %d px, %d tensors, %s" % (
        folder, config["num_hidden_layers"], config["num_attention_heads"], config["hidden_size"],
        config["patch_size"], config["image_size"], len(result), config["torch_dtype"]))  # fmt: skip
    if "preprocessor_config.json" not in files and not os.path.exists(os.path.join(folder, "preprocessor_config.json")):
        say("How pictures are prepared is not known: --like or --processor writes preprocessor_config.json.")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", metavar="INPUT")
    parser.add_argument("out", metavar="OUT", help="directory; made when it is not there")
    parser.add_argument("--prefix", help="of the encoder's names, where there are several: teacher.backbone.")
    parser.add_argument("--like", choices=sorted(PROCESSORS), help="prepare pictures as this published model does")
    parser.add_argument("--processor", metavar="FILE", help="the preprocessor_config.json to write")
    parser.add_argument("--heads", type=int, help="attention heads (default: of 64 channels each)")
    parser.add_argument("--layer-norm-eps", type=float, default=1e-6)
    parser.add_argument("--force", action="store_true", help="overwrite files in OUT")
    options = parser.parse_args(arguments)
    if options.like and options.processor:
        parser.error("--like and --processor exclude each other")
    try:
        convert(read_input(options.input), options.out, options)
    except (Refused, OSError, json.JSONDecodeError) as error:
        sys.exit("convert_checkpoint.py: %s" % error)


if __name__ == "__main__":
    main()
