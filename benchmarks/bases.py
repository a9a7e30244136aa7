"""Small valid schemes in every form of input, which mutations.py damages or restyles."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

TESTS = Path(__file__).resolve().parents[1] / "tests"

SCHEME = """\
schema_version = 1
title = "Chỉ số"
issued_by = "UBND tỉnh"
bonus = { max = 10 }
penalty = { max = 10 }
[[groups]]
id = "so"
short = "Sở ngành"
name = "Sở, ban, ngành"
[[groups]]
id = "huyen"
short = "Huyện"
name = "UBND huyện"
"""
NAMES = {
    "noi-vu": ("Sở Nội vụ", "so"),
    "gddt": ("Sở Giáo dục và Đào tạo", "so"),
    "y-te": ("Sở Y tế", "so"),
    "my-tu": ("UBND huyện Mỹ Tú", "huyen"),
    "hoa-tu": ("UBND xã Hòa Tú 2", "huyen"),
}
TITLES = {"so": "Sở ngành", "huyen": "Huyện"}
LEAVES = {"1.1": "appraised", "1.2": "both", "2.1": "appraised", "2.10": "survey", "3": "appraised"}
RUBRIC = """\
year,group,code,name_vi,max_points,by,weight
2023,,1,Chỉ đạo điều hành,20,,
2023,,1.1,Kế hoạch,8,appraised,
2023,,1.2,Kiểm tra,12,both,
2023,,2,Thể chế,30,,
2023,,2.1,Xây dựng văn bản,10,appraised,
2023,,2.10,Rà soát,20,survey,
2023,,3,Chuyển đổi số,50,,
"""
MAXIMA = {row.split(",")[2]: (row.split(",")[3], row.split(",")[4]) for row in RUBRIC.splitlines()[1:]}
LABELS = {
    "self": "tự chấm",
    "appraised": "thẩm định",
    "survey": "điều tra",
    "bonus": "điểm cộng",
    "penalty": "điểm trừ",
}
FIELDS = (
    *((code, name) for code, by in LEAVES.items() for name in ("self", "appraised", "survey")
      if name == "self" or by in (name, "both")), ("", "bonus"), ("", "penalty"),
)  # fmt: skip
UNITS = "unit_id,name_vi,group,short_vi\n" + "".join(
    f"{unit},{name},{group},\n" for unit, (name, group) in NAMES.items()
)
POINTS = {
    (unit, code, name): f"{(53 + 7 * place) / 100:g}"
    for place, (unit, code, name) in enumerate((unit, *head) for unit in NAMES for head in FIELDS)
}
"""Every number is there once: points under another head are seen to be so."""


@dataclass(frozen=True)
class Base:
    """A valid scheme, and which of its files is damaged."""

    files: Mapping[str, bytes]
    target: str


@cache
def bases() -> dict[str, Base]:
    """Return a valid scheme in each form of input."""
    tables = {"scheme.toml": SCHEME.encode(), "units.csv": UNITS.encode(), "rubric.csv": RUBRIC.encode()}
    long, survey = _long_csv(","), _long_csv(",", only="survey")
    published = "unit,index_score,rank,grade\n" + "".join(f"{unit},8{at}.5{at},,\n" for at, unit in enumerate(NAMES))
    made: dict[str, Mapping[str, bytes]] = {
        "wide": {"scores/2024.xlsx": _wide()},
        "form": {"scores/2024.xlsx": _form()},
        "units": {"scores/2024/a.xlsx": _unit_sheets(), "scores/2024/b.csv": survey.encode()},
        "long": {"scores/2024.csv": long.encode()},
        "long-1258": {"scores/2024.csv": viet_1258(_long_csv(";", by_name=True))},
        "long-utf-16": {"scores/2024.csv": _long_csv(";", by_name=True).encode("utf-16")},
        "survey": {"scores/2024/b.csv": survey.encode(), "scores/2024/a.xlsx": _wide(without="survey")},
        "units.csv": {"units.csv": UNITS.encode(), "scores/2024.csv": long.encode()},
        "rubric.csv": {"rubric.csv": RUBRIC.encode(), "scores/2024.csv": long.encode()},
        "published": {"published/2024.csv": published.encode(), "scores/2024.csv": long.encode()},
    }
    found = {name: Base({**tables, **files}, next(iter(files))) for name, files in made.items()}
    sys.path.insert(0, str(TESTS))
    try:
        from inputs import FILES
    finally:
        sys.path.remove(str(TESTS))
    kept = {name: FILES[name].encode() for name in ("scheme.toml", "units.csv", "rubric.csv")}
    for ending in ("xls", "ods"):
        content = (TESTS / "forms" / f"2024.{ending}").read_bytes()
        found[ending] = Base({**kept, f"scores/2024.{ending}": content}, f"scores/2024.{ending}")
    # the forms that are filled in most often are damaged most often
    return {**found, **{f"{name}+": found[name] for name in ("wide", "form", "units", "long")}}


def _long_csv(delimiter: str, by_name: bool = False, only: str = "") -> str:
    heads = ["unit", "code", *([only] if only else ["self", "appraised", "survey", "bonus", "penalty", "note"])]
    rows = [heads]
    for unit, (name, _) in NAMES.items():
        for code in (*LEAVES, ""):
            texts = [POINTS.get((unit, code, head), "") for head in heads[2:]]
            if any(texts):
                rows.append([name if by_name else unit, code, *texts])
    return "".join(delimiter.join(row) + "\n" for row in rows)


def viet_1258(text: str) -> bytes:
    """Return text in Windows-1258, which has letters and tones apart."""
    out = ""
    for letter in text:
        tone = "".join(
            mark for mark in unicodedata.normalize("NFD", letter) if mark in "\u0300\u0309\u0303\u0301\u0323"
        )
        rest = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in tone)
        out += unicodedata.normalize("NFC", rest) + tone
    return out.encode("cp1258")


def _wide_rows(group: str, without: str = "") -> Iterator[list[Any]]:
    heads = [head for head in FIELDS if head[1] != without]
    if group == "so":
        yield ["BẢNG ĐIỂM CẢI CÁCH HÀNH CHÍNH NĂM 2024"]
    yield ["Mã đơn vị", "Tên đơn vị", *(code or None for code, _ in heads)]
    yield [None, None, *(MAXIMA[code][0] if code else None for code, _ in heads)]
    yield [None, None, *(LABELS[name] for _, name in heads)]
    yield [None, None, *(float(MAXIMA[code][1]) if code else None for code, _ in heads)]
    for unit, (name, own) in NAMES.items():
        if own == group:
            texts = enumerate(POINTS[unit, *head] for head in heads)
            yield [unit, name, *(text.replace(".", ",") if at % 7 == 3 else float(text) for at, text in texts)]


def _wide(without: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for group, title in TITLES.items():
        sheet: Any = book.create_sheet(title)
        for row in _wide_rows(group, without):
            sheet.append(row)
    return saved(book)


def _form() -> bytes:
    """Return the wide form as xlsxwriter writes it: texts in a table of their own, formats, formulas with values."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})
        points = book.add_format({"num_format": "0.00", "locked": False})
        for group, title in TITLES.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(_wide_rows(group)):
                sheet.write_row(at, 0, row, points)
                if len(row) > 5 and isinstance(row[4], float) and row[0]:
                    sheet.write_formula(at, 4, f"={row[4]}+0", points, row[4])
            sheet.freeze_panes(4, 2)
            sheet.protect()
    return content.getvalue()


def _unit_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for unit, (name, _) in NAMES.items():
        sheet: Any = book.create_sheet(name)
        sheet.append(["Đơn vị: " + name])
        sheet.append(["Tiêu chí", "Nội dung", "Điểm tối đa", "Tự chấm", "Thẩm định", "Bị trừ", "Thẩm định sau khi trừ"])
        for code, (title, most) in MAXIMA.items():
            own, points = (POINTS.get((unit, code, name)) for name in ("self", "appraised"))
            numbers = [float(text) if text else None for text in (own, points)]
            taken = None if numbers[1] is None else round(numbers[1] + 0.25, 2)
            roman = {"1": "I", "2": "II", "3": "III"}.get(code, code)
            sheet.append([roman, title, float(most), numbers[0], taken, 0.25 if points else None, numbers[1]])
        sheet.append(["Tổng cộng", None, 100.0, 12.5])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook, without the time at which they were made."""
    content = BytesIO()
    book.save(content)
    members = members_of(content.getvalue())
    core = "docProps/core.xml"
    members[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", members[core])
    return zipped(members)


def members_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return parts as a zip."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()
