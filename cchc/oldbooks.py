"""The bounds of .xls files: how far apart their cells stand, found before anything is built from them.

calamine makes room for every cell between the first and the last, and ends the whole program where there is none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from cchc.sheets import MOST_CELLS, TooBigError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_STREAMS = ("Workbook", "Book")
_LAST = 0xFFFFFFFA
"""Numbers from here up are no sectors."""
_BOF = (0x0009, 0x0209, 0x0409, 0x0809)
# formula, number (two forms), text (three), boolean or error; several numbers in one record. Blanks take no room.
_CELLS = (0x0006, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0205)
_ROWS = (0x00BD,)


def check_bounds(path: Path) -> None:
    """Refuse a .xls file whose cells span more than any form.

    Raises
    ------
    TooBigError
        They do, in one sheet or in all of them together.
    ValueError, struct.error
        The file is damaged.
    """
    total = 0
    left = top = right = bottom = -1
    for kind, content in _records(_stream(path.read_bytes())):
        if kind in _BOF:
            left = top = right = bottom = -1
        elif (kind in _CELLS or kind in _ROWS) and len(content) >= 4:
            row, column = struct.unpack_from("<HH", content)
            last = struct.unpack_from("<H", content, len(content) - 2)[0] if kind in _ROWS else column
            before = (right - left + 1) * (bottom - top + 1) if left >= 0 else 0
            left, right = min(left, column) if left >= 0 else column, max(right, last)
            top, bottom = min(top, row) if top >= 0 else row, max(bottom, row)
            total += (right - left + 1) * (bottom - top + 1) - before
            if total > MOST_CELLS:
                raise TooBigError


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(content: bytes) -> bytes:
    """Return the stream of the workbook in a compound file; the file itself where it is none (before Excel 5)."""
    if not content.startswith(OLE):
        return content
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 20)
    first_directory, least = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 56)[0]
    table = _table(content, size)
    directory = _chain(content, size, table, first_directory)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") in _STREAMS:
            start, total = struct.unpack_from("<II", entry, 116)
            if total >= least:
                return _chain(content, size, table, start)[:total]
            # a stream so short stands in small sectors, which are a stream of their own: that of the first entry
            small = 1 << min(struct.unpack_from("<H", content, 32)[0], 20)
            of_small = _chain(content, size, table, struct.unpack_from("<I", content, 60)[0])
            followers = [*struct.unpack(f"<{len(of_small) // 4}I", of_small)]
            whole = _chain(content, size, table, struct.unpack_from("<I", entries[0], 116)[0])
            return _chain(bytes(small) + whole, small, followers, start)[:total]
    return b""


def _table(content: bytes, size: int) -> list[int]:
    """Return which sector follows each sector."""
    sectors = [*struct.unpack_from("<109I", content, 76)]
    more = struct.unpack_from("<I", content, 68)[0]
    seen: set[int] = set()
    while more < _LAST and more not in seen:
        seen.add(more)
        numbers = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += numbers[:-1]
        more = numbers[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _LAST:
            table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


def _chain(content: bytes, size: int, table: list[int], sector: int) -> bytes:
    parts, seen = [], set[int]()
    while sector < len(table) and sector not in seen:
        seen.add(sector)
        parts.append(content[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(parts)
