"""Pictures with planted strings that would lead to a person: what must not come
out of any command, export, title, log, cache or list of recent files."""
import re
import struct
import zlib

import numpy as np

from support import formula, png_bytes, png_chunk

# Of a person: nowhere.
NAME = "KANARIENVOGEL"
PATIENT_ID = "PID77661234"
ACCESSION = "ACC55443322"
UID = "1.2.826.0.1.3680043.9.7744.31415926"
BIRTH = "19330707"
STUDY_DATE = "20190417"
INSTITUTION = "ZEISIGHOSPITAL"
EXIF = "ROTKEHLCHEN"
TEXT = "ZAUNKOENIG"
PERSONAL = [NAME, PATIENT_ID, ACCESSION, UID, BIRTH, STUDY_DATE, INSTITUTION, EXIF, TEXT]
# Of the file: only in messages to the person and in what was asked for by name.
FILE = "WIEDEHOPF"


def element(group, number, kind, value):
    """One data element, explicit VR little endian (PS3.5 7.1.2)."""
    if isinstance(value, str):
        value = value.encode("ascii")
    if len(value) % 2:
        value += b"\0" if kind in ("UI", "OB") else b" "
    head = struct.pack("<HH", group, number) + kind.encode()
    if kind in ("OB", "OW", "SQ", "UN", "UT"):
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def short(group, number, value):
    return element(group, number, "US", struct.pack("<H", value))


def dicom_bytes(samples, extra=b"", photometric="MONOCHROME2", bits=12):
    """A CR radiograph of a planted person. samples is [h, w], uint16; extra is
    elements of group 0028 above 0106 or of a later group."""
    meta = element(2, 1, "OB", b"\0\1")
    meta += element(2, 2, "UI", "1.2.840.10008.5.1.4.1.1.1")
    meta += element(2, 3, "UI", UID + ".3")
    meta += element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    meta += element(2, 0x12, "UI", UID + ".4")
    body = element(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.1")
    body += element(8, 0x18, "UI", UID + ".3")
    body += element(8, 0x20, "DA", STUDY_DATE)
    body += element(8, 0x50, "SH", ACCESSION)
    body += element(8, 0x60, "CS", "CR")
    body += element(8, 0x80, "LO", INSTITUTION)
    body += element(8, 0x90, "PN", NAME + "^REFERRER")
    body += element(8, 0x1030, "LO", "STUDY OF " + NAME)
    body += element(0x10, 0x10, "PN", NAME + "^PLANTED")
    body += element(0x10, 0x20, "LO", PATIENT_ID)
    body += element(0x10, 0x30, "DA", BIRTH)
    body += element(0x10, 0x4000, "LT", TEXT)
    body += element(0x18, 0x5101, "CS", "PA")
    body += element(0x18, 0x1164, "DS", "0.2\\0.2")
    body += element(0x20, 0x0D, "UI", UID + ".1")
    body += element(0x20, 0x0E, "UI", UID + ".2")
    body += short(0x28, 2, 1)
    body += element(0x28, 4, "CS", photometric)
    body += short(0x28, 0x10, samples.shape[0]) + short(0x28, 0x11, samples.shape[1])
    body += short(0x28, 0x100, 16) + short(0x28, 0x101, bits) + short(0x28, 0x102, bits - 1) + short(0x28, 0x103, 0)
    body += extra
    body += element(0x7FE0, 0x10, "OW", samples.astype("<u2").tobytes())
    return b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def tiff(text):
    """EXIF data: an image description, an artist, orientation 1."""
    texts = [(0x10E, text.encode() + b" DESCRIPTION\0"), (0x13B, text.encode() + b" ARTIST\0")]
    out = b"II*\0" + struct.pack("<IH", 8, 3)
    place = 8 + 2 + 3 * 12 + 4
    tail = b""
    for tag, value in texts:
        out += struct.pack("<HHII", tag, 2, len(value), place + len(tail))
        tail += value
    out += struct.pack("<HHIHH", 0x112, 3, 1, 1, 0)
    return out + struct.pack("<I", 0) + tail


def plant_jpeg(data):
    """A JPEG file with EXIF, XMP and a comment put after its first marker."""
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + EXIF.encode() + b"</x>"
    planted = b""
    for marker, body in ((0xE1, b"Exif\0\0" + tiff(EXIF)), (0xE1, xmp), (0xFE, TEXT.encode())):
        planted += struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
    return data[:2] + planted + data[2:]


def plant_png(samples):
    """A PNG of samples with texts and EXIF before its end."""
    data = png_bytes(samples)
    planted = png_chunk(b"tEXt", b"Author\0" + TEXT.encode()) + png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(TEXT.encode()))
    planted += png_chunk(b"eXIf", tiff(EXIF))
    end = data.rindex(b"IEND") - 4
    return data[:end] + planted + data[end:]


def unpacked(data):
    """data, and what is compressed in it where it is a PNG."""
    yield data
    if data.startswith(b"\x89PNG"):
        for match in re.finditer(rb"(zTXt|iTXt|iCCP|eXIf|tEXt)", data):
            yield data[match.start() :]
            for start in range(match.end(), min(match.end() + 90, len(data))):
                try:
                    yield zlib.decompressobj().decompress(data[start:], 1 << 20)
                except zlib.error:
                    pass


def found(data, words):
    """Those of words that stand in data: as they are, or in UTF-16."""
    parts = list(unpacked(data))
    forms = {word: [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")] for word in words}
    return [word for word, shapes in forms.items() if any(shape in part for part in parts for shape in shapes)]


def film(height=70, width=91):
    return formula(width, height).astype(np.uint16) * 16
