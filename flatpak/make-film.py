#!/usr/bin/env python3
"""make-film.py OUT.dcm: a small grey DICOM file, uncompressed, of no person."""

import struct
import sys

SIZE = 512
CLASS = "1.2.840.10008.5.1.4.1.1.1.1"
LITTLE_ENDIAN = "1.2.840.10008.1.2.1"


def element(group, number, kind, value):
    """Of explicit value representation, little endian."""
    if isinstance(value, str):
        value = value.encode("ascii")
        if len(value) % 2:
            value += b"\0" if kind == "UI" else b" "
    elif isinstance(value, int):
        value = struct.pack("<H", value)
    head = struct.pack("<HH2s", group, number, kind.encode("ascii"))
    if kind in ("OB", "OW"):
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def main():
    samples = struct.pack(f"<{SIZE * SIZE}H", *(x * y * 4095 // (SIZE * SIZE) for y in range(SIZE) for x in range(SIZE)))
    meta = (
        element(2, 1, "OB", b"\0\1")
        + element(2, 2, "UI", CLASS)
        + element(2, 3, "UI", "2.25.1")
        + element(2, 0x10, "UI", LITTLE_ENDIAN)
        + element(2, 0x12, "UI", "2.25.2")
    )
    data = (
        element(8, 0x16, "UI", CLASS)
        + element(8, 0x18, "UI", "2.25.1")
        + element(8, 0x60, "CS", "DX")
        + element(0x28, 2, "US", 1)
        + element(0x28, 4, "CS", "MONOCHROME2")
        + element(0x28, 0x10, "US", SIZE)
        + element(0x28, 0x11, "US", SIZE)
        + element(0x28, 0x100, "US", 16)
        + element(0x28, 0x101, "US", 12)
        + element(0x28, 0x102, "US", 11)
        + element(0x28, 0x103, "US", 0)
        + element(0x7FE0, 0x10, "OW", samples)
    )
    with open(sys.argv[1], "wb") as file:
        file.write(b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + data)


main()
