"""Small PNG and JPEG files, right or wrong."""
import shutil
import struct
import subprocess
import zlib


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def rows_of(width, height, depth, channels, interlaced):
    data = b""
    for x0, y0, dx, dy in PASSES if interlaced else ((0, 0, 1, 1),):
        columns, lines = (width - x0 + dx - 1) // dx, (height - y0 + dy - 1) // dy
        if columns < 1:
            continue
        for y in range(lines):
            bits = columns * channels * depth
            data += bytes([y % 5]) + bytes((17 * y + 31 * i) & 255 for i in range((bits + 7) // 8))
    return data


def png(width, height, depth, color, extra=b"", interlaced=False, palette=True):
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    colors = bytes(i * 7 & 255 for i in range(3 << depth)) if color == 3 and palette else None
    result = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced))
    result += (chunk(b"PLTE", colors) if colors else b"") + extra
    result += chunk(b"IDAT", zlib.compress(rows_of(width, height, depth, channels, interlaced), 9))
    return result + chunk(b"IEND")


def tiff(orientation, order="<", at=8, kind=3):
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    return start + b"\0" * (at - 8) + struct.pack(order + "HHHIHHI", 1, 0x0112, kind, 1, orientation, 0, 0)


def pngs():
    for color, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16))):
        for depth in depths:
            yield "good-%d-%d" % (color, depth), png(5, 3, depth, color)
    yield "good-interlaced-16", png(9, 9, 16, 0, interlaced=True)
    yield "good-interlaced-1", png(9, 9, 1, 0, interlaced=True)
    yield "good-interlaced-rgba", png(9, 9, 8, 6, interlaced=True)
    yield "good-one-pixel", png(1, 1, 8, 0)
    yield "good-exif", png(5, 3, 8, 0, chunk(b"eXIf", tiff(6)))
    yield "good-exif-16", png(5, 3, 16, 0, chunk(b"eXIf", tiff(3, ">")))
    yield "good-gamma", png(5, 3, 8, 0, chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sRGB", b"\0"))
    yield "good-transparent-grey", png(5, 3, 8, 0, chunk(b"tRNS", b"\0\1"))
    yield "good-transparent-rgb", png(5, 3, 8, 2, chunk(b"tRNS", b"\0\1\0\2\0\3"))
    yield "good-transparent-palette", png(5, 3, 4, 3, chunk(b"tRNS", b"\0\1\2"))
    yield "good-texts", png(5, 3, 8, 0, chunk(b"tEXt", b"a\0b") + chunk(b"zTXt", b"a\0\0" + zlib.compress(b"b" * 100)) + chunk(b"iTXt", b"a\0\0\0\0\0b"))
    profile = zlib.compress(struct.pack(">I", 132) + b"\0" * 8 + b"mntrGRAYXYZ " + b"\0" * 12 + b"acsp" + b"\0" * 92)
    yield "good-profile", png(5, 3, 8, 0, chunk(b"iCCP", b"x\0\0" + profile))
    whole = png(5, 3, 8, 0)
    for name, change in (("signature-1", (1, 0)), ("signature-cr", (4, 0x20)), ("header-sum", (29, 0)), ("color-1", (25, 1)), ("color-9", (25, 9)), ("depth-0", (24, 0)), ("depth-3", (24, 3)), ("depth-99", (24, 99))):
        damaged = bytearray(whole)
        damaged[change[0]] = change[1] if damaged[change[0]] != change[1] else change[1] ^ 1
        if not name.endswith("sum"):
            damaged[29:33] = struct.pack(">I", zlib.crc32(damaged[12:29]))
        yield "bad-" + name, bytes(damaged)
    yield "bad-no-data", whole[:33] + chunk(b"IEND")
    yield "bad-cut-short", whole[:-20]
    yield "bad-data-sum", whole.replace(whole[-16:-12], b"\0\0\0\0")
    yield "bad-adler", png(5, 3, 8, 0).replace(zlib.compress(rows_of(5, 3, 8, 1, False), 9), zlib.compress(rows_of(5, 3, 8, 1, False), 9)[:-1] + b"\0")
    yield "bad-palette", png(5, 3, 8, 3).replace(chunk(b"PLTE", bytes(i * 7 & 255 for i in range(768))), chunk(b"PLTE", b"\1\2\3"))
    yield "bad-no-palette", png(5, 3, 8, 3, palette=False)
    yield "bad-huge", png(5, 3, 8, 0).replace(chunk(b"IHDR", struct.pack(">IIBBBBB", 5, 3, 8, 0, 0, 0, 0)), chunk(b"IHDR", struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 0, 0, 0, 0)))
    yield "bad-empty", b""
    for kind in (b"iCCP", b"eXIf", b"tEXt", b"juNk", b"PLTE", b"IDAT", b"tRNS"):
        yield "bad-huge-chunk-" + kind.decode(), whole[:33] + struct.pack(">I", 0x7fffffff) + kind + b"\0" * 12


def encode(*options):
    """A picture of 19 by 13 pixels by ImageMagick, without anything but the picture."""
    tool = shutil.which("convert") or shutil.which("magick")
    return subprocess.run([tool, "-size", "19x13", "-seed", "1", "gradient:black-white", "-strip", *options], capture_output=True, check=True).stdout


def with_exif(jpeg, exif):
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + jpeg[2:]


def jpegs():
    grey = encode("-colorspace", "gray", "-quality", "80", "jpg:-")
    color = encode("-fill", "red", "-colorize", "30", "-sampling-factor", "4:2:0", "jpg:-")
    yield "good-grey", grey
    yield "good-color-420", color
    yield "good-color-444", encode("-fill", "red", "-colorize", "30", "-sampling-factor", "4:4:4", "jpg:-")
    yield "good-color-422", encode("-fill", "red", "-colorize", "30", "-sampling-factor", "4:2:2", "jpg:-")
    yield "good-progressive", encode("-colorspace", "gray", "-interlace", "JPEG", "jpg:-")
    yield "good-color-progressive", encode("-fill", "red", "-colorize", "30", "-interlace", "JPEG", "jpg:-")
    yield "good-cmyk", encode("-colorspace", "CMYK", "jpg:-")
    yield "good-restarts", encode("-colorspace", "gray", "-define", "jpeg:restart-interval=1", "jpg:-")
    for orientation in range(1, 9):
        yield "good-exif-%d" % orientation, with_exif(grey, tiff(orientation, "<>"[orientation % 2]))
    yield "good-exif-broken", with_exif(grey, b"II*\0\xff\xff\xff\xff")
    yield "good-profile", grey[:2] + b"\xff\xe2\0\x12ICC_PROFILE\0\1\1xx" + grey[2:]
    yield "good-bytes-between", grey[:2] + b"\0\0" + grey[2:]
    yield "bad-cut-short", grey[:-40]
    yield "bad-no-scan", grey[:grey.index(b"\xff\xda")] + b"\xff\xd9"
    yield "bad-arithmetic", grey.replace(b"\xff\xc0", b"\xff\xc9")
    yield "bad-lossless", grey.replace(b"\xff\xc0", b"\xff\xc3")
    yield "bad-12-bits", grey.replace(b"\xff\xc0\0\x0b\x08", b"\xff\xc1\0\x0b\x0c")
    yield "bad-huge", grey.replace(b"\xff\xc0\0\x0b\x08\0\x0d\0\x13", b"\xff\xc0\0\x0b\x08\xff\xff\xff\xff")
    yield "bad-no-tables", b"\xff\xd8" + grey[grey.index(b"\xff\xc0"):]
    yield "bad-empty", b""


def exifs():
    for orientation in (0, 1, 6, 8, 9):
        for order in "<>":
            name = "good" if 1 < orientation < 9 else "bad"
            yield "%s-%d-%s" % (name, orientation, "II" if order == "<" else "MM"), tiff(orientation, order)
    yield "good-later", tiff(5, ">", at=40)
    yield "bad-kind", tiff(6, kind=2)
    yield "bad-beyond-end", tiff(6)[:20]
    yield "bad-offset", b"MM\0*\xff\xff\xff\xf0\0\1"
    for room in range(4):
        yield "bad-offset-%d-before-end" % room, b"MM\0*" + struct.pack(">I", 12 - room) + b"\0\0\0\1"
    yield "count", b"II*\0\x08\0\0\0\xff\xff" + tiff(6)[10:]
    yield "good-in-jpeg", with_exif(b"\xff\xd8\xff\xe0\0\4ab\xff\xda", tiff(7))
    yield "bad-jpeg-length", b"\xff\xd8\xff\xe1\0\1Exif"
    yield "bad-jpeg-short", with_exif(b"\xff\xd8", tiff(7))[:20]
    yield "bad-empty", b""
