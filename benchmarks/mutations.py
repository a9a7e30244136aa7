"""Small valid schemes in every form of input, and every way to damage or restyle one of their files at random.

A case is a number and a seed: the same two give the same files, so that each can be made again.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
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


@dataclass
class Case:
    """One damaged scheme: its files, and what was done to one of them."""

    base: str
    files: dict[str, bytes]
    target: str
    steps: list[str] = field(default_factory=list)


def make_case(seed: int, number: int) -> Case:
    """Return the files of a case: a base chosen by its number, changed in one to three ways."""
    random = Random(f"{seed}:{number}")
    names = list(bases())
    base = bases()[names[number % len(names)]]
    case = Case(names[number % len(names)], dict(base.files), base.target)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        choices = _mutations(case)
        name = random.choice(list(choices))
        try:
            case.files[case.target] = choices[name](case.files[case.target], random)
        except Exception:  # what an earlier step broke, this one may not be able to read
            continue
        case.steps.append(name)
    return case


def _mutations(case: Case) -> Mapping[str, Callable[[bytes, Random], bytes]]:
    if case.target.endswith(".csv"):
        return {**_RAW, **_CSV, **{f"{name} ": what for name, what in _CSV.items()}}
    if case.target.endswith(".xlsx"):
        return {**_ZIP, **_CELLS, "raw bytes": lambda content, random: random.choice([*_RAW.values()])(content, random)}
    return {**_ZIP, **_RAW} if case.target.endswith(".ods") else _RAW


# ----------------------------------------------------------------------------------------------------------- bases


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
        "long-1258": {"scores/2024.csv": _viet_1258(_long_csv(";", by_name=True))},
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


def _viet_1258(text: str) -> bytes:
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
    return _saved(book)


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
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook, without the time at which they were made."""
    content = BytesIO()
    book.save(content)
    members = _members(content.getvalue())
    core = "docProps/core.xml"
    members[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", members[core])
    return _zipped(members)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: Mapping[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


# ----------------------------------------------------------------------------------------------------------- bytes


def _flip(content: bytes, random: Random) -> bytes:
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 5))):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def _replace(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + random.choice(_BYTES) + content[at + random.choice((0, 1, 1, 2)) :]


def _cut(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    return content[:at] + content[at + random.choice((1, 1, 2, 8, 64, 512)) :]


def _truncate(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def _double(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content))
    part = content[at : at + random.choice((1, 4, 16, 64, 256))]
    return content[:at] + part + content[at:]


def _swap(content: bytes, random: Random) -> bytes:
    first, second = sorted(random.randrange(len(content)) for _ in range(2))
    size = min(random.choice((1, 2, 8)), second - first)
    left, right = content[first : first + size], content[second : second + size]
    return content[:first] + right + content[first + size : second] + left + content[second + size :]


_BYTES = (
    b"\0", b"\xff", b"\xfe\xff", b'"', b",", b";", b"\n", b"\r", b"\t", b"-", b"%", b"e", b"9", b"0", b".", b" ",
    b"<", b">", b"&", b"&#0;", b"&#10;", b"\xc2\xa0", b"\xe2\x80\x8b", b"\x1a", b"99999999999999999999", b"'", b"=",
)  # fmt: skip
_RAW: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "flip bits": _flip, "replace bytes": _replace, "cut bytes": _cut, "truncate": _truncate, "double bytes": _double,
    "swap bytes": _swap,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- zip


def _in_member(change: Callable[[bytes, Random], bytes]) -> Callable[[bytes, Random], bytes]:
    def mutate(content: bytes, random: Random) -> bytes:
        members = _members(content)
        inner = [name for name in members if members[name] and re.search(r"sheet|shared|styles|workbook|content", name)]
        name = random.choice([*inner, *(name for name in inner if "sheet" in name or "content" in name), *members])
        return _zipped({**members, name: change(members[name], random)})

    return mutate


_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TEXTS = (
    b"0", b"-1", b"1e3", b"1E+2", b"1e400", b"NaN", b"inf", b"-0", b"007", b"1.10", b"99999999999999999999", b"", b" ",
    b"0x10", b"1_000", b"4.0000000000000001", b"1048577", b"16385", b"2147483648", b"\xef\xbc\x97", b"1,5", b"true",
)  # fmt: skip


def _xml_number(content: bytes, random: Random) -> bytes:
    found = random.choice(list(_NUMBER.finditer(content)))
    return content[: found.start()] + random.choice(_TEXTS) + content[found.end() :]


def _xml_attribute(content: bytes, random: Random) -> bytes:
    found = random.choice(list(re.finditer(rb'(?: [\w:-]+)="([^"]*)"', content)))
    other = random.choice([*re.findall(rb'="([^"]*)"', content), *_TEXTS])
    if random.random() < 0.2:
        return content[: found.start()] + content[found.end() :]
    return content[: found.start(1)] + other + content[found.end(1) :]


def _xml_element(content: bytes, random: Random) -> bytes:
    """Take a whole element away, double it, or put it in another's place."""
    found = list(re.finditer(rb"<([\w:-]+)(?: [^>]*)?(?:/>|>(?:[^<]*|<[vft][ >/][^<]*(?:</[vft]>)?)*</\1>)", content))
    one, other = random.choice(found), random.choice(found)
    what = random.choice(("drop", "double", "copy"))
    if what == "drop":
        return content[: one.start()] + content[one.end() :]
    if what == "double":
        return content[: one.end()] + one.group() + content[one.end() :]
    return content[: one.start()] + other.group() + content[one.end() :]


def _xml_tokens(content: bytes, random: Random) -> bytes:
    tokens = _TOKEN.findall(content)
    at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    if random.random() < 0.5:
        tokens[at], tokens[other] = tokens[other], tokens[at]
    else:
        tokens[at] = tokens[other]
    return b"".join(tokens)


def _member_gone(content: bytes, random: Random) -> bytes:
    members = _members(content)
    gone = random.choice(list(members))
    if random.random() < 0.5:
        return _zipped({name: data for name, data in members.items() if name != gone})
    return _zipped({**members, gone: members[random.choice(list(members))]})


def _formula(content: bytes, random: Random) -> bytes:
    """Make a number of a sheet the stored value of a formula, or of none."""
    members = _members(content)
    name = random.choice([name for name in members if "worksheets/sheet" in name])
    found = random.choice(list(re.finditer(rb"<v>[^<]*</v>|<v/>", members[name])))
    made = random.choice((b"<f>SUM(A1:A2)</f>%b", b"<f>1+1</f><v></v>", b"<f>1+1</f><v/>", b"<f>1+1</f>", b"<f/>%b",
                          b'<f t="shared" si="0"/>%b', b"%b<f>2*3</f>", b"<v>7</v>%b", b"%b<v>7</v>",
                          b"<is><t>7</t></is>%b"))  # fmt: skip
    made = made.replace(b"%b", found.group())
    return _zipped({**members, name: members[name][: found.start()] + made + members[name][found.end() :]})


_ZIP: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "xml bytes": _in_member(lambda content, random: random.choice([*_RAW.values()])(content, random)),
    "xml number": _in_member(_xml_number), "xml attribute": _in_member(_xml_attribute),
    "xml element": _in_member(_xml_element), "xml tokens": _in_member(_xml_tokens), "member": _member_gone,
}  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- cells

VALUES: tuple[Any, ...] = (
    "85,19", "1.234,5", "1,234.5", " 7 ", "1e3", "−5", "-5", "+5", "１２", "٣", "²", "½", "NaN", "inf", "", " ", "\n",
    "'7", "7'", "7\u00a0", "\u200b7", "7 điểm", "1 2", "1,2,3", "1.2.3", "7.", ",5", "..", "0x10", "1_000", "7%",
    "350 %", "%", "KAD", "kad", " KAD ", "K.A.D", "KAD.", "không áp dụng", "=1+1", "=SUM(A1:A9)", "#N/A", "#DIV/0!",
    "-", "—", "x", 0, -0.0, -1, 7, 0.1 + 0.2, 1e300, 1e-300, 1e15, 123456789.123456789, 2**53 + 1, 2**63,
    10**17, True, False, 3.10, 0.30000000000000004, 4.000000000000001, 8.0000000000001, 1 / 3, "2024-01-02", "1/2",
    "01.02", "７,５", "7;5", "7，5", "\u202d7\u202c", "7\u0301", "1.234.567", "1,234,567", "1.23,4", "12.34.56",
    "00007", "7,50", "7.50", "9" * 400, "7" * 40,
)  # fmt: skip
FORMATS = ("0%", "0.00%", "@", "dd/mm/yyyy", "General", "0.0", "#,##0", "0.00E+00", '0" %"', "[h]:mm", "mmm-yy",
           "[Red]0%", "# ?/?", '0.0"đ"', "\\%0", "d.m")  # fmt: skip
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "noi-vu": ("Sở Nội Vụ", "SỞ NỘI VỤ", "sở  nội vụ", "Sở NV", " noi-vu ", "NOI-VU", "So Noi vu", "Sở Nội vụ.",
               "noi_vu"),
    "gddt": ("Sở GD&ĐT", "Sở GD và ĐT", "Sở Giáo dục & Đào tạo", "Sở Giáo dục và Ðào tạo", "Sở Giáo dục-Đào tạo",
             "sở gdđt"),
    "y-te": ("Sở Y Tế", "Sở y tế", "Sở YT", "Sở Y tế (mới)", "Y tế"),
    "my-tu": ("Huyện Mỹ Tú", "UBND H. Mỹ Tú", "UBND huyện Mỹ Tu", "Mỹ Tú", "Ủy ban nhân dân huyện Mỹ Tú",
              "UBND huyện Mĩ Tú"),
    "hoa-tu": ("UBND xã Hoà Tú 2", "UBND xã Hòa Tú II", "Xã Hòa Tú 02", "UBND xã Hòa Tú 1", "UBND xã Hòa Tú"),
}  # fmt: skip


def _cell(change: Callable[[Any, Random], None]) -> Callable[[bytes, Random], bytes]:
    def mutate(content: bytes, random: Random) -> bytes:
        book = openpyxl.load_workbook(BytesIO(content))
        sheet = random.choice(book.worksheets)
        if sheet.max_row > 5000 or sheet.max_column > 500:
            raise ValueError("what an earlier step put far away would make millions of cells here")
        change(sheet, random)
        return _saved(book)

    return mutate


def _points(sheet: Any, random: Random) -> Any:
    """Return a cell of the sheet, mostly one with a number."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    return random.choice(numbers if random.random() < 0.8 and numbers else cells)


def _set_value(sheet: Any, random: Random) -> None:
    for _ in range(random.choice((1, 2, 5))):
        cell = _points(sheet, random)
        cell.value = random.choice(VALUES)
        if random.random() < 0.2:
            cell.number_format = random.choice(FORMATS)


def _set_format(sheet: Any, random: Random) -> None:
    for _ in range(random.choice((1, 2, 9))):
        _points(sheet, random).number_format = random.choice(FORMATS)


def _as_text(sheet: Any, random: Random) -> None:
    for _ in range(random.choice((1, 3, 20))):
        cell = _points(sheet, random)
        if isinstance(cell.value, int | float):
            text = f"{cell.value:g}"
            cell.value = random.choice(
                (text, text.replace(".", ","), f" {text} ", f"{text}\u00a0", f"'{text}", f"{text}%")
            )


def _move(sheet: Any, random: Random) -> None:
    what, at = random.choice(("insert_rows", "insert_cols", "delete_rows", "delete_cols")), random.randint(1, 8)
    getattr(sheet, what)(at, random.choice((1, 1, 2, 5)))


def _exchange(sheet: Any, random: Random) -> None:
    """Exchange or copy two whole rows or columns, or a part of them."""
    by_row, is_copy = random.random() < 0.5, random.random() < 0.4
    most, across = (sheet.max_row, sheet.max_column) if by_row else (sheet.max_column, sheet.max_row)
    one, other = random.randint(1, most), random.randint(1, most + 1)
    for at in range(random.choice((1, 1, 1, 3, 6)), across + 1):
        first = sheet.cell(one, at) if by_row else sheet.cell(at, one)
        second = sheet.cell(other, at) if by_row else sheet.cell(at, other)
        if is_copy:
            second.value = first.value
        else:
            first.value, second.value = second.value, first.value


def _hide(sheet: Any, random: Random) -> None:
    what = random.choice(("row", "column", "sheet"))
    if what == "row":
        sheet.row_dimensions[random.randint(1, 8)].hidden = True
    elif what == "column":
        sheet.column_dimensions[random.choice("ABCDEFG")].hidden = True
    else:
        sheet.sheet_state = random.choice(("hidden", "veryHidden"))


def _merge(sheet: Any, random: Random) -> None:
    row, column = random.randint(1, 8), random.randint(1, 8)
    sheet.merge_cells(start_row=row, start_column=column, end_row=row + random.choice((0, 0, 1, 3)),
                      end_column=column + random.choice((0, 1, 1, 4)))  # fmt: skip


def _rename(sheet: Any, random: Random) -> None:
    """Write a unit, a code or a label in another way; or another one."""
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    cell = random.choice(cells)
    cell.value = _other_text(cell.value, random)


def _other_text(text: str, random: Random) -> Any:
    of_unit = next((VARIANTS[unit] for unit, (name, _) in NAMES.items() if text in (unit, name)), ())
    if of_unit and random.random() < 0.7:
        return random.choice(of_unit)
    if re.fullmatch(r"[\d.]+|[IV]+", text) and random.random() < 0.8:
        return random.choice(
            (*LEAVES, "1", "2", "I", "IV", "1.1.", "1.10", "01.1", "1,1", f" {text}", f"{text}.", 1.1, 2.1, 3, 2, "")
        )
    return random.choice((
        unicodedata.normalize("NFD", text), text.upper(), text.lower(), f" {text}\u00a0", text.replace(" ", "  "),
        f"{text}\n",
        text[:-1], text + "*", text.replace("đ", "d"), text.replace("Đ", "Ð"), f"={text}", *LABELS.values(), *NAMES,
        *(name for name, _ in NAMES.values()), "STT", "Tổng cộng", "Trung bình", "Ghi chú", "Nhóm I", "Khối sở", "",
        None,
    ))  # fmt: skip


def _add(sheet: Any, random: Random) -> None:
    """Add what people add: a sum row, a number column, a group's heading, a footnote, a far cell."""
    what, last = random.randrange(7), sheet.max_row
    if what == 0:
        sheet.append([random.choice((None, "Tổng cộng")), random.choice(("Trung bình", "Cộng", "Cao nhất", None)),
                      *(random.choice((7.5, None)) for _ in range(6))])  # fmt: skip
    elif what == 1:
        sheet.insert_cols(1)
        sheet.cell(random.randint(1, 4), 1).value = random.choice(("STT", "TT", "Số TT", "Hạng", None))
        for at in range(5, last + 1):
            sheet.cell(at, 1).value = at - 4
    elif what == 2:
        sheet.insert_rows(random.randint(5, last + 1))
        sheet.cell(random.randint(5, last + 1), random.choice((1, 2))).value = random.choice(
            ("Khối A", "I. Khối sở", "II", "Nhóm 1")
        )
    elif what == 3:
        sheet.cell(last + random.choice((1, 2, 9)), random.choice((1, 2, 5))).value = random.choice(
            ("Ghi chú: số liệu tạm", "(*) KAD", "Người lập biểu", 7, "Nguồn: 12")
        )
    elif what == 4:
        sheet.cell(random.choice((60, 900, 1_048_576)), random.choice((1, 9, 16_384))).value = random.choice(
            (7, "x", " ")
        )
    elif what == 5:
        sheet.insert_rows(1, random.choice((1, 3, 38, 45)))
        sheet.cell(1, 1).value = random.choice(("Bảng 1", 2024, None, "Sở Y tế"))
    else:
        sheet.cell(random.randint(1, last + 2), sheet.max_column + random.choice((1, 2))).value = random.choice(VALUES)


def _sheets(sheet: Any, random: Random) -> None:
    what, book = random.randrange(4), sheet.parent
    if what == 0:
        book.copy_worksheet(sheet).title = random.choice(
            ("Sao chép", "Sở ngành (2)", "Hướng dẫn", "sở ngành ", "Sở Y tế 2")
        )
    elif what == 1:
        sheet.title = random.choice(("Sở nghành", "SỞ NGÀNH", "Huyện", "Sheet1", "Sở Nội vụ", "Hướng dẫn"))
    elif what == 2:
        book.move_sheet(sheet, random.choice((-1, 1)))
    else:
        book.remove(sheet)


_CELLS: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "value": _cell(_set_value), "value ": _cell(_set_value), "format": _cell(_set_format),
    "text number": _cell(_as_text),
    "moved": _cell(_move), "exchanged": _cell(_exchange), "exchanged ": _cell(_exchange), "hidden": _cell(_hide),
    "merged": _cell(_merge), "renamed": _cell(_rename), "renamed ": _cell(_rename), "added": _cell(_add),
    "sheets": _cell(_sheets), "formula": _formula, "formula ": _formula,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- csv


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
        return _viet_1258(made) if encoding == "cp1258" else made.encode(encoding)

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
    return _fields(lines, delimiter, random, lambda text: str(_other_text(text, random)).replace("\n", ""))


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
    return _viet_1258(text) if what == "1258" else text.encode(what, "replace")


_CSV: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "csv value": _text(_csv_value), "csv text": _text(_csv_text), "csv line": _text(_csv_line),
    "csv column": _text(_csv_column), "csv quotes": _text(_csv_quotes), "csv delimiter": _text(_csv_delimiter),
    "csv encoding": _csv_encoding,
}  # fmt: skip


def variants() -> Iterator[tuple[str, str]]:
    """Return each way in which a case may write a unit, and the unit that is meant."""
    for unit, texts in VARIANTS.items():
        yield from ((text, unit) for text in texts)
