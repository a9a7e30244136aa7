"""What if: one score or one maximum changed, checked like an input, ranked by the rules that rank everything."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from cchc.dataset import COLUMNS, Dataset
from cchc.problems import InputError
from cchc.ranking import official, rank_year
from cchc.reading import read_dataset
from cchc.scoring import score
from cchc.stage import rank_stage
from cchc.whatif import Value, supposed_places, with_maximum, with_score
from tests.small import as_lines, lines, small_dataset

SOC_TRANG = Path(__file__).parents[1] / "data" / "raw" / "soc-trang"
RUBRIC = """2000,,1,Một,60,,,
2000,,2,Hai,40,,,
2000,,2.1,Hai một,30,,,
2000,,2.2,Hai hai,10,both,,"""
SCORES = {
    2000: {
        "a": {"1": "self=55 appraised=50.5", "2.1": "30", "2.2": "appraised=5 survey=4", "": "bonus=1"},
        "b": {"1": "40", "2.1": "KAD", "2.2": "appraised=5 survey=5"},
        "c": {"1": "60", "2.1": "10", "2.2": "appraised=1 survey=1 max_points=8"},
        "d": {"1": "60", "2.1": "10"},
    }
}
PUBLISHED = {2000: "unit,index_score,rank\na,90.00,1\nb,71.43,3\nc,80.00,2"}


@pytest.fixture(scope="module")
def soc_trang() -> Dataset:
    return read_dataset(SOC_TRANG)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return small_dataset(tmp_path, SCORES, rubric=RUBRIC)


def exact(data: Dataset, unit: str) -> Fraction:
    found = score(data, [2000]).set_index("unit_id").at[unit, "index_exact"]
    assert isinstance(found, Fraction)
    return found


def test_one_score_moves_index_and_places(data: Dataset) -> None:
    assert exact(data, "b") == Fraction(100 * 50, 70)
    supposed = with_score(data, "b", 2000, "1", "appraised", "59,5")
    assert exact(supposed, "b") == Fraction(100 * Fraction("69.5"), 70)
    assert as_lines(supposed_places(data, supposed, 2000), ["unit_id", "rank_before", "rank", "rank_change"]) == lines(
        """b 3 1 2
           a 1 2 -1
           c 2 3 -1
           d - - -"""
    )
    assert rank_year(supposed, 2000)["unit_id"].tolist() == ["b", "a", "c", "d"]


def test_data_stay_as_they_are(data: Dataset) -> None:
    before = {name: getattr(data, name).copy() for name in COLUMNS}
    with_score(data, "b", 2000, "1", "appraised", "59.5")
    with_score(data, "b", 2000, "1", "appraised", "59.55")
    with_maximum(data, "b", 2000, "1", 50)
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(data, name), table)


def test_more_decimals_than_any_score_are_kept_exactly(data: Dataset) -> None:
    assert data.point_decimals == 1
    supposed = with_score(data, "c", 2000, "1", "appraised", 0.1 + 0.2)
    assert supposed.point_decimals == 1
    finer = with_score(supposed, "c", 2000, "2.2", "survey", "1.000001")
    assert finer.point_decimals == 6
    assert exact(finer, "c") == 100 * (Fraction("0.3") + 10 + 1 + Fraction("1.000001")) / 98
    # and nobody else moves
    assert exact(finer, "a") == exact(data, "a") == 100 * Fraction("90.5") / 100


def test_maximum_of_a_unit(data: Dataset) -> None:
    supposed = with_maximum(data, "c", 2000, "2.2", Decimal("2.0"))
    assert exact(supposed, "c") == Fraction(100 * 72, 92)
    assert exact(with_score(supposed, "c", 2000, "1", "appraised", "30"), "c") == Fraction(100 * 42, 92)


def test_what_does_not_apply(data: Dataset) -> None:
    assert exact(with_score(data, "c", 2000, "2.2", "survey", "kad"), "c") == Fraction(100 * 70, 90)
    assert exact(with_score(data, "b", 2000, "2.1", "appraised", "20"), "b") == 70
    # self-assessed points beside it change nothing of that
    assert exact(with_score(data, "b", 2000, "2.1", "self", "20"), "b") == exact(data, "b")


def test_missing_leaves_can_be_supposed(data: Dataset) -> None:
    supposed = with_score(data, "d", 2000, "2.2", "appraised", "5")
    assert rank_year(supposed, 2000).set_index("unit_id").at["d", "reason"] == "incomplete", "a survey is still missing"
    supposed = with_score(supposed, "d", 2000, "2.2", "survey", "5")
    assert exact(supposed, "d") == 80


def test_bonus_and_penalty(data: Dataset) -> None:
    supposed = with_score(data, "a", 2000, "", "penalty", "2.5")
    assert exact(supposed, "a") == Fraction("88.0")
    assert exact(with_score(data, "b", 2000, "", "bonus", 5), "b") == Fraction(100 * 55, 70)


@pytest.mark.slow
def test_unchanged_value_gives_the_recomputed_ranking(soc_trang: Dataset) -> None:
    rows = soc_trang.scores[soc_trang.scores["appraised_units"].notna()]
    for year in soc_trang.scored_years:
        row = rows[rows["year"] == year].iloc[7]
        points = Fraction(int(row["appraised_units"]), 10**soc_trang.point_decimals)
        value = Decimal(points.numerator) / points.denominator
        supposed = with_score(soc_trang, row["unit_id"], year, row["code"], "appraised", value)
        pd.testing.assert_frame_equal(supposed.scores, soc_trang.scores)
        before = official(soc_trang, [year]).set_index("unit_id")
        after = rank_year(supposed, year).set_index("unit_id")
        assert (after["rank"] == before["recomputed_rank"].reindex(after.index)).fillna(True).all()
        assert after["index_exact"].tolist() == before["recomputed_exact"].reindex(after.index).tolist()
        assert not after["is_published"].any()
        places = supposed_places(soc_trang, supposed, year)
        assert not places["rank_change"].fillna(0).any()


def test_announced_table_is_set_aside_and_that_is_said(tmp_path: Path) -> None:
    data = small_dataset(tmp_path, SCORES, rubric=RUBRIC, published=PUBLISHED)
    assert rank_year(data, 2000)["index_score"].tolist()[0] == 90
    supposed = with_score(data, "b", 2000, "1", "appraised", "59.5")
    assert supposed.published_years == []
    assert supposed.editions.empty
    assert supposed.announced.empty
    assert rank_year(supposed, 2000)["index_score"].tolist()[:3] == [99.29, 90.5, 73.47]
    said = {problem.code: problem for problem in supposed.problems}
    assert "Bảng đã công bố (2000) được để riêng" in str(said["announced-set-aside"])
    assert "appraised = 59.5" in str(said["supposed"])
    assert not any(problem.is_error for problem in supposed.problems)
    assert supposed.scheme.illustrative is not None
    assert supposed.scheme.illustrative.vi == "Số liệu giả định, không phải kết quả đã chấm"


def test_every_supposed_figure_is_marked_once(soc_trang: Dataset) -> None:
    supposed = with_score(soc_trang, "so-tai-chinh", 2024, "1.1", "appraised", 0)
    again = with_score(supposed, "so-tai-chinh", 2024, "1.2", "appraised", 0)
    for data in (supposed, again):
        assert data.scheme.illustrative is not None
        assert data.scheme.illustrative.vi.count("giả định, không phải") == 1
        assert "giả định" in data.scheme.illustrative.vi
    assert len([problem for problem in again.problems if problem.code == "supposed"]) == 2
    assert len([problem for problem in again.problems if problem.code == "announced-set-aside"]) == 1
    # other years stay announced, and the stage is ranked with what is supposed
    assert supposed.published_years == [2021, 2022, 2023]
    stage = rank_stage(supposed, 2021, 2025)
    assert stage.set_index("unit_id")["rank"].notna().sum() == rank_stage(soc_trang, 2021, 2025)["rank"].notna().sum()


@pytest.mark.parametrize(
    ("unit", "code", "field", "value", "said"),
    [
        ("b", "1", "appraised", "60.5", "Điểm 60.5 vượt điểm tối đa 60"),
        ("a", "2.2", "survey", "6", "vượt điểm tối đa 10"),
        ("c", "2.2", "survey", "8", "vượt điểm tối đa 8"),
        ("b", "1", "appraised", -1, "nhỏ hơn 0"),
        ("b", "1", "appraised", "chín", "“chín” không phải là số"),
        ("b", "1", "appraised", "", "“” không phải là số"),
        ("b", "1", "appraised", "0.0000001", "nhiều hơn 6 chữ số thập phân"),
        ("b", "1", "survey", "1", "loại điểm mà mã này không lấy"),
        ("b", "2", "appraised", "1", "có mục con"),
        ("b", "2.11", "appraised", "1", "gần nhất: 2.1"),
        ("b", "1", "bonus", "1", "đứng ở dòng của mã 1"),
        ("b", "", "bonus", "6", "vượt mức bonus tối đa 5"),
        ("b", "1", "apraised", "1", "Cho phép: appraised"),
        ("b", "1", "?", "1", "Cho phép: self, appraised, survey, bonus, penalty"),
        ("e", "1", "appraised", "1", "Không có đơn vị “e”"),
    ],
)
def test_what_is_supposed_is_checked_like_an_input(
    data: Dataset, unit: str, code: str, field: str, value: Value, said: str
) -> None:
    with pytest.raises(InputError) as raised:
        with_score(data, unit, 2000, code, field, value)
    assert said in str(raised.value)
    assert str(raised.value).startswith("giả định")


def test_a_maximum_is_checked_like_an_input(data: Dataset) -> None:
    for value, said in (
        (50, "Điểm 50,5 vượt điểm tối đa 50"),
        (0, "Điểm tối đa “0” không hợp lệ"),
        ("KAD", "không phải"),
    ):
        with pytest.raises(InputError, match=said):
            with_maximum(data, "a", 2000, "1", value)


def test_errors_suggest(soc_trang: Dataset) -> None:
    with pytest.raises(InputError, match=r"gần nhất: .*so-tai-chinh"):
        with_score(soc_trang, "so-tai-chin", 2024, "1.1", "appraised", 1)
    with pytest.raises(LookupError, match="các năm có điểm: 2021, 2022, 2023, 2024, 2025"):
        with_score(soc_trang, "so-tai-chinh", 2026, "1.1", "appraised", 1)


def test_a_unit_can_be_named(soc_trang: Dataset) -> None:
    by_name = with_score(soc_trang, "Sở Tài chính", 2024, "1.1", "appraised", 0)
    by_id = with_score(soc_trang, "so-tai-chinh", 2024, "1.1", "appraised", 0)
    pd.testing.assert_frame_equal(by_name.scores, by_id.scores)
