"""Data for the tests of charts, and measures of a drawn one: where its texts lie, which ids it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from cchc import movement, trends, unit_years
from cchc.dataset import Dataset
from cchc.figures import Chart, text_width
from standins import STAGE, dataset, stage_ranking, year_ranking

LONGEST = "Ban Quản lý Khu kinh tế Trần Đề và các khu công nghiệp tỉnh"
LONG = ("Sở Lao động - Thương binh và Xã hội", "Sở Văn hóa, Thể thao và Du lịch", "Văn phòng Ủy ban nhân dân tỉnh",
        "Ban Quản lý các khu công nghiệp", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Ữ Ỗ Ặ đ",
        "Chi nhánh Ngân hàng Nhà nước Việt Nam tỉnh Sóc Trăng", "Thanh tra tỉnh")  # fmt: skip
COMPONENTS = ("Công tác chỉ đạo, điều hành cải cách hành chính", "Cải cách thể chế", "Cải cách thủ tục hành chính",
              "Cải cách tổ chức bộ máy hành chính", "Cải cách chế độ công vụ", "Cải cách tài chính công",
              "Xây dựng và phát triển chính quyền điện tử, chính quyền số")  # fmt: skip
YEARS = (2021, 2022, 2023)
BREAKS = ["group", "year", "kind", "code", "name_vi", "name_en"]


def unit_names(n: int) -> list[str]:
    """Return `n` different names, the longest first."""
    return [LONG[at] if at < len(LONG) else f"{LONG[at % len(LONG)]} {at}" for at in range(n)]


def score(at: int, year: int = 2024) -> float:
    """Return an index that falls with `at`, a little otherwise each year."""
    return round(95 - at * 0.23 + ((at * 7 + year * 3) % 11) * 0.31, 2)


def units(n: int, **cells: Any) -> list[dict[str, Any]]:
    """Return rows of `n` ranked units, with the year before; `cells` overrides those of the first."""
    scores = sorted((score(at) for at in range(n)), reverse=True)
    rows = []
    for at, (name, value) in enumerate(zip(unit_names(n), scores, strict=True)):
        before = round(value - 1.5 + (at % 5), 2)
        rows.append({"unit_id": f"u{at}", "name_vi": name, "rank": at + 1, "index_score": value, "is_published": True,
                     "previous_index_score": before, "index_change": round(value - before, 2)})  # fmt: skip
    rows[0].update(cells)
    return rows


def ranking(n: int, *others: dict[str, Any], **cells: Any) -> pd.DataFrame:
    """Return a year's ranking of `n` ranked units and `others` without a place."""
    return year_ranking(*units(n, **cells), *others)


def components(n: int, names: Sequence[str] = COMPONENTS) -> pd.DataFrame:
    """Return component indices of 2024; the last component is the weakest."""
    rows = [
        {"year": 2024, "group": "so", "unit_id": f"u{at}", "code": str(code), "name_vi": name, "name_en": name,
         "index_score": round(98 - code * 4 - at * 0.31 % 20, 2), "is_applicable": True, "is_complete": True}
        for at in range(n) for code, name in enumerate(names, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


Stage = tuple[Dataset, pd.DataFrame, pd.DataFrame]


def stage_data(
    monkeypatch: pytest.MonkeyPatch,
    n: int,
    lines: dict[str, dict[int, Any]] | None = None,
    years: Sequence[int] = YEARS,
) -> Stage:
    """Return data, ranking and values of a stage, 2021-2023, of `n` units with all years.

    `lines` replaces what some units have: year -> (index, place), or an index alone where it is inherited.
    """
    rows = [{**row, "name_vi": name} for row, name in zip(units(n), unit_names(n), strict=True)]
    values = []
    for year in years:
        order = sorted(range(n), key=lambda at: -score(at, year))
        for place, at in enumerate(order, start=1):
            found: Any = (score(at, year), place)
            if lines and f"u{at}" in lines:
                found = lines[f"u{at}"].get(year)
            if found is not None:
                index, rank = found if isinstance(found, tuple) else (found, pd.NA)
                kind = "own" if isinstance(found, tuple) else "inherited"
                values.append(("2021-2023", "so", f"u{at}", year, index, kind, rank, n))
    columns = ["stage", "group", "unit_id", "year", "index_score", "kind", "rank", "n_ranked"]
    table = pd.DataFrame(values, columns=columns).astype({"rank": "Int64"})
    listed = stage_ranking(*({key: row[key] for key in ("unit_id", "name_vi", "rank", "index_score")} for row in rows))
    rubric_breaks(monkeypatch)
    return dataset(stages=[STAGE]), listed, table


def rubric_breaks(monkeypatch: pytest.MonkeyPatch, *years: int) -> None:
    """Let the rubric change in `years`."""
    breaks = pd.DataFrame([("so", year, "maximum", "1", "Một", "One") for year in years], columns=BREAKS)
    for room in (movement, trends, unit_years):
        monkeypatch.setattr(room, "rubric_breaks", lambda *_: breaks)


def texts(chart: Chart) -> list[str]:
    """Return the texts of a chart as they stand in its SVG."""
    return [element.text or "" for element in ET.fromstring(chart.svg).iter() if element.tag.endswith("}text")]


def boxes(chart: Chart) -> list[tuple[float, float, float, float, str]]:
    """Return left, top, right, bottom and content of every text of a chart, by font metrics."""
    found = []
    for text in chart.figure.texts:
        size, weight = text.get_fontsize(), text.get_fontweight()
        width = text_width(text.get_text(), size, weight)
        x, base = text.get_position()
        left = {"left": x, "center": x - width / 2, "right": x - width}[text.get_ha()]
        found.append((left, base - 0.76 * size, left + width, base + 0.24 * size, text.get_text()))
    return [box for box in found if box[4]]


def overlaps(chart: Chart) -> list[tuple[str, str]]:
    """Return the pairs of texts that overlap, by more than a hair."""
    return [
        (one[4], other[4])
        for one, other in combinations(boxes(chart), 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 0.2 and min(one[3], other[3]) - max(one[1], other[1]) > 0.2
    ]


def outside(chart: Chart) -> list[str]:
    """Return the texts that stick out of the figure."""
    width, height = chart.figure.get_size_inches() * 72
    return [box[4] for box in boxes(chart) if box[0] < -0.2 or box[1] < -0.2 or box[2] > width + 0.2 or box[3] > height]


def marks(chart: Chart) -> dict[tuple[str, str], int]:
    """Return how many dots a chart has of each fill and shape, legend included."""
    found: dict[tuple[str, str], int] = {}
    for line in chart.figure.axes[0].lines:
        key = (line.get_markerfacecolor(), line.get_marker())
        found[key] = found.get(key, 0) + len(line.get_xdata())
    return found


def ids(svg: str) -> list[str]:
    """Return the ids that an SVG gives."""
    return re.findall(r'\bid="([^"]*)"', svg)


def profile(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a unit's components of 2024 as `component_profile` gives them; 80 against 78, the best 90 of 8 units."""
    common = {"year": 2024, "group": "so", "unit_id": "a", "points": 8.0, "max_points": 10.0, "index_score": 80.0,
              "group_median": 78.0, "group_best": 90.0, "n_units": 8, "median_gap": 2.0, "is_applicable": True,
              "is_complete": True, "open_points": 2.0}  # fmt: skip
    filled = []
    for code, (name, row) in enumerate(zip(COMPONENTS, rows, strict=False), start=1):
        filled.append({**common, "code": str(code), "name_vi": name, "name_en": name, **row})
    return pd.DataFrame(filled)
