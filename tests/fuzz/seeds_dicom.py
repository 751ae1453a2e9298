"""Small DICOM files, the messages of the helper that reads them, and requests
to it. Streams of JPEG-LS, lossless JPEG and JPEG 2000 lie in streams/."""
import struct
import zlib
from pathlib import Path

import seeds_pictures

STREAMS = Path(__file__).parent / "streams"
EXPLICIT, IMPLICIT, BIG, DEFLATED, RLE = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5")
LONG = ("OB", "OW", "SQ", "UN", "UT")
COLUMNS, ROWS = 6, 4


class Set:
    def __init__(self, syntax=EXPLICIT, **changes):
        self.syntax, self.order = syntax, ">" if syntax == BIG else "<"
        self.elements = {}
        self.words(0x00280002, 1)
        self.text(0x00280004, "CS", "MONOCHROME2")
        self.words(0x00280010, ROWS)
        self.words(0x00280011, COLUMNS)
        self.words(0x00280100, 16)
        self.words(0x00280101, 12)
        self.words(0x00280102, 11)
        self.words(0x00280103, 0)
        self.pixels([i * 150 for i in range(COLUMNS * ROWS)])

    def put(self, tag, vr, value):
        self.elements[tag] = (vr, value + (b" " if vr in ("CS", "DS", "IS", "LO", "LT", "ST", "SH", "PN") else b"\0") * (len(value) % 2))
        return self

    def text(self, tag, vr, text):
        return self.put(tag, vr, text.encode("latin-1"))

    def words(self, tag, *values, vr="US"):
        return self.put(tag, vr, struct.pack("%s%dH" % (self.order, len(values)), *(value & 0xffff for value in values)))

    def pixels(self, values):
        return self.words(0x7fe00010, *values, vr="OW")

    def remove(self, tag):
        del self.elements[tag]
        return self

    def element(self, tag, vr, value, length=None):
        head = struct.pack(self.order + "HH", tag >> 16, tag & 0xffff)
        length = len(value) if length is None else length
        if self.syntax == IMPLICIT:
            return head + struct.pack(self.order + "I", length) + value
        if vr in LONG:
            return head + vr.encode() + b"\0\0" + struct.pack(self.order + "I", length) + value
        return head + vr.encode() + struct.pack(self.order + "H", length & 0xffff) + value

    def item(self, value):
        return struct.pack(self.order + "HHI", 0xfffe, 0xe000, len(value)) + value

    def lut(self, tag, n, first, bits, values, data_vr="OW"):
        inner = Set.__new__(Set)
        inner.syntax, inner.order, inner.elements = self.syntax, self.order, {}
        inner.words(0x00283002, n, first, bits)
        inner.text(0x00283003, "LO", "a table")
        inner.words(0x00283006, *values, vr=data_vr)
        return self.put(tag, "SQ", self.item(inner.body()))

    def body(self):
        return b"".join(self.element(tag, *self.elements[tag]) for tag in sorted(self.elements))

    def fragments(self, *streams):
        """Compressed pixel data: an empty offset table, and a fragment each."""
        items = self.item(b"") + b"".join(self.item(stream + b"\0" * (len(stream) % 2)) for stream in streams)
        items += struct.pack("<HHI", 0xfffe, 0xe0dd, 0)
        self.elements.pop(0x7fe00010)
        return self.body() + self.element(0x7fe00010, "OB", items, 0xffffffff)

    def file(self, body=None):
        body = self.body() if body is None else body
        if self.syntax == DEFLATED:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            body = deflate.compress(body) + deflate.flush()
        meta = Set.__new__(Set)
        meta.syntax, meta.order, meta.elements = EXPLICIT, "<", {}
        meta.put(0x00020001, "OB", b"\0\1")
        meta.put(0x00020002, "UI", b"1.2.840.10008.5.1.4.1.1.1.1")
        meta.put(0x00020003, "UI", b"1.2.3")
        meta.put(0x00020010, "UI", self.syntax.encode())
        text = meta.body()
        return b"\0" * 128 + b"DICM" + meta.element(0x00020000, "UL", struct.pack("<I", len(text))) + text + body


def rle(values, n_segments=2):
    segments = [bytes([len(values) - 1]) + bytes(value >> shift & 255 for value in values) for shift in ((8, 0) if n_segments == 2 else (0,))]
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    return struct.pack("<16I", n_segments, *offsets, *[0] * (15 - n_segments)) + b"".join(segments)


def stream(name):
    return (STREAMS / name).read_bytes()


def rich(syntax=EXPLICIT):
    """All that the reader looks at besides pixels."""
    data = Set(syntax)
    data.text(0x00080005, "CS", "ISO_IR 100").text(0x00080060, "CS", "DX").text(0x00100010, "PN", "Doe^J\xf6hn").text(0x00185101, "CS", "PA").text(0x00081030, "LO", "chest")
    data.text(0x00280030, "DS", "0.2\\0.3").text(0x00181164, "DS", "0.143\\0.143").text(0x00280402, "CS", "FIDUCIAL")
    data.text(0x00281050, "DS", "2048\\100").text(0x00281051, "DS", "4096\\200").text(0x00281055, "LO", "all\\part").text(0x00281056, "CS", "SIGMOID")
    data.text(0x00281052, "DS", "-1024").text(0x00281053, "DS", "1.5").text(0x00281054, "LO", "HU").text(0x20500020, "CS", "IDENTITY")
    data.words(0x00280120, 0).words(0x00280121, 5)
    return data


def files():
    values = [i * 150 for i in range(COLUMNS * ROWS)]
    for name, syntax in (("explicit", EXPLICIT), ("implicit", IMPLICIT), ("big-endian", BIG), ("deflated", DEFLATED)):
        yield "good-" + name, rich(syntax).file()
    yield "good-bare", rich(IMPLICIT).body()
    yield "good-8-bits", Set().words(0x00280100, 8).words(0x00280101, 8).words(0x00280102, 7).put(0x7fe00010, "OB", bytes(24)).file()
    yield "good-signed", Set().words(0x00280103, 1).pixels([i - 12 & 0xfff for i in range(24)]).file()
    yield "good-monochrome1", Set().text(0x00280004, "CS", "MONOCHROME1").text(0x20500020, "CS", "INVERSE").file()
    yield "good-high-bit", Set().words(0x00280102, 15).pixels([value << 4 & 0xffff for value in values]).file()
    yield "good-modality-table", Set().lut(0x00283000, 4, 0, 12, [0, 1, 2, 4095]).file()
    yield "good-voi-table", Set().lut(0x00283010, 4, -2, 8, [0x0100, 0x0302]).file()
    yield "good-voi-table-implicit", Set(IMPLICIT).lut(0x00283010, 4, 0, 16, [0, 1, 2, 3]).file()
    yield "good-frame-count-1", Set().text(0x00280008, "IS", "1").file()
    yield "good-utf-8", Set().text(0x00080005, "CS", "ISO_IR 192").put(0x00081030, "LO", "köpfe".encode()).file()
    data = Set(RLE)
    yield "good-rle", data.file(data.fragments(rle(values)))
    data = Set("1.2.840.10008.1.2.4.50").words(0x00280100, 8).words(0x00280101, 8).words(0x00280102, 7).words(0x00280010, 13).words(0x00280011, 19)
    yield "good-jpeg", data.file(data.fragments(seeds_pictures.encode("-colorspace", "gray", "jpg:-")))
    for name, syntax in (("jpeg-lossless", "1.2.840.10008.1.2.4.70"), ("jpeg-ls", "1.2.840.10008.1.2.4.80"), ("jpeg-2000", "1.2.840.10008.1.2.4.90")):
        data = Set(syntax)
        yield "good-" + name, data.file(data.fragments(stream(name)))
        data = Set(syntax)
        # DCMTK looks for the frame's header in the first fragment.
        yield "good-%s-fragments" % name, data.file(data.fragments(stream(name)[:60], stream(name)[60:]))
    data = Set(RLE).text(0x00280008, "IS", "2")
    yield "bad-frames-rle", data.file(data.fragments(rle(values), rle(values)))
    yield "bad-frames", Set().text(0x00280008, "IS", "2").pixels(values * 2).file()
    yield "bad-short", Set().pixels(values[:-1]).file()
    yield "bad-color", Set().text(0x00280004, "CS", "RGB").words(0x00280002, 3).file()
    yield "bad-bits", Set().words(0x00280100, 32).file()
    yield "bad-stored", Set().words(0x00280101, 17).file()
    yield "bad-size", Set().words(0x00280010, 65535).words(0x00280011, 65535).file()
    yield "bad-no-pixels", Set().remove(0x7fe00010).file()
    yield "bad-float", Set().put(0x7fe00008, "UN", b"\0" * 96).file()
    yield "bad-syntax", Set("1.2.840.10008.1.2.4.201").file()
    yield "bad-table", Set().lut(0x00283000, 4, 0, 20, [0, 1, 2, 3]).file()
    yield "bad-cut-short", rich().file()[:-10]
    yield "bad-only-head", b"\0" * 128 + b"DICM"
    yield "bad-empty", b""
    data = Set(RLE)
    yield "bad-rle-segments", data.file(data.fragments(rle(values, 1)))
    data = Set("1.2.840.10008.1.2.4.90").words(0x00280010, 9)
    yield "bad-other-size", data.file(data.fragments(stream("jpeg-2000")))


def codestreams():
    size = bytes([COLUMNS - 1, ROWS - 1])
    yield "good-jpeg-2000", size + stream("jpeg-2000")
    yield "good-jpeg-2000-lossy", size + stream("jpeg-2000-lossy")
    yield "bad-jpeg-2000-short", size + stream("jpeg-2000")[:-20]
    yield "bad-jpeg-2000-size", b"\5\5" + stream("jpeg-2000")
    yield "bad-jpeg", b"\x12\x0c" + seeds_pictures.encode("-colorspace", "gray", "jpg:-")
    yield "bad-jpeg-ls", size + stream("jpeg-ls")
    yield "bad-rle", size + rle([i * 150 for i in range(COLUMNS * ROWS)])
    yield "bad-empty", size


def text(value):
    return struct.pack("<I", len(value)) + value


def lut(values, first=0, bits=12):
    return struct.pack("<I", len(values)) + (struct.pack("<ii%dH" % len(values), first, bits, *values) if values else b"")


def message(width=6, height=4, offset=0, modality=(), voi=(), attributes=((b"ViewPosition", b"PA", 0),), spacing=(0, 0.0, 0.0), n_voi=None, padding=(0, 0, 0)):
    body = struct.pack("<ii", 12, offset) + text(b"12-bit grey, MONOCHROME2") + lut(modality)
    body += struct.pack("<ddi", 1.5, -1024, 1) + text(b"HU") + struct.pack("<iiiii", *padding, 0, 1)
    body += struct.pack("<I", len(voi) if n_voi is None else n_voi)
    for table, center, span, function, name in voi:
        body += lut(table) + struct.pack("<ddi", center, span, function) + text(name)
    body += struct.pack("<iddI", *spacing, len(attributes))
    for keyword, value, personal in attributes:
        body += text(keyword) + text(value) + struct.pack("<i", personal)
    return b"DINODCM1" + struct.pack("<IIII", 1, len(body), width, height) + body


def refusal(reason, a=0, b=0, words=b""):
    body = struct.pack("<iqq", reason, a, b) + text(words)
    return b"DINODCM1" + struct.pack("<IIII", 2, len(body), 0, 0) + body


def messages():
    voi = [((), 2048.0, 4096.0, 0, b"all"), ((0, 1, 2, 4095), 0.0, 1.0, 1, b"a table")]
    yield "good-plain", message()
    yield "good-rich", message(offset=-32768, modality=(0, 1, 4095), voi=voi, spacing=(2, 0.2, 0.3), padding=(1, -5, 7))
    for reason in range(1, 16):
        yield "good-refusal-%d" % reason, refusal(reason, 5, -1, b"words")
    yield "bad-refusal-0", refusal(0)
    yield "bad-refusal-16", refusal(16)
    yield "bad-refusal-control", refusal(1, words=b"a\x1b[2Jb")
    yield "bad-size", message(width=1 << 20, height=1 << 20)
    yield "bad-no-size", message(width=0)
    yield "bad-window", message(voi=[((), 0.0, -1.0, 0, b"")])
    yield "bad-nan", message(voi=[((), float("nan"), 1.0, 0, b"")])
    yield "bad-spacing", message(spacing=(1, 0.0, 1.0))
    yield "bad-n-voi", message(n_voi=1 << 31)
    yield "bad-utf-8", message(attributes=((b"A", b"\xff", 0),))
    yield "bad-attributes", message(attributes=((b"A", b"a", 0),) * 129)
    yield "bad-cut-short", message()[:60]
    yield "bad-more", message()[:12] + struct.pack("<I", len(message()) - 24 + 4) + message()[16:] + b"\0\0\0\0"
    yield "bad-magic", b"DINODCM2" + message()[8:]
    yield "bad-empty", b""


def requests():
    def request(width, height, words, pixels=None):
        return b"DINOSC1\0" + struct.pack("<III", width, height, len(words)) + words + (bytes(i & 255 for i in range(width * height * 3)) if pixels is None else pixels)

    yield "good-plain", request(3, 2, b"from a map")
    yield "good-odd", request(1, 1, "größe".encode())
    yield "good-no-text", request(2, 2, b"")
    yield "bad-short", request(3, 2, b"a")[:-1]
    yield "bad-long", request(3, 2, b"a") + b"\0"
    yield "bad-no-pixels", request(0, 2, b"a")
    yield "bad-huge", request(65535, 65535, b"a", b"")
    yield "bad-overflow", request(0xffffffff, 0xffffffff, b"a", b"")
    yield "bad-text", request(1, 1, b"a" * 1025)
    yield "bad-magic", b"DINOSC2" + request(1, 1, b"")[7:]
