"""The sections of a unit's page below its years: what they say, what their tables hold, and why one has nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cchc import parts_tables, unit_goals, unit_tables, unit_words
from cchc.contributions import index_change_parts, index_parts, leader_gap_parts
from cchc.criteria import lost_criteria, self_against_appraised
from cchc.dataset import Dataset
from cchc.prose import Prose
from cchc.prospects import goals, open_points
from cchc.ranking import rank_year
from cchc.scoring import score_components
from cchc.table import Table
from cchc.unit import component_profile, neighbours, unit_data, unit_history
from small import small_dataset

TWO = "2023,,1,Một,30,,,\n2023,,2,Hai,70,,,"
CLASSES = '[[classes]]\nname = "Tốt"\nfrom = 80\n[[classes]]\nname = "Khá"\nfrom = 50\n'
CELLS = {
    2023: {"a": {"1": "20", "2": "35"}, "b": {"1": "25", "2": "50"}, "c": {"1": "5", "2": "6"}},
    2024: {
        "a": {"1": "appraised=21 self=22", "2": "appraised=33.5 self=33.25"},
        "b": {"1": "25", "2": "50"},
        "c": {"1": "15", "2": "6"},
    },
}


def page(data: Dataset, unit: str = "a", year: int = 2024) -> SimpleNamespace:
    """Return what the notebook computes."""
    data = unit_data(data, unit, year)
    profile, ranking = component_profile(data, score_components(data, [year]), unit), rank_year(data, year)
    parts = index_parts(data, profile, unit)
    components = score_components(data, [year - 1, year])
    return SimpleNamespace(
        data=data, unit=unit, year=year, profile=profile, ranking=ranking, parts=parts, opened=open_points(data, parts),
        history=unit_history(data, unit), goals=goals(data, parts, ranking), near=neighbours(ranking, unit),
        lost=lost_criteria(data, unit, year), compared=self_against_appraised(data, unit, year),
        changed=index_change_parts(data, components, ranking, unit),
    )  # fmt: skip


def two(folder: Path, **changed: Any) -> SimpleNamespace:
    given = {"rubric": TWO, "tables": CLASSES, **changed}
    return page(small_dataset(folder, given.pop("cells", CELLS), **given))


def one(folder: Path, **changed: Any) -> SimpleNamespace:
    cells = {2023: {"a": {"1": "70"}, "b": {"1": "80"}}, 2024: {"a": {"1": "71.5"}, "b": {"1": "80"}}}
    return page(small_dataset(folder, {**cells, **changed.pop("cells", {})}, tables=CLASSES, **changed))


def said(prose: Prose) -> str:
    return "\n".join(block.text for block in prose.blocks)


def rows(table: Table | None) -> list[str]:
    assert table is not None
    return [" | ".join(table.text(*pair) for pair in zip(table.columns, row, strict=True)) for row in table.rows]


# points lost


def lost(p: SimpleNamespace) -> str:
    return said(unit_words.lost(p.data, p.profile, p.opened, p.history))


def test_where_points_were_lost(tmp_path: Path) -> None:
    p = two(tmp_path)
    assert lost(p) == "Năm 2024 còn mất 45,50 điểm; nhiều nhất ở lĩnh vực Hai: 36,50 điểm."
    assert rows(unit_tables.points_lost(p.data, p.opened, p.history)) == [
        "1. Một | 21,00 | 30,00 | 9,00 | +9,00",
        "2. Hai | 33,50 | 70,00 | 36,50 | +36,50",
    ]
    assert unit_tables.criteria_lost(p.lost, p.history) is None, "the rubric stops at components"


def test_as_many_points_in_two_components_and_none_at_all(tmp_path: Path) -> None:
    p = two(tmp_path / "1", cells={2024: {"a": {"1": "20", "2": "60"}}})
    assert lost(p).endswith("nhiều nhất ở các lĩnh vực Một, Hai: mỗi lĩnh vực 10,00 điểm.")
    p = two(tmp_path / "2", cells={2024: {"a": {"1": "30", "2": "70"}}})
    assert lost(p) == "Năm 2024 đơn vị đạt toàn bộ điểm tối đa áp dụng."


def test_criteria_are_at_most_ten(tmp_path: Path) -> None:
    leaves = "\n".join(f"2023,,1.{at},Tiêu chí {at},10,,," for at in range(1, 13))
    cells = {f"1.{at}": f"appraised={at % 9}" for at in range(1, 13)}
    p = two(tmp_path, rubric=f"2023,,1,Một,120,,,\n{leaves}", cells={2024: {"a": cells}})
    table = unit_tables.criteria_lost(p.lost, p.history)
    assert rows(table)[:2] == [
        "1.9. Tiêu chí 9 | 0,00 | 0,00 | 10,00 | 10,00",
        "1.1. Tiêu chí 1 | 1,00 | 1,00 | 10,00 | 9,00",
    ]
    assert table is not None
    assert len(table.rows) == 10
    assert table.notes == ("Còn 2 tiêu chí khác chưa đạt điểm tối đa.",)


# without figures


WANTING = {
    "announced only": ({2024: {"a": {}, "b": {"1": "1", "2": "1"}}}, "Năm 2024 không có điểm chi tiết của đơn vị."),
    "incomplete": ({2024: {"a": {"1": "1"}}}, "Điểm chi tiết năm 2024 của đơn vị chưa đủ để tính chỉ số."),
    "nothing applies": (
        {2024: {"a": {"1": "KAD", "2": "KAD"}}},
        "Năm 2024 không có tiêu chí nào áp dụng cho đơn vị.",
    ),
}


@pytest.mark.parametrize("case", WANTING)
def test_a_section_without_figures_says_why(tmp_path: Path, case: str) -> None:
    cells, why = WANTING[case]
    announced = {2024: "unit,index_score\na,50\nb,40"} if case == "announced only" else None
    p = two(tmp_path, cells=cells, published=announced)
    assert lost(p) == why
    assert said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history)) == why
    assert said(unit_words.assessment(p.compared, p.profile, p.history)).startswith("Không có đủ điểm tự chấm năm 2024")
    before = "Năm 2024 đơn vị không có chỉ số chính thức." if announced is None else "Không có chỉ số năm 2023"
    assert said(unit_words.change(p.data, p.changed, p.history)).startswith(before)
    near = said(unit_words.neighbours(p.data, p.near, p.history))
    assert near == (
        "Năm 2024 đơn vị không được xếp hạng." if announced is None else "Hơn b (hạng liền dưới) 10,00 điểm chỉ số."
    )
    tables = [
        unit_tables.points_lost(p.data, p.opened, p.history),
        unit_tables.self_assessed(p.compared, p.profile, p.history),
        parts_tables.change_by_component(p.data, p.changed, p.history),
        unit_goals.paths(p.data, p.goals, p.history),
    ]
    assert tables == [None] * 4
    assert unit_goals.needs(p.data, p.goals, p.profile, p.history) == []


def test_one_total_is_said_and_still_has_a_path(tmp_path: Path) -> None:
    p = one(tmp_path)
    total = "Bộ tiêu chí chỉ có một tổng điểm: không có số liệu theo lĩnh vực."
    assert lost(p) == f"Năm 2024 còn mất 28,50 điểm. {total}"
    assert unit_tables.points_lost(p.data, p.opened, p.history) is None
    assert said(unit_words.change(p.data, p.changed, p.history)) == total
    assert parts_tables.change_by_component(p.data, p.changed, p.history) is None
    assert unit_goals.needs(p.data, p.goals, p.profile, p.history) == [
        "Theo số liệu năm 2024, nếu các đơn vị khác giữ nguyên điểm: để lên hạng 1/2 (đồng hạng) cần thêm ít nhất "
        "8,50 điểm; muốn đứng trên hẳn, cần thêm 0,10 điểm nữa.",
        "Theo số liệu năm 2024, để lên loại Tốt cần thêm ít nhất 8,50 điểm.",
    ]


# self-assessment


def test_self_against_appraised(tmp_path: Path) -> None:
    p = two(tmp_path)
    assert said(unit_words.assessment(p.compared, p.profile, p.history)) == (
        "Điểm tự chấm năm 2024 cao hơn điểm thẩm định 0,75 điểm. Chênh lệch nhiều nhất: Một (+1,00)."
    )
    assert rows(unit_tables.self_assessed(p.compared, p.profile, p.history)) == [
        "1. Một | 22,00 | 21,00 | +1,00",
        "2. Hai | 33,25 | 33,50 | −0,25",
        "Cộng | 55,25 | 54,50 | +0,75",
    ]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (("20", "33.5"), "thấp hơn điểm thẩm định 1,00 điểm. Chênh lệch nhiều nhất: Một (−1,00)."),
        (("21", "33.5"), "bằng điểm thẩm định."),
        (("22", "32.5"), "bằng điểm thẩm định. Chênh lệch nhiều nhất: Một (+1,00), Hai (−1,00)."),
    ],
)
def test_less_or_as_much(tmp_path: Path, own: tuple[str, str], words: str) -> None:
    cells = {"1": f"appraised=21 self={own[0]}", "2": f"appraised=33.5 self={own[1]}"}
    p = two(tmp_path, cells={2024: {"a": cells}})
    assert said(unit_words.assessment(p.compared, p.profile, p.history)).endswith(words)


# the leader


def test_where_a_unit_is_behind_the_leader(tmp_path: Path) -> None:
    p = two(tmp_path)
    behind = leader_gap_parts(p.data, score_components(p.data, [2023, 2024]), p.ranking, "a")
    table = parts_tables.leader_gap(p.data, behind, p.ranking, p.history)
    assert rows(table) == [
        "1. Một | 25,00 | 30,00 | 21,00 | 30,00 | −4,00",
        "2. Hai | 50,00 | 70,00 | 33,50 | 70,00 | −16,50",
        "Cộng: chênh lệch chỉ số | — | — | — | — | −20,50",
    ]
    leader = page(small_dataset(tmp_path / "b", CELLS, rubric=TWO, tables=CLASSES), "b")
    none = leader_gap_parts(leader.data, score_components(leader.data, [2024]), leader.ranking, "b")
    assert parts_tables.leader_gap(leader.data, none, leader.ranking, leader.history) is None


# a change


def test_change_by_component(tmp_path: Path) -> None:
    p = two(tmp_path)
    assert said(unit_words.change(p.data, p.changed, p.history)) == (
        "So với năm 2023, chỉ số giảm 0,50 điểm. Lĩnh vực làm chỉ số tăng nhiều nhất: Một (+1,00). "
        "Lĩnh vực làm chỉ số giảm nhiều nhất: Hai (−1,50)."
    )
    assert rows(parts_tables.change_by_component(p.data, p.changed, p.history)) == [
        "1. Một | 20,00 | 30,00 | 21,00 | 30,00 | +1,00",
        "2. Hai | 35,00 | 70,00 | 33,50 | 70,00 | −1,50",
        "Cộng: thay đổi chỉ số | — | — | — | — | −0,50",
    ]


def test_rows_beyond_the_components_and_their_note(tmp_path: Path) -> None:
    cells = {2023: {"a": {"1": "0", "2": "0"}}, 2024: {"a": {"1": "1", "2": "1", "": "bonus=1 penalty=2"}}}
    rubric = "2023,,1,Một,150,,,\n2023,,2,Hai,150,,,"
    p = two(tmp_path, cells=cells, rubric=rubric, published={2024: "unit,index_score\na,1.33"})
    table = parts_tables.change_by_component(p.data, p.changed, p.history)
    assert [row.rpartition(" | ")[::2] for row in rows(table)] == [
        ("1. Một | 0,00 | 150,00 | 1,00 | 150,00", "+0,33"),
        ("2. Hai | 0,00 | 150,00 | 1,00 | 150,00", "+0,33"),
        ("Điểm cộng | 0,00 | — | 1,00 | —", "+0,33"),
        ("Điểm trừ | 0,00 | — | 2,00 | —", "−0,67"),
        ("Chênh lệch giữa số công bố và số tính lại | — | — | — | —", "+1,00"),
        ("Làm tròn | — | — | — | —", "+0,01"),
        ("Cộng: thay đổi chỉ số | — | — | — | —", "+1,33"),
    ]
    assert table is not None
    assert table.notes[-1].startswith("Làm tròn:")


def test_new_and_ended_components_are_marked(tmp_path: Path) -> None:
    cells = {2023: {"a": {"1": "20", "2": "35"}}, 2024: {"a": {"1": "10", "2": "20"}}}
    p = two(tmp_path, cells=cells, rubric=f"{TWO}\n2024,,1,Một,50,,,\n2024,,2,Khác,50,,,")
    heads = [row.partition(" |")[0] for row in rows(parts_tables.change_by_component(p.data, p.changed, p.history))]
    assert heads == ["1. Một", "2. Khác (mới)", "2. Hai (thôi dùng)", "Cộng: thay đổi chỉ số"]


def test_a_year_before_that_was_only_announced(tmp_path: Path) -> None:
    cells = {2024: {"a": {"1": "20", "2": "35"}}}
    p = two(tmp_path, cells=cells, published={2023: "unit,index_score\na,40"})
    assert said(unit_words.change(p.data, p.changed, p.history)).startswith(
        "Không có đủ điểm chi tiết của hai năm 2023"
    )


def test_an_index_that_did_not_change(tmp_path: Path) -> None:
    p = two(tmp_path, cells={year: {"a": {"1": "20", "2": "35"}} for year in (2023, 2024)})
    assert said(unit_words.change(p.data, p.changed, p.history)) == "So với năm 2023, chỉ số không đổi."


# neighbours


def test_the_places_next_to_it(tmp_path: Path) -> None:
    p = two(tmp_path)
    assert said(unit_words.neighbours(p.data, p.near, p.history)) == (
        "Kém b (hạng liền trên) 20,50 điểm chỉ số. Hơn c (hạng liền dưới) 33,50 điểm chỉ số."
    )
    assert rows(unit_tables.neighbours(p.data, p.near, p.history)) == [
        "1/3 | b | 75,00 | Khá | +20,50",
        "2/3 | a (đơn vị này) | 54,50 | Khá | —",
        "3/3 | c | 21,00 | — | −33,50",
    ]


def test_ties_are_said_and_one_unit_alone_too(tmp_path: Path) -> None:
    rows_of = {unit: {"1": "20", "2": "35"} for unit in "ab"}
    p = two(tmp_path / "1", cells={2024: rows_of})
    assert said(unit_words.neighbours(p.data, p.near, p.history)) == "Đồng hạng với b."
    p = two(tmp_path / "2", cells={2024: {"a": rows_of["a"]}})
    assert said(unit_words.neighbours(p.data, p.near, p.history)) == "Nhóm chỉ có một đơn vị được xếp hạng."
    assert unit_tables.neighbours(p.data, p.near, p.history) is None


def test_announced_places_without_index_have_no_distance(tmp_path: Path) -> None:
    p = two(tmp_path, cells={2024: {"a": {"1": "20", "2": "35"}, "b": {}}}, published={2024: "unit,rank\na,2\nb,1"})
    assert said(unit_words.neighbours(p.data, p.near, p.history)).startswith(
        "Bảng công bố có hạng nhưng không có chỉ số"
    )
    note = said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history))
    assert note.startswith("Có đơn vị được công bố thứ hạng mà không có chỉ số")


# goals


def test_what_it_takes(tmp_path: Path) -> None:
    """To 80 of 54.5: all 36.5 are not needed, 25.5 are."""
    p = two(tmp_path)
    assert unit_goals.needs(p.data, p.goals, p.profile, p.history) == [
        "Theo số liệu năm 2024, nếu các đơn vị khác giữ nguyên điểm: để lên hạng 1/3 (đồng hạng) cần thêm ít nhất "
        "20,50 điểm ở lĩnh vực “Hai”; muốn đứng trên hẳn, cần thêm 0,01 điểm nữa.",
        "Theo số liệu năm 2024, để lên loại Tốt cần thêm ít nhất 25,50 điểm ở lĩnh vực “Hai”.",
    ]
    assert rows(unit_goals.paths(p.data, p.goals, p.history)) == [
        "Hạng 1/3 (đồng hạng): chỉ số từ 75,00 | 2. Hai | 20,50 | 36,50 | +20,50",
        "Hạng 1/3: trên chỉ số 75,00 | 2. Hai | 20,51 | 36,50 | +20,51",
        "Loại Tốt, từ 80,00 | 2. Hai | 25,50 | 36,50 | +25,50",
    ]
    assert said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history)).startswith("Giả định:")


def test_two_components_all_of_one(tmp_path: Path) -> None:
    cells = {"a": {"1": "21", "2": "33.5"}, "b": {"1": "30", "2": "68"}}
    p = two(tmp_path, cells={2024: cells})
    sentence = unit_goals.needs(p.data, p.goals, p.profile, p.history)[0]
    assert "toàn bộ 36,50 điểm còn mất ở lĩnh vực “Hai” và ít nhất 7,00 điểm ở lĩnh vực “Một”;" in sentence


def test_no_way(tmp_path: Path) -> None:
    cells = {"a": {"1": "21", "2": "33.5", "": "penalty=5"}, "b": {"1": "30", "2": "66"}}
    classes = '[[classes]]\nname = "Tốt"\nfrom = 95.5\n'
    p = two(tmp_path, cells={2024: cells}, tables=classes)
    place, grade = unit_goals.needs(p.data, p.goals, p.profile, p.history)
    assert place.endswith("dù đạt toàn bộ điểm còn mất vẫn chưa đủ để tăng hạng.")
    assert grade == "Theo số liệu năm 2024, dù đạt toàn bộ điểm còn mất vẫn chưa đủ để lên loại Tốt."
    assert rows(unit_goals.paths(p.data, p.goals, p.history)) == [
        "Tăng hạng: bằng chỉ số 96,00 | toàn bộ điểm còn mất vẫn chưa đủ | — | — | —",
        "Loại Tốt, từ 95,50 | toàn bộ điểm còn mất vẫn chưa đủ | — | — | —",
    ]


def test_level_can_be_reached_and_above_cannot(tmp_path: Path) -> None:
    cells = {"a": {"1": "21", "2": "33.5", "": "penalty=4"}, "b": {"1": "30", "2": "66"}}
    p = two(tmp_path, cells={2024: cells})
    assert unit_goals.needs(p.data, p.goals, p.profile, p.history)[0].endswith("vẫn chưa đủ để đứng trên hẳn.")
    assert rows(unit_goals.paths(p.data, p.goals, p.history))[2].startswith(
        "Đứng trên hẳn: trên chỉ số 96,00 | toàn bộ"
    )


def test_an_announced_order_of_equal_indices(tmp_path: Path) -> None:
    p = one(
        tmp_path,
        cells={2024: {"a": {"1": "71.5"}, "b": {"1": "71.5"}}},
        published={2024: "unit,index_score,rank\na,71.5,2\nb,71.5,1"},
    )
    assert "chỉ số đã bằng đơn vị ở hạng liền trên" in unit_goals.needs(p.data, p.goals, p.profile, p.history)[0]
    assert "chỉ số đã bằng" in rows(unit_goals.paths(p.data, p.goals, p.history))[0]


def test_the_first_place_the_highest_class_and_an_announced_one(tmp_path: Path) -> None:
    def note(p: SimpleNamespace) -> list[str]:
        return said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history)).splitlines()

    first = one(tmp_path / "1", cells={2024: {"a": {"1": "85"}, "b": {"1": "80"}}})
    assert note(first) == ["Đơn vị đã ở hạng 1/2 của nhóm.", "Đơn vị đã ở loại cao nhất: Tốt."]
    given = {2024: "unit,index_score,grade\na,71.5,Tốt\nb,80,Tốt"}
    assert (
        note(one(tmp_path / "2", published=given, cells={2024: {"a": {"1": "71.5"}, "b": {"1": "80"}}}))[0]
        == "Đơn vị đã ở loại cao nhất: Tốt."
    )
    other = {2024: "unit,index_score,grade\na,85,Khá\nb,80,Tốt"}
    p = one(tmp_path / "3", published=other, cells={2024: {"a": {"1": "85"}, "b": {"1": "80"}}})
    assert note(p)[1].startswith("Loại đã công bố khác loại tính theo mức điểm")


def test_an_announced_index_that_the_scores_do_not_give(tmp_path: Path) -> None:
    p = one(tmp_path, published={2024: "unit,index_score\na,72.5\nb,80"})
    assert p.goals == []
    why = said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history))
    assert why.startswith("Chỉ số đã công bố năm 2024 khác chỉ số tính lại")


def test_a_unit_without_an_official_index(tmp_path: Path) -> None:
    p = one(tmp_path, published={2024: "unit,index_score\nb,80"})
    why = said(unit_goals.prospects(p.data, p.parts, p.ranking, p.goals, p.profile, p.history))
    assert why == "Năm 2024 đơn vị không có chỉ số chính thức."


def test_a_merged_unit_and_one_that_moved_are_not_compared_with_another_index(tmp_path: Path) -> None:
    """The merged unit inherits an index of 2023, and the other was of another group: neither is a change."""
    stage = '[[stages]]\nfirst = 2021\nlast = 2025\nlineage = "inherit"\n'
    units = "x,g,,2023-12-31\ny,g,,2023-12-31\na,g,2024-01-01,\nb,h,,2023-12-31\nb,g,2024-01-01,"
    scores = {"1": "20", "2": "35"}
    cells = {2023: dict.fromkeys("xyb", scores), 2024: dict.fromkeys("ab", scores)}
    data = small_dataset(
        tmp_path, cells, rubric=TWO, tables=stage, units=units, lineage="x,a,2024-01-01,merge,\ny,a,2024-01-01,merge,"
    )
    for unit, years in (("a", [2023, 2024]), ("b", [2024])):
        p = page(data, unit)
        assert p.history["year"].tolist() == years
        assert parts_tables.change_by_component(p.data, p.changed, p.history) is None
        assert said(unit_words.change(p.data, p.changed, p.history)) == (
            "Không có chỉ số năm 2023 của chính đơn vị trong cùng nhóm để so sánh."
        )


def test_components_are_all_named_and_never_called_units(tmp_path: Path) -> None:
    """`facts.joined` would say "and 2 other units" after five names."""
    codes = range(1, 8)
    rubric = "\n".join(f"2023,,{code},Lĩnh vực {code},10,,," for code in codes)
    p = two(tmp_path, rubric=rubric, cells={2024: {"a": {str(code): "9" for code in codes}}})
    assert "Lĩnh vực 6, Lĩnh vực 7: mỗi lĩnh vực 1,00 điểm." in lost(p)
