"""Ways in which people and programs write, move and restyle the lines of a CSV file."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

from bases import viet_1258
from cell_mutations import VALUES, other_text


def _encoding(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8"


def _text(change: Callable[[list[str], str, Random], list[str]]) -> Callable[[bytes, Random], bytes]:
    def mutate(content: bytes, random: Random) -> bytes:
        encoding = _encoding(content)
        lines = content.decode(encoding).split("\n")
        delimiter = max(",;\t|", key=lines[0].count)
        made = "\n".join(change(lines, delimiter, random))
        return viet_1258(made) if encoding == "cp1258" else made.encode(encoding)

    return mutate


def _fields(lines: list[str], delimiter: str, random: Random, other: Callable[[str], str]) -> list[str]:
    for _ in range(random.choice((1, 1, 3))):
        at = random.randrange(len(lines))
        cells = lines[at].split(delimiter)
        place = random.randrange(len(cells))
        cells[place] = other(cells[place])
        lines[at] = delimiter.join(cells)
    return lines


def _csv_value(lines: list[str], delimiter: str, random: Random) -> list[str]:
    def other(text: str) -> str:
        made = f"{random.choice((*VALUES, text, text))}"
        return f'"{made}"' if delimiter in made or random.random() < 0.2 else made

    return _fields(lines, delimiter, random, other)


def _csv_text(lines: list[str], delimiter: str, random: Random) -> list[str]:
    return _fields(lines, delimiter, random, lambda text: str(other_text(text, random)).replace("\n", ""))


def _csv_line(lines: list[str], delimiter: str, random: Random) -> list[str]:
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    what = random.randrange(6)
    if what == 0:
        lines.insert(other, lines[at])
    elif what == 1:
        lines[at], lines[other] = lines[other], lines[at]
    elif what == 2:
        del lines[at]
    elif what == 3:
        lines.insert(at, random.choice(("", delimiter * 3, "Ghi chú", "#", delimiter * 30, " ", "\u00a0")))
    elif what == 4:
        lines[at] += random.choice((delimiter, delimiter + "7", " ", delimiter + '"', "\r"))
    else:
        lines[at] = lines[at].rpartition(delimiter)[0]
    return lines


def _csv_column(lines: list[str], delimiter: str, random: Random) -> list[str]:
    rows = [line.split(delimiter) for line in lines if line]
    one, other = random.randrange(len(rows[0])), random.randrange(len(rows[0]))
    start, what = random.choice((0, 0, 1)), random.randrange(4)
    for row in rows[start:]:
        if len(row) <= max(one, other):
            continue
        if what == 0:
            row[one], row[other] = row[other], row[one]
        elif what == 1:
            row.insert(other, row[one])
        elif what == 2:
            del row[one]
        else:
            row.insert(one, "")
    return [delimiter.join(row) for row in rows] + [""]


def _csv_quotes(lines: list[str], delimiter: str, random: Random) -> list[str]:
    at = random.randrange(len(lines))
    place = random.randrange(len(lines[at]) + 1)
    mark = random.choice(('"', '""', '"\n', "'", '"x"'))
    if random.random() < 0.4:
        return [delimiter.join(f'"{cell}"' for cell in line.split(delimiter)) if line else "" for line in lines]
    lines[at] = lines[at][:place] + mark + lines[at][place:]
    return lines


def _csv_delimiter(lines: list[str], delimiter: str, random: Random) -> list[str]:
    other = random.choice(",;\t|")
    chosen = lines if random.random() < 0.6 else random.sample(lines, 1)
    comma = random.random() < 0.5
    return [
        (line.replace(".", ",") if comma and number else line).replace(delimiter, other) if line in chosen else line
        for number, line in enumerate(lines)
    ]


def _csv_encoding(content: bytes, random: Random) -> bytes:
    text = content.decode(_encoding(content)).removeprefix("\ufeff")
    text = unicodedata.normalize(random.choice(("NFC", "NFD")), text)
    what = random.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "1258", "cp1252", "utf-32"))
    text = random.choice((text, text.replace("\n", "\r\n"), text.replace("\n", "\r"), text + "\x1a", "\n" + text))
    return viet_1258(text) if what == "1258" else text.encode(what, "replace")


CSV: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "csv value": _text(_csv_value), "csv text": _text(_csv_text), "csv line": _text(_csv_line),
    "csv column": _text(_csv_column), "csv quotes": _text(_csv_quotes), "csv delimiter": _text(_csv_delimiter),
    "csv encoding": _csv_encoding,
}  # fmt: skip
