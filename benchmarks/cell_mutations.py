"""Ways in which people and programs write, move and restyle the cells of a workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from random import Random
from typing import Any

import openpyxl
from bases import LABELS, LEAVES, NAMES, saved
from xml_mutations import formula_without_value

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
        return saved(book)

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
    cell.value = other_text(cell.value, random)


def other_text(text: str, random: Random) -> Any:
    """Return a text as somebody else would write it."""
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


CELLS: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "value": _cell(_set_value), "value ": _cell(_set_value), "format": _cell(_set_format),
    "text number": _cell(_as_text),
    "moved": _cell(_move), "exchanged": _cell(_exchange), "exchanged ": _cell(_exchange), "hidden": _cell(_hide),
    "merged": _cell(_merge), "renamed": _cell(_rename), "renamed ": _cell(_rename), "added": _cell(_add),
    "sheets": _cell(_sheets), "formula": formula_without_value, "formula ": formula_without_value,
}  # fmt: skip


def variants() -> Iterator[tuple[str, str]]:
    """Return each way in which a case may write a unit, and the unit that is meant."""
    for unit, texts in VARIANTS.items():
        yield from ((text, unit) for text in texts)
