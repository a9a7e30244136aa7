"""Make the illustrative scores of data/raw/soc-trang from its hand-written units.csv and rubric.csv.

Run by hand, never by the suite: ``python data/make_soc_trang.py [FOLDER]`` writes ``scores/`` and ``published/`` below
FOLDER (default: data/raw/soc-trang itself). The same bytes each time. No figure in it is a real one.

The announced tables (2021-2024) are computed here with exact fractions and without `cchc`, so that
``cchc verify soc-trang`` compares two independent computations.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import xlsxwriter

SCHEME = Path(__file__).parent / "raw" / "soc-trang"
SEED = "soc-trang minh họa"
GROUPS = {"so-nganh": "Sở ngành", "su-nghiep": "Sự nghiệp", "cap-huyen": "Cấp huyện", "trung-uong": "Trung ương"}
YEARS = (2021, 2022, 2023, 2024, 2025)
PUBLISHED = (2021, 2022, 2023, 2024)
WORKBOOK_YEARS = (2023, 2024)
SPLIT_YEAR = 2022  # its survey results come in a file of their own
CLASSES = ((90, "Xuất sắc"), (80, "Tốt"), (70, "Khá"), (50, "Trung bình"), (0, "Yếu"))
FIELDS = {"self": "tự chấm", "appraised": "thẩm định", "survey": "điều tra"}
KAD = "KAD"

# What the data must show, each in one place (README.md of the scheme lists them).
STRENGTH = {  # share of the maximum above or below the group's level; all others are drawn
    "so-tai-chinh": 0.085, "so-ke-hoach-va-dau-tu": 0.075, "so-tai-chinh-2025": 0.08, "van-phong-ubnd": 0.062,
    "so-tu-phap": 0.05, "so-y-te": -0.12, "benh-vien-da-khoa": 0.08, "dai-phat-thanh-va-truyen-hinh": 0.065,
    "quy-dau-tu-phat-trien": -0.13, "ubnd-thanh-pho-soc-trang": 0.08, "ubnd-thi-xa-nga-nam": 0.06,
    "ubnd-huyen-cu-lao-dung": -0.11, "cuc-thue": 0.085, "kho-bac-nha-nuoc": 0.055,
}  # fmt: skip
NOT_APPLICABLE = {  # unit (until that year): codes, with everything below them
    "van-phong-ubnd": (2025, ("3.4",)), "thanh-tra-tinh": (2025, ("3.3", "3.4", "7.2", "7.4")),
    "ban-dan-toc": (2024, ("3",)), "quy-dau-tu-phat-trien": (2025, ("4.2",)), "cong-an-tinh": (2025, ("6",)),
}  # fmt: skip
NOT_ENTERED = {  # (year, unit): leaves left blank
    (2023, "ubnd-huyen-cu-lao-dung"): ("7.1.2", "7.2.1", "7.2.2"), (2025, "trung-tam-khuyen-nong"): ("3.2",),
}  # fmt: skip
BONUS = {  # hundredths of a point
    (2021, "so-tai-chinh"): 50, (2022, "so-noi-vu"): 150, (2022, "ubnd-thi-xa-vinh-chau"): 100, (2023, "cuc-thue"): 100,
    (2023, "so-ke-hoach-va-dau-tu"): 200, (2024, "so-tai-chinh"): 100, (2024, "benh-vien-da-khoa"): 50,
    (2024, "so-cong-thuong"): 300, (2025, "so-tai-chinh-2025"): 150,
}  # fmt: skip
PENALTY = {(2024, "ban-quan-ly-cac-khu-cong-nghiep"): 100}
# (year, first, second, hundredths between their indices at the first two places): a tie and a near-tie
DUELS = ((2024, "ubnd-thanh-pho-soc-trang", "ubnd-thi-xa-nga-nam", 0),
         (2023, "dai-phat-thanh-va-truyen-hinh", "benh-vien-da-khoa", 3))  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """A criterion that is scored; `maximum` in hundredths of a point."""

    code: str
    name: str
    maximum: int
    fields: tuple[str, ...]

    @property
    def limit(self) -> int:
        """The most that one field gets: a leaf of two sources is shared between them."""
        return self.maximum // len(self.fields)


Cells = dict[str, int | str]  # field -> hundredths, or KAD
Unit = dict[str, Cells]  # code -> cells
Scores = dict[str, Unit]  # unit_id -> its leaves


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read one of the scheme's hand-written tables."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units_of(year: int, group: str) -> dict[str, str]:
    """Return names by id of the units valid on 31 December, in the order of units.csv."""
    day = f"{year}-12-31"
    rows = (row for row in read_rows(SCHEME / "units.csv") if row["group"] == group)
    return {
        row["unit_id"]: row["name_vi"] for row in rows if row["valid_from"] <= day <= (row["valid_to"] or "9999-12-31")
    }


def leaves_of(year: int, group: str) -> list[Leaf]:
    """Return the leaves of the group's latest rubric up to `year`."""
    rows = [row for row in read_rows(SCHEME / "rubric.csv") if row["group"] == group and int(row["year"]) <= year]
    latest = max(row["year"] for row in rows)
    fields = {"appraised": ("appraised",), "survey": ("survey",), "both": ("appraised", "survey")}
    return [
        Leaf(row["code"], row["name_vi"], int(Fraction(row["max_points"]) * 100), fields[row["by"]])
        for row in rows
        if row["year"] == latest and row["by"]
    ]


def drawn(*key: object) -> float:
    """Return a number between -1 and 1 that depends on its key alone, so that another unit never moves it.

    Only `random()` is used: it is the one method whose sequence Python promises to keep.
    """
    generator = random.Random("|".join(map(str, (SEED, *key))))
    return (generator.random() + generator.random() + generator.random()) / 1.5 - 1


def draw_unit(year: int, group: str, unit: str, leaves: Iterable[Leaf]) -> Unit:
    """Draw the points of one unit's year."""
    level = 0.815 + 0.008 * (year - YEARS[0]) + STRENGTH.get(unit, 0.11 * drawn(unit) - 0.015)
    level += 0.035 * drawn(unit, year)
    until, codes = NOT_APPLICABLE.get(unit, (0, ()))
    blank = NOT_ENTERED.get((year, unit), ())
    scores: Unit = {}
    for leaf in leaves:
        if year <= until and any(f"{leaf.code}.".startswith(f"{code}.") for code in codes):
            scores[leaf.code] = dict.fromkeys(leaf.fields, KAD)
        elif leaf.code not in blank:
            share = level + 0.05 * drawn(group, leaf.code) + 0.05 * drawn(unit, leaf.code[0])
            share += 0.1 * drawn(year, unit, leaf.code)
            scores[leaf.code] = draw_cells(leaf, min(max(share, 0.2), 1.0), drawn("self", year, unit, leaf.code))
    return scores


def draw_cells(leaf: Leaf, share: float, optimism: float) -> Cells:
    """Return the cells of a leaf: appraised in quarter points, survey in hundredths, self mostly at or above."""
    cells: Cells = {}
    if "appraised" in leaf.fields:
        appraised = int(leaf.limit * share / 25 + 0.5) * 25
        above = 50 if optimism > 0.5 else 25 if optimism > 0.1 else 0 if optimism > -0.7 else -25
        cells = {"self": min(max(appraised + above, 0), leaf.limit), "appraised": appraised}
    if "survey" in leaf.fields:
        cells["survey"] = int(leaf.limit * share + 0.5)
    return cells


def points(cells: Cells) -> list[int]:
    """Return the points of a leaf's cells that count."""
    return [value for field, value in cells.items() if field != "self" and isinstance(value, int)]


def index_of(year: int, unit: str, scores: Unit, leaves: Sequence[Leaf]) -> Fraction | None:
    """Return the exact index, or None where a leaf is not entered."""
    if any(leaf.code not in scores for leaf in leaves):
        return None
    applicable = sum(leaf.maximum for leaf in leaves if KAD not in scores[leaf.code].values())
    total = sum(sum(points(cells)) for cells in scores.values())
    return Fraction(100 * (total + BONUS.get((year, unit), 0) - PENALTY.get((year, unit), 0)), applicable)


def settle(lacking: int, scores: Unit, leaves: Sequence[Leaf]) -> None:
    """Add `lacking` hundredths to a unit's points: quarter points where they are appraised, the rest to the survey."""
    assert lacking >= 0, "STRENGTH must put the second unit of a duel behind the first"
    survey = next(leaf for leaf in leaves if leaf.fields == ("survey",))
    for leaf in [survey, *(leaf for leaf in leaves if leaf.fields == ("appraised",))]:
        cells = scores[leaf.code]
        field, wanted = ("survey", lacking % 25) if leaf is survey else ("appraised", min(lacking, 50))
        raised = min(int(cells[field]) + wanted, leaf.limit)
        lacking -= raised - int(cells[field])
        cells[field] = raised
        if field == "appraised":
            cells["self"] = max(int(cells["self"]), raised)
    assert lacking == 0, "no room left to settle a duel"


def make_year(year: int, group: str) -> tuple[list[Leaf], Scores]:
    """Return the leaves and scores of a group's year, its tie or near-tie settled."""
    leaves = leaves_of(year, group)
    scores = {unit: draw_unit(year, group, unit, leaves) for unit in units_of(year, group)}
    for when, first, second, gap in DUELS:
        if when == year and first in scores:
            ahead = index_of(year, first, scores[first], leaves) or Fraction()
            behind = index_of(year, second, scores[second], leaves) or Fraction()
            settle(int((ahead - behind) * 100) - gap, scores[second], leaves)  # both have a maximum of 100
    return leaves, scores


def half_up(value: Fraction) -> int:
    """Round to hundredths, halves up."""
    return int(value * 100 + Fraction(1, 2))


def text(value: int | str) -> str:
    """Write hundredths as a decimal number without idle zeros; KAD as it is."""
    if isinstance(value, str):
        return value
    return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".")


def announced(year: int, leaves: Sequence[Leaf], scores: Scores) -> list[tuple[str, str, int, str]]:
    """Return the announced rows of a group: unit, index, place (1, 2, 2, 4) and class, best first."""
    exact = {unit: index_of(year, unit, scores[unit], leaves) for unit in scores}
    rounded = {unit: half_up(value) for unit, value in exact.items() if value is not None}
    return [
        (unit, f"{value // 100}.{value % 100:02d}", 1 + sum(other > value for other in rounded.values()),
         next(name for start, name in CLASSES if value >= 100 * start))
        for unit, value in sorted(rounded.items(), key=lambda item: -item[1])
    ]  # fmt: skip


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV in UTF-8 with Unix line ends on every platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def long_rows(year: int, scores: Scores, fields: Sequence[str], with_adjustments: bool) -> Iterable[list[str]]:
    """Yield the long form: unit, code, the fields, then bonus and penalty, which stand in a row without code."""
    for unit, leaves in scores.items():
        for code, cells in leaves.items():
            values = [text(cells.get(field, "")) for field in fields]
            if any(values):
                yield [unit, code, *values, *([""] * 2 if with_adjustments else [])]
        adjustments = [text(table.get((year, unit), "")) for table in (BONUS, PENALTY)]
        if with_adjustments and any(adjustments):
            yield [unit, "", *[""] * len(fields), *adjustments]


def write_long(folder: Path, year: int, groups: dict[str, tuple[list[Leaf], Scores]]) -> None:
    """Write a year as CSV: one file, or appraisal and survey apart."""
    own, survey = ["self", "appraised"], ["survey"]
    scores = {unit: leaves for _, members in groups.values() for unit, leaves in members.items()}
    parts = {f"{year}/tham-dinh.csv": (own, True), f"{year}/dieu-tra.csv": (survey, False)}
    for name, (fields, adjust) in parts.items() if year == SPLIT_YEAR else [(f"{year}.csv", (own + survey, True))]:
        header = ["unit", "code", *fields, *(["bonus", "penalty"] if adjust else [])]
        write_csv(folder / name, header, long_rows(year, scores, fields, adjust))


def write_wide(path: Path, year: int, groups: dict[str, tuple[list[Leaf], Scores]]) -> None:
    """Write a year as a workbook in the wide form: a sheet a group, four head rows, a row a unit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        created = dt.datetime(year + 1, 1, 1)  # noqa: DTZ001  xlsxwriter wants it without a zone; never the clock
        book.set_properties({"created": created, "comments": "Điểm số minh họa"})
        bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@", "bold": True})
        for group, (leaves, scores) in groups.items():
            sheet = book.add_worksheet(GROUPS[group])
            sheet.freeze_panes(4, 2)
            sheet.set_column(0, 1, 30)
            names = units_of(year, group)
            columns = [(leaf, field) for leaf in leaves for field in FIELDS if field in leaf.fields or
                       (field == "self" and "appraised" in leaf.fields)]  # fmt: skip
            sheet.write_column(0, 1, ["Mã tiêu chí", "Tên tiêu chí", "Nguồn điểm", "Điểm tối đa"], bold)
            for column, (leaf, field) in enumerate(columns, start=2):
                sheet.write_string(0, column, leaf.code, as_text)  # a number would turn 3.10 into 3.1
                sheet.write_string(1, column, leaf.name)
                sheet.write_string(2, column, FIELDS[field])
                sheet.write_number(3, column, leaf.maximum / 100)
            sheet.write_row(2, len(columns) + 2, ["điểm cộng", "điểm trừ"], bold)
            for row, unit in enumerate(scores, start=4):
                sheet.write_row(row, 0, [unit, names[unit]])
                values = [scores[unit].get(leaf.code, {}).get(field) for leaf, field in columns]
                values += [table.get((year, unit)) for table in (BONUS, PENALTY)]
                for column, value in enumerate(values, start=2):
                    sheet.write(row, column, value / 100 if isinstance(value, int) else value)


def make(folder: Path = SCHEME) -> None:
    """Write ``scores/`` and ``published/`` below `folder`."""
    for year in YEARS:
        groups = {group: make_year(year, group) for group in GROUPS if units_of(year, group)}
        if year in WORKBOOK_YEARS:
            write_wide(folder / "scores" / f"{year}.xlsx", year, groups)
        else:
            write_long(folder / "scores", year, groups)
        if year in PUBLISHED:
            rows = [row for leaves, scores in groups.values() for row in announced(year, leaves, scores)]
            write_csv(folder / "published" / f"{year}.csv", ["unit", "index_score", "rank", "grade"], rows)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else SCHEME)
