"""Words, tables and charts of the page on robustness, of a small stage whose figures are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cchc
from cchc import robustness_charts, robustness_tables, robustness_words
from cchc.dataset import Dataset
from cchc.figures import Chart
from cchc.table import Table
from chart_data import outside, overlaps, texts
from small import small_dataset

STAGE = (2023, 2024)
STAGES = '[[stages]]\nfirst = 2023\nlast = 2024\nmin_years = 1\nlineage = "inherit"\n'
RUBRIC = "2000,,1,Một,50,,,\n2000,,2,Hai,50,,,"
POINTS = {
    2023: {"a": "45 45", "b": "40 44", "c": "30 30", "d": "20 10"},
    2024: {"a": "45 40", "b": "44 46", "c": "30 25", "d": "20 10"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return dataset(tmp_path_factory.mktemp("data"))


def dataset(folder: Path, years: dict[int, dict[str, str]] = POINTS, **options: Any) -> Dataset:
    cells = {
        year: {unit: {str(at): text for at, text in enumerate(line.split(), 1)} for unit, line in units.items()}
        for year, units in years.items()
    }
    units = "\n".join(f"{unit},g,," for unit in "abcd")
    return small_dataset(folder, cells, rubric=RUBRIC, units=units, tables=STAGES, **options)


def intervals(**shares: tuple[int, int, int, float, float]) -> pd.DataFrame:
    """Return a table as from `rank_intervals`: place, interval, shares of first and of top places."""
    rows = [("g", unit, rank, 4, 2, low, high, first, top, 1.5, 3)
            for unit, (rank, low, high, first, top) in shares.items()]  # fmt: skip
    columns = ["group", "unit_id", "rank", "n_ranked", "n_years", "lower_rank", "upper_rank", "first_probability",
               "top_probability", "noise", "residual_df"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


SURE = intervals(a=(1, 1, 1, 0.96, 1.0), b=(2, 2, 3, 0.04, 0.5), c=(3, 2, 3, 0.0, 0.5), d=(4, 4, 4, 0.0, 0.0))
OPEN = intervals(a=(1, 1, 2, 0.6, 1.0), b=(2, 1, 2, 0.4, 1.0), c=(3, 3, 3, 0.0, 0.0), d=(4, 4, 4, 0.0, 0.0))


def said(data: Dataset, table: pd.DataFrame, rules: pd.DataFrame | None = None) -> str:
    ranking = cchc.rank_stage(data, *STAGE)
    if rules is None:
        rules = cchc.leaders_by_rule(cchc.compare_rules(data, *STAGE), 3)
    certainty = cchc.leader_certainty(table, rules)
    prose = robustness_words.verdicts(data, ranking, certainty, 3, 10_000)
    return prose.blocks[1].text


def unit(name: str, ranking: pd.DataFrame) -> str:
    return str(ranking.set_index("unit_id").loc[name, "name_vi"])


def test_a_sure_leader_and_the_edge(data: Dataset) -> None:
    text = said(data, SURE)
    assert "dẫn đầu chắc chắn: đứng thứ nhất trong 96,0 % số lần." in text
    assert "Ở ranh giới của 3 vị trí đầu" in text
    assert "Cũng có thể" not in text


def test_an_unsure_leader_and_who_else_might_lead(data: Dataset) -> None:
    text = said(data, OPEN)
    assert "dẫn đầu nhưng chưa chắc chắn: đứng thứ nhất trong 60,0 % số lần." in text
    assert "Cũng có thể đứng thứ nhất (từ 5 % số lần): " in text
    assert "ranh giới" not in text


def test_rules_that_lead_elsewhere_are_named(data: Dataset) -> None:
    """b was second in 2023 and is first in 2024; its mean is 87, a's is 87.5."""
    assert "Đơn vị dẫn đầu khác đi nếu tính theo: năm gần nhất" in said(data, SURE)


def test_without_an_interval_the_sentence_says_so(data: Dataset) -> None:
    none = SURE.assign(first_probability=np.nan, top_probability=np.nan)
    assert "chưa nói được mức chắc chắn" in said(data, none)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0,0 %"), (0.0004, "dưới 0,1 %"), (0.1234, "12,3 %"), (0.9996, "trên 99,9 %"), (1, "100,0 %")],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, text: str) -> None:
    assert robustness_words.percent(share, "vi") == text


def test_the_head_says_that_nothing_here_is_official(data: Dataset) -> None:
    head = robustness_words.title(data, STAGE)
    assert "KHÔNG PHẢI KẾT QUẢ CHÍNH THỨC" in head.blocks[3].text
    assert any("BẢN DỰ THẢO" in block.text for block in head.blocks)


def of_year(data: Dataset, year: int = 2024) -> list[Table | Chart | None]:
    ranking, parts = cchc.rank_year(data, year), cchc.component_indices(data, year)
    ranges = cchc.weight_ranges(data, year, rng=np.random.default_rng(1), n_draws=100)
    bias = cchc.self_bias(cchc.self_gaps(data, year), "code")
    return [
        robustness_tables.weight_spans(data, ranking, ranges, "g", 3),
        robustness_charts.weight_spans(data, ranking, ranges, "g"),
        robustness_tables.component_weights(data, ranking, cchc.component_weight(parts), bias, "g"),
        robustness_tables.correlations(data, ranking, cchc.component_correlations(parts), "g"),
    ]


def test_tables_of_a_year_hold_what_the_rules_return(data: Dataset) -> None:
    weights, _chart, structure, pairs = of_year(data)
    assert isinstance(weights, Table)
    assert isinstance(structure, Table)
    assert isinstance(pairs, Table)
    assert [row[0] for row in weights.rows] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    effective = [column.label for column in structure.columns].index("Trọng số thực tế, %")
    assert sum(row[effective] for row in structure.rows) == pytest.approx(100)
    assert [row[0] for row in structure.rows] == ["1. Một", "2. Hai"]
    assert [row[0] for row in pairs.rows] == ["2. Hai"]
    assert pairs.rows[0][1].endswith("(4)")


def test_a_flat_component_is_named(tmp_path: Path) -> None:
    flat = {unit: f"{line.split()[0]} 25" for unit, line in POINTS[2024].items()}
    structure = of_year(dataset(tmp_path, {2024: flat}))[2]
    assert isinstance(structure, Table)
    assert "Không phân biệt được các đơn vị (mọi đơn vị như nhau): 2. Hai." in structure.notes


def test_an_announced_year_has_no_view_by_component(tmp_path: Path) -> None:
    table = "unit,index_score,rank,grade\na,90,1,\nb,80,2,\n"
    data = dataset(tmp_path, {2023: POINTS[2023]}, rewritten={"published/2024.csv": table})
    assert of_year(data) == [None] * 4
    text = robustness_words.on_year(2024, cchc.component_indices(data, 2024)).blocks[0].text
    assert "chỉ có bảng công bố" in text


def test_moves_add_up_and_are_told_apart(data: Dataset) -> None:
    ranking, shifts = cchc.rank_year(data, 2024), cchc.rank_shifts(data, 2024)
    table = robustness_tables.shifts(data, ranking, shifts, "g")
    assert table is not None
    for row in table.rows:
        assert row[3] == sum(row[4:])
    assert robustness_tables.shifts(data, ranking, shifts.iloc[:0], "g") is None
    assert "Không có đơn vị nào" in robustness_words.on_shifts(2024, [None]).blocks[0].text


def test_rules_are_a_row_each_with_who_leads(data: Dataset) -> None:
    comparison = cchc.compare_rules(data, *STAGE)
    leaders, ranking = cchc.leaders_by_rule(comparison, 2), cchc.rank_stage(data, *STAGE)
    table = robustness_tables.rules(data, ranking, leaders, cchc.rule_agreement(comparison), "g", 2)
    assert table is not None
    rows = {row[0]: row for row in table.rows}
    assert rows["năm gần nhất"][3] == "khác"
    assert rows["trung bình cộng"][3] == "như chính thức"
    assert rows["trung bình cộng"][5] == 1
    text = robustness_words.on_rules(data, cchc.concordance(comparison)).blocks[0].text
    assert "hệ số đồng thuận Kendall W của 7 quy tắc là" in text


def test_intervals_stand_in_table_and_chart(data: Dataset) -> None:
    ranking = cchc.rank_stage(data, *STAGE)
    table = robustness_tables.rank_spans(data, ranking, OPEN, "g", 3)
    chart = robustness_charts.rank_spans(data, ranking, OPEN, "g")
    assert table is not None
    assert chart is not None
    assert table.rows[0] == ((1, 4), unit("a", ranking), 2, 1, 2, 60.0, 100.0)
    assert chart.title.startswith(f"{unit('a', ranking)} đứng thứ nhất trong 60,0 % số lần mô phỏng")
    assert {"60,0 %", "40,0 %", "0,0 %"} <= set(texts(chart))
    assert "2/4 đơn vị chỉ có một hạng." in chart.alt
    none = OPEN.assign(lower_rank=pd.NA, upper_rank=pd.NA)
    assert robustness_tables.rank_spans(data, ranking, none, "g", 3) is None
    assert robustness_charts.rank_spans(data, ranking, none, "g") is None
    assert "Không có khoảng hạng" in robustness_words.on_stage(none).blocks[0].text


@pytest.mark.parametrize("n", [8, 44, 130])
def test_names_and_shares_do_not_overlap(data: Dataset, n: int) -> None:
    name = "Ban Quản lý Khu kinh tế Trần Đề và các khu công nghiệp tỉnh"
    spans = [robustness_charts._Span("g", at, n, f"{name} {at}", max(1, at - 3), min(n, at + 3), 0.0004)
             for at in range(1, n + 1)]  # fmt: skip
    words = robustness_charts._Words("t", "s", ("Từ", "Đến", "Đầu"))
    chart = robustness_charts._chart(data, cchc.rank_stage(data, *STAGE), spans, words, "x", "vi")
    assert chart is not None
    assert overlaps(chart) == []
    assert outside(chart) == []
