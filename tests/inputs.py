"""A small scheme that has every input table, for the tests of reading and of its checks."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import openpyxl

SCHEME = """\
schema_version = 1
title = "Chỉ số"
issued_by = "UBND tỉnh"
bonus = { max = 3 }
[[groups]]
id = "so"
short = "Sở"
name = "Sở, ban, ngành"
[[groups]]
id = "huyen"
short = "Huyện"
name = "UBND huyện"
[[classes]]
name = "Tốt"
from = 80
"""
UNITS = """\
unit_id,name_vi,group,valid_from,valid_to
noi-vu,Sở Nội vụ,so,,
tu-phap,Sở Tư pháp,so,,
y-te,Sở Y tế,so,,28/02/2025
y-te-2025,Sở Y tế,so,2025-03-01,
my-tu,UBND huyện Mỹ Tú,huyen,,
"""
LINEAGE = """\
predecessor,successor,date,kind,share
y-te,y-te-2025,2025-03-01,merge,
"""
RUBRIC = """\
year,group,code,name_vi,max_points,by,weight
2023,,1,Chỉ đạo điều hành,10,,
2023,,1.1,Kế hoạch,4,appraised,
2023,,1.2,Kiểm tra,6,both,
2023,,2,Thể chế,5.5,survey,
"""
SCORES = """\
unit,code,self,appraised,survey,bonus,penalty,max_points,note
noi-vu,1.1,4,3.5,,,,,
noi-vu,1.2,,2,3.25,,,,
noi-vu,2,,,5,,,,
noi-vu,,,,,1.5,,,
"""
PUBLISHED = """\
unit,index_score,rank,grade
noi-vu,"85,10",1,tốt
Sở Tư pháp,80,2,Tốt
my-tu,81,1,Tốt
"""
PROVINCE = """\
year,code,index_score,rank,n,basis
2024,,86.5,10,63,QĐ
"""
FILES: Mapping[str, str] = {
    "scheme.toml": SCHEME,
    "units.csv": UNITS,
    "lineage.csv": LINEAGE,
    "rubric.csv": RUBRIC,
    "scores/2024.csv": SCORES,
    "published/2024.csv": PUBLISHED,
    "province.csv": PROVINCE,
}
HEADS = (
    ("Mã đơn vị", "Tên đơn vị", "1.1", "1.1", "1.2", "1.2", "2", None, None),
    (None, None, "Kế hoạch", "Kế hoạch", "Kiểm tra", "Kiểm tra", "Thể chế", None, None),
    (None, None, "tự chấm", "thẩm định", "thẩm định", "điều tra", "điều tra", "điểm cộng", "điểm trừ"),
    (None, None, 4, 4, 6, 6, 5.5, None, None),
)


def workbook(*rows: tuple[Any, ...], sheet: str = "Sở", heads: Any = HEADS, cells: Mapping[str, Any] = {}) -> bytes:
    """Return a wide workbook of one sheet; `cells` are set last."""
    book = openpyxl.Workbook()
    active: Any = book.active
    active.title = sheet
    for row in (*heads, *rows):
        active.append(row)
    for place, value in cells.items():
        active[place] = value
    return save(book)


def save(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as the bytes of its file."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()
