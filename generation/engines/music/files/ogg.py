"""Ogg streams with a fixed serial number: libsndfile draws one at random, which would make equal files differ."""

import struct
import zlib
from typing import BinaryIO

SERIAL = 0x4D434149
_HEADER = 27
_SERIAL_AT, _CHECKSUM_AT, _SEGMENTS_AT = 14, 22, 26
_ONES = 0xFFFFFFFF
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def fix_serial(stream: BinaryIO, serial: int = SERIAL) -> None:
    """Give every page of an Ogg stream (RFC 3533) the serial number, and its checksum again, in place."""
    stream.seek(0)
    data = bytearray(stream.read())
    offset = 0
    while offset < len(data):
        table = offset + _HEADER
        end = table + data[offset + _SEGMENTS_AT] + sum(data[table : table + data[offset + _SEGMENTS_AT]])
        struct.pack_into("<I", data, offset + _SERIAL_AT, serial)
        struct.pack_into("<I", data, offset + _CHECKSUM_AT, 0)
        struct.pack_into("<I", data, offset + _CHECKSUM_AT, checksum(bytes(data[offset:end])))
        offset = end
    stream.seek(0)
    stream.write(data)


def checksum(page: bytes) -> int:
    """Return the CRC-32 of an Ogg page: polynomial 0x04c11db7, neither reflected nor inverted.

    It is zlib's CRC of the bytes with their bits in reverse, reversed again, without zlib's two inversions.
    """
    reflected = zlib.crc32(page.translate(_REVERSED), _ONES) ^ _ONES
    return int(f"{reflected:032b}"[::-1], 2)
