"""The chain from cell to place, of a year and of a stage, as values and as lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cchc.chain import chain_of
from cchc.dataset import Dataset
from cchc.problems import InputError
from cchc.reading import read_dataset
from cchc.why import chain_lines
from tests.small import small_dataset

HAND = Path(__file__).parent / "hand"
STAGE = '[[stages]]\nfirst = 2023\nlast = 2024\nlineage = "inherit"\n'
RUBRIC = "2023,,1,Một,60,,,\n2023,,1.1,Con,20,,,\n2023,,1.2,Hai con,40,both,,\n2023,,2,Hai,40,,,"


def dataset(folder: Path, **options: Any) -> Dataset:
    cells = {
        "a": {"1.1": "self=20 appraised=18.5", "1.2": "appraised=20 survey=15.25", "2": "35", "": "bonus=1"},
        "b": {"1.1": "18", "1.2": "appraised=20 survey=15", "2": "KAD"},
        "c": {"1.1": "18", "1.2": "appraised=10 survey=15", "2": "30"},
    }
    small_dataset(folder, {2023: cells}, rubric=RUBRIC, **options)
    return read_dataset(folder / "thu")


def test_a_year_from_cell_to_place(tmp_path: Path) -> None:
    chain = chain_of(dataset(tmp_path), "a", "2023")
    json.dumps(chain)
    rows = {item["code"]: item for item in chain["rubric"]}
    assert [(code, item["points"], item["max_points"]) for code, item in rows.items()] == [
        ("1", "53.75", "60.00"), ("1.1", "18.50", "20.00"), ("1.2", "35.25", "40.00"), ("2", "35.00", "40.00"),
    ]  # fmt: skip
    assert rows["1"]["index_score"] == "89.58"
    assert rows["1.1"]["cells"][1] == {
        "field": "appraised", "file": "scores/2023.csv", "sheet": "", "cell": "dòng 2, cột appraised", "text": "18.5",
    }  # fmt: skip
    assert [item["field"] for item in rows["1.2"]["cells"]] == ["appraised", "survey"]
    assert [(item["field"], item["points"], item["cells"][0]["text"]) for item in chain["adjustments"]] == [
        ("bonus", "1.00", "1")
    ]
    assert (chain["index_exact"], chain["index_recomputed"]) == ("359/4", "89.75")
    assert (chain["rank"], chain["n_ranked"]) == (1, 3)
    assert [(item["name"], item["rank"], item["is_above"]) for item in chain["neighbours"]] == [("b", 2, False)]
    text = "\n".join(chain_lines(chain))
    for part in (
        "1.1. Con", "“18.5”", "scores/2023.csv · dòng 2, cột appraised", "chỉ số thành phần 89,58",
        "= 100 × (88,75 + 1 − 0) / 100", "Chính xác: 89,75", "Hạng: 1/3", "→ hạng 1", "Chưa công bố",
    ):  # fmt: skip
        assert part in text


def test_what_does_not_apply_and_a_ratio_without_end(tmp_path: Path) -> None:
    chain = chain_of(dataset(tmp_path), "b", "2023")
    assert chain["rubric"][-1]["is_applicable"] is False
    assert chain["index_exact"] == "265/3"  # 100 x 53 / 60
    text = "\n".join(chain_lines(chain))
    assert "không áp dụng (KAD)" in text
    assert "Chính xác: 265/3; làm tròn một lần, nửa đơn vị làm tròn lên: 88,33." in text
    assert [(item["name"], item["is_above"]) for item in chain["neighbours"]] == [("a", True), ("c", False)]


def test_the_announced_place_and_the_recomputed_one(tmp_path: Path) -> None:
    data = dataset(tmp_path, published={2023: "unit,index_score,rank\nb,95,1\na,89.75,2\nc,73,3"})
    chain = chain_of(data, "a", "2023")
    assert (chain["rank"], chain["rank_recomputed"], chain["announced"]["file"]) == (2, 1, "published/2023.csv")
    text = "\n".join(chain_lines(chain))
    assert "Công bố lần 1: chỉ số 89,75, hạng 2 (published/2023.csv · dòng 3)." in text
    assert "Tính lại: chỉ số 89,75, hạng 1, khác bản công bố." in text
    assert "Hạng chính thức: 2/3" in text


def test_a_unit_that_is_not_ranked(tmp_path: Path) -> None:
    small_dataset(tmp_path, {2023: {"a": {"1.1": "18"}, "b": {"1.1": "18"}}}, rubric=RUBRIC)
    chain = chain_of(read_dataset(tmp_path / "thu"), "a", "2023")
    assert (chain["rank"], chain["index_exact"], chain["neighbours"]) == (None, None, [])
    text = "\n".join(chain_lines(chain))
    assert "Không có chỉ số: chưa nhập 2 tiêu chí: 1.2, 2." in text
    assert "Không xếp hạng: chưa nhập đủ tiêu chí." in text


def test_an_unknown_unit_is_named_with_the_closest(tmp_path: Path) -> None:
    data = read_dataset(HAND)
    for period in ("2022", "2021-2023"):
        with pytest.raises(InputError, match="noi-vu"):
            chain_of(data, "noi-vuu", period)
    with pytest.raises(LookupError, match="1999"):
        chain_of(data, "noi-vu", "1999")
    with pytest.raises(ValueError, match="2001-2002"):
        chain_of(data, "noi-vu", "2001-2002")


def test_a_stage_with_what_is_inherited(tmp_path: Path) -> None:
    small_dataset(
        tmp_path,
        {2023: {"a": {"1": "80"}, "b": {"1": "71"}, "c": {"1": "70"}}, 2024: {"n": {"1": "90"}, "c": {"1": "85"}}},
        units="a,g,,2023-12-31\nb,g,,2023-12-31\nc,g,,\nn,g,2024-01-01,",
        lineage="a,n,2024-01-01,merge,1/3\nb,n,2024-01-01,merge,2/3",
        tables=STAGE,
    )
    chain = chain_of(read_dataset(tmp_path / "thu"), "n", "2023-2024")
    json.dumps(chain)
    first, last = chain["years"]
    assert (first["kind"], first["index_exact"], last["kind"], last["rank"]) == ("inherited", "74", "own", 1)
    assert [(item["unit_id"], item["share"], item["index_score"], item["rank"]) for item in first["from"]] == [
        ("a", "1/3", "80.0", 1), ("b", "2/3", "71.0", 2),
    ]  # fmt: skip
    assert (chain["index_exact"], chain["rank"], chain["n_ranked"]) == ("82", 1, 2)
    text = "\n".join(chain_lines(chain))
    for part in ("từ a (a)", "tỷ lệ 2/3", "kế thừa", "trung bình cộng 2 năm", "đơn vị mới kế thừa"):
        assert part in text
    gone = chain_of(read_dataset(tmp_path / "thu"), "a", "2023-2024")
    assert "Không xếp hạng: đã nhập vào đơn vị khác." in "\n".join(chain_lines(gone))
