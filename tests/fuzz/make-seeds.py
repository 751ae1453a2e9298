#!/usr/bin/env python3
"""Writes the first files of corpus/: one of each kind that a reader takes
("good-…"; "good64-…" where sizes have 64 bits), and what it has to refuse
("bad-…"). Files that were found by fuzzing are beside them and are left alone.
Usage: make-seeds.py [TARGET…]

Compressed pictures need ImageMagick, and messages between viewer and process
PyGObject; everything else is written here byte by byte."""
import io
import json
import struct
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import seeds_dicom  # noqa: E402
import seeds_folders  # noqa: E402
import seeds_pictures  # noqa: E402
from seeds_tensors import npy, safetensors, floats  # noqa: E402

SEPARATOR = b"\n%%%\n"


def safetensors_seeds():
    two = floats(1, -2, 0.5, 3e38)
    plain = {"a": ("F32", [2, 2], two)}
    header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'

    def raw(text, data=b"\0" * 8, length=None):
        return struct.pack("<Q", len(text) if length is None else length) + text + data

    yield "good-f32", safetensors(plain)
    yield "good-f16", safetensors({"a": ("F16", [3], b"\0\x3c\0\x7c\1\0")})
    yield "good-bf16", safetensors({"a": ("BF16", [3], b"\x80\x3f\xc0\x7f\1\0")})
    yield "good-others", safetensors({"i": ("I64", [1], b"\1" * 8), "b": ("BOOL", [3], b"\1\0\1"), "d": ("F64", [], b"\0" * 8)})
    yield "good-empty-tensors", safetensors({"a": ("I32", [2, 0], b""), "b": ("F32", [0], b""), "c": ("F32", [], b"\0" * 4)})
    yield "good-nothing", raw(b"{}      ", b"")
    yield "good-metadata", safetensors(plain, {"format": "pt", "classes": '["a","b"]'})
    yield "good-null-metadata", raw(b'{"__metadata__":null,' + header[1:])
    yield "good-blanks", raw(b" \n\t" + header + b"   ")
    yield "good-extra-field", raw(header.replace(b'"dtype"', b'"more":[1,{}],"dtype"'))
    yield "good-zero-before-overflow", raw(b'{"a":{"dtype":"F32","shape":[0,9223372036854775807,4],"data_offsets":[0,0]}}', b"")
    yield "bad-empty", b""
    yield "bad-seven-bytes", b"\0" * 7
    yield "bad-length-too-large", bytes.fromhex("3c00000000ffffff") + b" " * 60
    yield "bad-length-beyond-end", struct.pack("<Q", 60)
    yield "bad-not-utf-8", raw(b"\xff", b"")
    yield "bad-not-json", raw(b"{", b"")
    yield "bad-polyglot", safetensors(plain) + b"extra_bogus_data_for_polyglot_file"
    yield "bad-cut-short", safetensors(plain)[:-2]
    yield "bad-size", raw(b'{"a":{"dtype":"I32","shape":[2,2],"data_offsets":[0,4]}}', b"\0" * 4)
    yield "bad-overflow", raw(b'{"a":{"dtype":"I32","shape":[2,18446744073709551614],"data_offsets":[0,16]}}', b"\0" * 16)
    yield "bad-overflow-signed", raw(b'{"a":{"dtype":"I32","shape":[2,9223372036854775807],"data_offsets":[0,16]}}', b"\0" * 16)
    yield "bad-overlap", raw(b"{%s}" % b",".join(b'"%d":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}' % i for i in range(10)), b"\0" * 16)
    yield "bad-hole", raw(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}', b"\0" * 3)
    yield "bad-reversed", raw(header.replace(b"[0,8]", b"[8,0]"))
    yield "bad-offset-float", raw(header.replace(b"[0,8]", b"[0.0,8]"))
    yield "bad-offset-negative", raw(header.replace(b"[0,8]", b"[-8,0]"))
    yield "bad-offsets-three", raw(header.replace(b"[0,8]", b"[0,8,8]"))
    yield "bad-dtype", raw(header.replace(b"F32", b"F33"))
    yield "bad-twice", raw(b"{" + header[1:-1] + b"," + header[1:])
    yield "bad-twice-inside", raw(header.replace(b'"shape"', b'"dtype":"F32","shape"'))
    yield "bad-metadata-number", raw(b'{"__metadata__":{"a":1},' + header[1:])
    yield "bad-nul-padding", raw(header + b"\0\0")
    yield "bad-nul-in-name", raw(header.replace(b'"a"', b'"a\\u0000b"'))
    yield "bad-lone-surrogate", raw(header.replace(b'"a"', b'"\\ud800"'))
    yield "bad-deep", raw(b'{"a":' + b"[" * 4000, b"")
    yield "bad-rank", raw(b'{"a":{"dtype":"U8","shape":[%s],"data_offsets":[0,1]}}' % b",".join([b"1"] * 17), b"\0")
    for name, start in (("pickle", b"\x80\x02"), ("zip", b"PK\x03\x04"), ("png", b"\x89PNG"), ("lfs", b"version https://git-lfs"), ("page", b"<!DOCTYPE")):
        yield "bad-" + name, start + b" " * 40


def header_seeds():
    """The same headers; what is wrong with the file around them is left out."""
    for name, data in safetensors_seeds():
        if len(data) < 8:
            continue
        (length,) = struct.unpack("<Q", data[:8])
        if length > len(data) - 8 or "blanks" in name or "metadata" in name or "nul-padding" in name:
            continue
        yield name, struct.pack("<I", len(data) - 8 - length)[:3] + data[8:8 + length]


def head_seeds():
    weight, bias = floats(*[i / 8 for i in range(8)]), floats(0.5, -0.5)
    pair = {"weight": ("F32", [2, 4], weight), "bias": ("F32", [2], bias)}
    about = {"classes": '["ap","pa"]', "features": "cls", "task": "classify", "block": "3", "model_sha256": "0" * 64, "preparation": '{"fit": "crop"}'}
    classifier = {"classifier." + name: value for name, value in pair.items()}
    config = json.dumps({"id2label": {"0": "none", "1": "some"}, "problem_type": "multi_label_classification"}).encode()
    yield "good-own", safetensors(pair, about)
    yield "good-lines", safetensors(pair, {"classes": "ap\npa", "features": "mean"})
    yield "good-bare", safetensors({"linear.weight": ("F16", [1, 3], b"\0\x3c" * 3)})
    yield "good-other-prefix", safetensors({"model.out.weight": ("F32", [2, 4], weight), "model.out.bias": ("F32", [2], bias)})
    yield "good-classifier", safetensors(classifier) + SEPARATOR + config
    yield "bad-classes", safetensors(pair, {"classes": '["one"]'})
    yield "bad-classes-json", safetensors(pair, {"classes": "[[[["})
    yield "bad-block", safetensors(pair, {"block": "3x"})
    yield "bad-features", safetensors(pair, {"features": "other"})
    yield "bad-not-finite", safetensors({"weight": ("F32", [1, 1], b"\0\0\x80\x7f")})
    yield "bad-bias", safetensors({"weight": pair["weight"], "bias": ("F32", [1], b"\0" * 4)})
    yield "bad-several", safetensors({"a.weight": pair["weight"], "b.weight": pair["weight"]})
    yield "bad-nothing", safetensors({})
    yield "bad-config", safetensors(classifier) + SEPARATOR + b"{"


def probe_head_seeds():
    for name, data in head_seeds():
        if name.startswith("good-") and SEPARATOR not in data and "bare" not in name and "prefix" not in name and "own" not in name:
            yield name, data
    pair = {"head.weight": ("F32", [2, 2], floats(1, 2, 3, 4)), "head.bias": ("F32", [2], floats(0, 1))}
    yield "good-variant", safetensors(pair, {"classes": "['ap', \"pa\"]", "features": "cls+mean", "block": "2"})
    yield "bad-cls", safetensors(pair, {"features": "cls"})
    yield "bad-variant", safetensors(pair, {"classes": "[<'ap'>, @as 'pa']"})


def decoder_seeds():
    weight, bias = floats(*range(6)), floats(0, 1)
    plain = {"weight": ("F32", [2, 3], weight), "bias": ("F32", [2], bias)}
    hidden = dict(plain, **{"hidden.weight": ("F32", [3, 4], floats(*range(12))), "hidden.bias": ("F32", [3], floats(1, 2, 3))})
    yield "good-plain", safetensors(plain, {"features": "patches"})
    yield "good-classes", safetensors(plain, {"features": "patches", "classes": '["background","lung"]', "values": "[0,255]", "block": "11", "model_sha256": "0" * 64})
    yield "good-hidden", safetensors(hidden, {"features": "patches", "activation": "relu", "block": "1,2", "preparation": "{}"})
    yield "bad-features", safetensors(plain, {"features": "cls"})
    yield "bad-values", safetensors(plain, {"features": "patches", "values": "[1,1]"})
    yield "bad-values-large", safetensors(plain, {"features": "patches", "values": "[0,256]"})
    yield "bad-block", safetensors(plain, {"features": "patches", "block": "1,,2"})
    yield "bad-activation", safetensors(hidden, {"features": "patches", "activation": "gelu"})
    yield "bad-shape", safetensors(dict(plain, bias=("F32", [3], floats(1, 2, 3))), {"features": "patches"})


def basis_seeds():
    yield "good-basis", safetensors({"mean": ("F32", [3], floats(1, 2, 3)), "components": ("F32", [2, 3], floats(1, 0, 0, 0, 1, 0)), "variance": ("F32", [2], floats(2, 1)), "variance_ratio": ("F32", [2], floats(0.5, 0.25))})
    yield "good-ranges", safetensors({"norm1": ("F32", [2, 3], floats(*range(6))), "norm2": ("F32", [2, 3], floats(*range(6)))})
    yield "bad-components", safetensors({"components": ("F32", [3, 2], floats(*range(6)))})
    yield "bad-not-finite", safetensors({"mean": ("F32", [1], b"\0\0\xc0\x7f"), "components": ("F32", [1, 1], floats(1)), "variance": ("F32", [1], floats(2)), "variance_ratio": ("F32", [1], floats(0.5))})
    yield "bad-ranges", safetensors({"norm1": ("F32", [2, 3], floats(*range(6))), "norm2": ("F32", [3, 2], floats(*range(6)))})


def npy_seeds():
    yield "good-matrix", npy([2, 3], floats(*range(6)))
    yield "good-half", npy([2, 2], b"\0\x3c" * 4, "<f2")
    yield "good-tokens", npy([1, 2, 2], floats(*range(4)))
    # Found by fuzzing: nothing in the file, and 4 TB for whoever makes room for a row of the matrix.
    yield "good64-regression-no-rows-of-terabytes", npy([0, 1 << 40], b"")
    yield "good64-regression-no-rows-of-overflow", npy([0, 1 << 33, 1 << 33], b"")
    yield "good-scalar", npy([], floats(1))
    yield "good-row", npy([4], floats(1, 2, 3, 4))
    yield "good-no-rows", npy([0, 3], b"")
    yield "good-fortran-row", npy([4], floats(1, 2, 3, 4)).replace(b"False", b"True ")
    yield "bad-fortran", npy([2, 3], floats(*range(6))).replace(b"False", b"True ")
    yield "bad-type", npy([2], b"\0" * 16, "<f8")
    yield "bad-object", npy([2], b"\0" * 16, "|O")
    yield "bad-short", npy([2, 3], floats(*range(5)))
    yield "bad-long", npy([2, 3], floats(*range(7)))
    yield "bad-version", npy([1], floats(1)).replace(b"NUMPY\1", b"NUMPY\2")
    yield "bad-overflow", npy([1 << 40, 1 << 40], b"")
    yield "bad-digits", npy([10 ** 30], b"")
    yield "bad-rank", npy([1, 1, 1, 1, 1], floats(1))
    yield "bad-twice", npy([1], floats(1)).replace(b"'fortran_order': False", b"'descr': '<f4'         ")
    yield "bad-header-beyond-end", b"\x93NUMPY\1\0\xff\xff{"
    yield "bad-empty", b""


def packed_seeds():
    def header(version=1, key=b"00 fp32 avx2 ", order=0x01020304):
        return b"DINOPACK" + struct.pack("<II", version, order) + key.ljust(256, b"\0")

    yield "good-sealed", b"\1" + header() + floats(*range(40))
    yield "bad-version", b"\1" + header(version=2) + floats(*range(40))
    yield "bad-key", b"\1" + header(key=b"01 fp32 avx2 ") + floats(*range(40))
    yield "bad-order", b"\1" + header(order=0x04030201) + floats(*range(40))
    yield "bad-sum", b"\0" + header() + struct.pack("<QQQ", 16, 1, 2)
    yield "bad-size", b"\0" + header() + struct.pack("<QQ", 1 << 63, 1)
    yield "bad-short", b"\0" + header()[:100]
    yield "bad-empty", b"\0"


def table_seeds():
    yield "good-tsv", b"name\tview\twidth\na.png\tPA\t640\n\"b\"\"c\t\n\"\tAP\t1\n"
    yield "good-csv", b"\xef\xbb\xbfImage Index,label\r\n00000001_000.png,1\r\nfolder/a.png,-0.5e3\r\n"
    yield "good-names", b"path\nx/a.png\n\nb\n"
    yield "good-no-rows", b"a,b\n"
    yield "good-no-last-line-break", b"file,n\na, 12 "
    yield "bad-open-quote", b"a,b\n\"x,y\n"
    yield "bad-after-quote", b"a,b\n\"x\"y,z\n"
    yield "bad-fields", b"a,b\n1,2,3\n"
    yield "bad-utf-8", b"a,b\n\xff,\xc0\n"
    yield "bad-twice", b"a,a\n1,2\n"
    yield "bad-empty", b""
    yield "bad-blank", b"\n\r\n\n"


def boxes_seeds():
    yield "good-numbers", b"1,2,3,4\n0.5,0,10,20\n"
    yield "good-labels", b"lung,1,2,3,4\n\"he,art\",5,6,7,8\n"
    yield "good-header", b"label,x,y,width,height,shape\na,1,2,3,4,ellipse\nb,1,2,3,4,\n"
    yield "good-order", b"y1,shape,x0,other,y0,x1,label\n4,box,1,?,2,3,a\n"
    yield "bad-reversed", b"3,2,1,4\n"
    yield "bad-shape", b"x0,y0,x1,y1,shape\n1,2,3,4,star\n"
    yield "bad-number", b"1,2,3,4\n1,2,3,x\n"
    yield "bad-nan", b"1,2,3,nan\n1,2,3,4\n"
    yield "bad-quote", b"\"a,1,2,3,4\n"
    yield "bad-fields", b"1,2,3,4\n1,2,3\n"


def sidecar_seeds():
    full = {
        "schema": "dinoscope-sidecar", "version": 1, "picture": {"sha256": "26", "width": 640, "height": 691, "grey-scale-sha256": "00"},
        "model": {"name": "demo", "demonstration": True, "sha256": "a6", "precision": "fp32", "isa": "avx512"},
        "preparation": {"fit": "crop", "input-size": 518, "model-input": "window", "window": "40:400:sigmoid", "invert": "auto", "exif": "none", "frame": 2},
        "display": {"window": "127.5:255:linear-exact", "invert": "no", "inverted": False},
        "overlay": "cls-attention", "parameters": {"block": 5, "head": "1"}, "files": {},
        "style": {"colormap": "viridis", "opacity": 0.5, "threshold": 0.25, "range": [0.0, 0.01], "smooth": "guided", "contours": 3},
        "view": {"size": "model", "map-only": False, "bar": True, "width": 518, "height": 663},
    }
    text = json.dumps(full)
    yield "good-full", text.encode()
    yield "good-least", json.dumps({key: full[key] for key in ("schema", "version", "overlay", "parameters", "picture", "model")}).encode()
    yield "good-unknown-keys", text.replace('"version": 1', '"version": 1, "more": [1, {"a": null}]').encode()
    yield "good-pca", text.replace('"cls-attention"', '"pca"').replace('{"block": 5, "head": "1"}', '{"components": "1-3", "mask": true}').encode()
    yield "good-similarity", text.replace('"cls-attention"', '"similarity"').replace('{"block": 5, "head": "1"}', '{"block": 1, "row": 2, "column": 3, "pins": [[1, 2], [3, 4]], "facet": "query"}').encode()
    marked = dict(full, marks={"cursor": [3, 4], "pins": [[1, 2], [3, 4]]}, regions=[{"shape": "ellipse", "box": [1, 2, 3.5, 4], "label": "heart"}, {"shape": "box", "box": [0, 0, 1, 1]}],
                  view=dict(full["view"], part="visible", box=[0, 0, 10, 20], turns=1, flipped=True), references=[
                      {"sha256": "12", "preparation": full["preparation"], "model": full["model"]},
                      {"sha256": "34", "covered": {"box": [1, 2, 30, 40], "fill": "copy", "source-x": 5, "source-y": 6, "mirrored": True}}])
    yield "good-marked", json.dumps(marked).encode()
    yield "bad-marks", json.dumps(dict(marked, marks={"pins": [[1]]})).encode()
    yield "bad-region", json.dumps(dict(marked, regions=[{"shape": "star", "box": [0, 0, 1, 1]}])).encode()
    # Found by reading: the left side was brought to a whole number before it was compared.
    yield "bad-regression-cover-beyond-integers", json.dumps(marked).replace("[1, 2, 30, 40]", "[1e300, 1e300, 30, 40]").encode()
    yield "bad-version", text.replace('"version": 1', '"version": 2').encode()
    yield "bad-schema", text.replace("dinoscope-sidecar", "other").encode()
    yield "bad-fit", text.replace('"crop"', '"stretch"').encode()
    yield "bad-window", text.replace("40:400:sigmoid", "40:-1:sigmoid").encode()
    yield "bad-parameter", text.replace('"block": 5', '"block": {}').encode()
    yield "bad-range", text.replace("[0.0, 0.01]", "[0.01, 0.0]").encode()
    yield "bad-input-size", text.replace("518", "-1").encode()
    yield "bad-json", b"{"
    yield "bad-list", b"[]"


def manifest_seeds():
    full = {"repository": "owner/name", "revision": "0123abc", "licence": "MIT", "files": [{"name": "model.safetensors", "size": 12, "sha256": "0" * 64}, {"name": "config.json", "size": 1 << 40, "sha256": "f" * 64}]}
    text = json.dumps(full)
    yield "good-full", text.encode()
    yield "good-least", json.dumps({"repository": "a/b", "files": full["files"][:1]}).encode()
    yield "bad-name", text.replace("config.json", "../config.json").encode()
    yield "bad-hidden", text.replace("config.json", ".config").encode()
    yield "bad-size", text.replace(str(1 << 40), "0").encode()
    yield "bad-hash", text.replace("f" * 64, "F" * 64).encode()
    yield "bad-repository", text.replace("owner/name", "owner").encode()
    yield "bad-no-files", json.dumps(dict(full, files=[])).encode()
    yield "address-https", b"https://huggingface.co/a?b#c"
    yield "address-loopback", b"http://[::1]:8080/x"
    yield "address-user", b"https://user:password@host/"
    yield "address-file", b"file:///etc/passwd"
    yield "address-broken", b"http://%zz:99999999/"


def journal_seeds():
    body = struct.pack("<iiii65s65s17sx4xQ" if struct.calcsize("65s65s17s") % 8 else "<iiii65s65s17sQ", 1, 640, 480, 0, b"a" * 64, b"b" * 64, b"PA", 7)
    entries = [(1, b'{"a":1}\0'), (2, body + b"a.png\0\0"), (3, b""), (2, body + b"b.png\0broken\0"), (4, b""), (5, b"")]
    sealed = b"".join(bytes([kind, len(text)]) + text for kind, text in entries)
    yield "good-all", b"\1" + sealed
    yield "good-job", b"\1" + sealed[:10]
    yield "good-unknown", b"\1" + b"\x77\0"
    yield "bad-record-short", b"\1" + b"\2\3abc"
    yield "bad-record-no-end", b"\1" + bytes([2, len(body) + 1]) + body + b"a"
    yield "bad-job-no-end", b"\1" + b"\1\2{}"
    yield "bad-raw", b"\0DEMB" + b"\0" * 60
    yield "bad-empty", b"\1"


def archive_seeds():
    png = seeds_pictures.png(3, 2, 8, 0)

    def tar(mode, members, form=tarfile.GNU_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:" + mode, format=form) as archive:
            for name, data, kind in members:
                entry = tarfile.TarInfo(name)
                entry.size, entry.type = len(data), kind
                entry.linkname = "elsewhere" if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE) else ""
                archive.addfile(entry, io.BytesIO(data))
        return out.getvalue()

    members = [("a.png", png, tarfile.REGTYPE), ("x/./b.png", png, tarfile.REGTYPE), ("c.txt", b"text", tarfile.REGTYPE), ("l.png", b"", tarfile.SYMTYPE), (".h.png", png, tarfile.REGTYPE)]
    yield "good-gz", tar("gz", members)
    yield "good-bz2", tar("bz2", members)
    yield "good-xz", tar("xz", members)
    yield "good-plain", tar("", members[:2])[:3072]
    yield "good-pax", tar("gz", [("é" * 60 + ".png", png, tarfile.REGTYPE)], tarfile.PAX_FORMAT)
    yield "good-ustar", tar("gz", members, tarfile.USTAR_FORMAT)
    yield "bad-no-picture", tar("gz", members[2:3])
    yield "bad-cut-short", tar("gz", members)[:60]
    yield "bad-empty", b""
    yield "bad-text", b"this is no archive" * 40


def command_line_seeds():
    lines = {
        "good-info": "info a.png b.dcm --json", "good-info-short": "info -qm demo -t4 a.png", "good-features": "features a.png -o f.npy --what=cls+patches --block 3 --dtype f16 --attention 1,2",
        "good-map": "map a.png -o m.png --overlay similarity --set row=2 --set pins=1:2,3:4 --set facet=query --set norm=false --opacity 0.25 --range 0:0.01 --size model --contours 3 --smooth guided",
        "good-pca": "map --overlay pca -s components=1-3 -s mask=true -s block=3 a.png -o m.png --threshold -1e-3",
        "good-window": "info a.dcm --window 40:400:sigmoid --invert yes --frame 2", "good-window-number": "info a.dcm --window 3 --model-input window",
        "good-help": "--help", "good-version": "-V", "good-operands": "info -- --a -b", "good-before": "--quiet --json info a",
        "good-embed": "embed folder -o out --shard 3/7 --hash-names --patches", "good-cluster": "cluster x.npy -k 4 --seed 1 --map tsne --perplexity 30 -o out",
        "good-neighbors": "neighbors index --query a.png --where view=PA --exclude-same patient", "good-probe": "probe train e --table t.csv --label l --folds 5 -o h.safetensors",
        "bad-command": "inform a.png", "bad-option": "info --nothing a", "bad-number": "info -t 0 a", "bad-real": "map a --opacity 1.5", "bad-choice": "info a --fit stretch",
        "bad-no-value": "info a --model", "bad-flag-value": "info --json=1 a", "bad-others": "info --opacity 0.5 a", "bad-nothing": "", "bad-letter": "info -Z a",
    }
    for name, line in lines.items():
        yield name, b"".join(word.encode() + b"\0" for word in line.split(" "))
    yield "bad-empty-name", b"info\0\0"
    yield "bad-utf-8", b"info\0--\xff\xfe\0"


def message_pipe_seeds():
    import gi
    gi.require_version("GLib", "2.0")
    from gi.repository import GLib

    def frame(values):
        body = GLib.Variant("a{sv}", values).get_data_as_bytes().get_data()
        return struct.pack("<Q", len(body)) + body

    path = GLib.Variant("ay", b"/tmp/a.png\0")
    whole = {"answer": GLib.Variant("s", "map"), "serial": GLib.Variant("u", 3), "rows": GLib.Variant("i", 2), "columns": GLib.Variant("i", 1), "box": GLib.Variant("(dddd)", (0, 0, 10, 20)),
             "low": GLib.Variant("d", 0), "high": GLib.Variant("d", 1), "cells": GLib.Variant("ay", b"\1" * 8), "ramp": GLib.Variant("ay", b"\2" * 6), "title": GLib.Variant("s", "PCA"), "unit": GLib.Variant("s", "")}
    encode = {"request": GLib.Variant("s", "encode"), "serial": GLib.Variant("u", 1), "path": path}
    parameters = GLib.Variant("a{sv}", {"block": GLib.Variant("i", 1), "head": GLib.Variant("s", "mean")})
    request = {"request": GLib.Variant("s", "map"), "serial": GLib.Variant("u", 2), "overlay": GLib.Variant("s", "cls-attention"), "parameters": parameters}
    similarity = {"request": GLib.Variant("s", "map"), "overlay": GLib.Variant("s", "similarity"), "parameters": GLib.Variant("a{sv}", {"pins": GLib.Variant("a(ii)", [(1, 2), (3, 4)])})}
    yield "good-map", frame(whole)
    yield "good-map-request", frame(request)
    yield "good-both", frame(encode) + frame(request) + frame(whole)
    yield "good-similarity", frame(similarity)
    yield "bad-encode", frame(encode)
    yield "bad-cells", frame(dict(whole, rows=GLib.Variant("i", 3)))
    yield "bad-box", frame(dict(whole, box=GLib.Variant("(dddd)", (10, 0, 0, 20))))
    yield "bad-too-large", struct.pack("<Q", 1 << 40)
    yield "bad-cut-short", frame(whole)[:40]
    yield "bad-not-normal", struct.pack("<Q", 12) + b"\xff" * 12
    yield "bad-empty-message", struct.pack("<Q", 0)
    yield "bad-nothing", b""


SEEDS = {
    "archive": archive_seeds, "basis": basis_seeds, "boxes": boxes_seeds, "checkpoint": seeds_folders.checkpoint, "codestream": seeds_dicom.codestreams, "command-line": command_line_seeds,
    "config": seeds_folders.configs, "decoder": decoder_seeds, "dicom": seeds_dicom.files, "dicom-message": seeds_dicom.messages, "dicom-request": seeds_dicom.requests,
    "embeddings": seeds_folders.embeddings, "exif": seeds_pictures.exifs, "head": head_seeds, "index": seeds_folders.index, "journal": journal_seeds, "jpeg": seeds_pictures.jpegs,
    "manifest": manifest_seeds, "message-pipe": message_pipe_seeds, "npy": npy_seeds, "packed": packed_seeds, "png": seeds_pictures.pngs, "probe-head": probe_head_seeds,
    "processor": seeds_folders.processors, "safetensors": safetensors_seeds, "safetensors-header": header_seeds, "sidecar": sidecar_seeds, "table": table_seeds,
}


def main(names):
    for name in names or sorted(SEEDS):
        folder = HERE / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        n = 0
        for seed, data in SEEDS[name]():
            (folder / seed).write_bytes(data)
            n += 1
        print("%s: %d files" % (name, n))


if __name__ == "__main__":
    main(sys.argv[1:])
