"""Any valid table, written as long CSV, as the wide form and as the exported form, reads back to the same numbers."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cchc.reading import read_dataset
from tests.inputs import FILES, save
from tests.nasty_cases import numbers_of, plain

FIELDS = {"1.1": ("self", "appraised"), "1.2": ("self", "appraised", "survey"), "2": ("self", "survey")}
MOST = {"1.1": 4, "1.2": 3, "2": 5}
"""For each field; of 1.2, whose two fields share 6 points, half each."""
LABELS = {"self": "tự chấm", "appraised": "thẩm định", "survey": "điều tra"}
UNITS = {"noi-vu": "Sở Nội vụ", "tu-phap": "Sở Tư pháp", "y-te": "Sở Y tế"}
KEYS = [(unit, code, field) for unit in UNITS for code, fields in FIELDS.items() for field in fields]
Points = Mapping[tuple[str, str, str], Decimal]


def _points(code: str) -> st.SearchStrategy[Decimal]:
    return st.integers(0, MOST[code] * 10**6).map(lambda part: Decimal(part).scaleb(-6)) | st.just(Decimal(1))


tables = st.fixed_dictionaries({key: st.none() | _points(key[1]) for key in KEYS}).map(
    lambda cells: {key: value for key, value in cells.items() if value is not None}
)


def long_csv(points: Points, comma: bool) -> dict[str, bytes]:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",")
    writer.writerow(("unit", "code", "self", "appraised", "survey"))
    for unit, code in dict.fromkeys((unit, code) for unit, code, _ in points):
        texts = [plain(str(points[unit, code, field])) if (unit, code, field) in points else "" for field in LABELS]
        writer.writerow((unit, code, *(text.replace(".", ",") if comma else text for text in texts)))
    return {"scores/2024.csv": out.getvalue().encode("utf-8-sig")}


def wide(points: Points, as_text: bool) -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Sở"
    columns = [(code, field) for code, fields in FIELDS.items() for field in fields]
    sheet.append(("Mã đơn vị", "Tên đơn vị", *(code for code, _ in columns)))
    sheet.append(())
    sheet.append((None, None, *(LABELS[field] for _, field in columns)))
    sheet.append((None, None, *({"1.1": 4, "1.2": 6, "2": 5.5}[code] for code, _ in columns)))
    for unit, name in UNITS.items():
        values = [points.get((unit, *column)) for column in columns]
        shown = [None if value is None else str(value) if as_text else float(value) for value in values]
        sheet.append((unit, name, *shown))
    return {"scores/2024.xlsx": save(book)}


def exported(points: Points, as_text: bool) -> dict[str, bytes]:
    """Return a sheet a unit; survey results, for which the form has no column, stand in a CSV file of their own."""
    book = openpyxl.Workbook()
    for at, (unit, name) in enumerate(UNITS.items()):
        sheet: Any = book.create_sheet(name, at)
        sheet.append(("Tiêu chí", "Nội dung", "Điểm tối đa", "Tự chấm", "Thẩm định", "Bị trừ", "Thẩm định sau khi trừ"))
        for code in FIELDS:
            own, given_points = (points.get((unit, code, field)) for field in ("self", "appraised"))
            own_text, result = (
                None if value is None else plain(str(value)) if as_text else float(value)
                for value in (own, given_points)
            )
            sheet.append((code, None, None, own_text, result, None, result))
    survey = {key: value for key, value in points.items() if key[2] == "survey"}
    return {"scores/2024/a.xlsx": save(book), "scores/2024/b.csv": long_csv(survey, False)["scores/2024.csv"]}


def check(points: Points, is_text: bool) -> None:
    expected = {f"2024 {' '.join(key)}": plain(str(value)) for key, value in points.items()}
    for write in (long_csv, wide, exported):
        with tempfile.TemporaryDirectory() as folder:
            for file, content in {**FILES, **write(points, is_text)}.items():
                if file in ("published/2024.csv", "scores/2024.csv") and content is FILES.get(file):
                    continue
                target = Path(folder) / "thu" / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.encode() if isinstance(content, str) else content)
            data = read_dataset(Path(folder) / "thu")
        assert {problem.code for problem in data.problems} <= {"incomplete"}, write.__name__
        assert numbers_of(data) == expected, write.__name__


@pytest.mark.slow
@given(points=tables, is_text=st.booleans())
@settings(max_examples=6, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_a_table_reads_back(points: Points, is_text: bool) -> None:
    check(points, is_text)


@pytest.mark.fuzz
@given(points=tables, is_text=st.booleans())
@settings(max_examples=50)
def test_many_tables_read_back(points: Points, is_text: bool) -> None:
    check(points, is_text)
