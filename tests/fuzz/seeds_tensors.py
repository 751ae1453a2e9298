"""Tensors and arrays as files, right or wrong."""
import json
import struct


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


def safetensors(tensors, metadata=None):
    """tensors: name -> (dtype, shape, bytes)."""
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, (dtype, shape, values) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def npy(shape, values, dtype="<f4"):
    sizes = "".join("%d, " % size for size in shape)
    text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (dtype, sizes.strip() if len(shape) == 1 else sizes.rstrip(", "))
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode() + values
