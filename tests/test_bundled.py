"""data/raw: the bundled schemes load without error, reproduce, and hold every case that they are there to show."""

from __future__ import annotations

import csv
import importlib.util
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from cchc.awards import propose_awards
from cchc.dataset import Dataset
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.scoring import score, score_components
from cchc.stage import rank_stage
from cchc.verification import verify

DATA = Path(__file__).parents[1] / "data"
SOC_TRANG, TAY_NINH, SO_GDDT = (DATA / "raw" / name for name in ("soc-trang", "tay-ninh", "so-gddt"))
ANNOUNCED = [2021, 2022, 2023, 2024]


def generator(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DATA / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def soc_trang() -> Dataset:
    return read_dataset(SOC_TRANG)


@pytest.fixture(scope="module")
def tay_ninh() -> Dataset:
    return read_dataset(TAY_NINH)


@pytest.fixture(scope="module")
def so_gddt() -> Dataset:
    return read_dataset(SO_GDDT)


def contents(folder: Path, *parts: str) -> dict[str, bytes]:
    """Return every generated file; a workbook part by part, as another zlib packs the same parts differently."""
    found: dict[str, bytes] = {}
    for path in sorted(path for part in parts for path in folder.glob(f"{part}/**/*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}/{part}": archive.read(part) for part in archive.namelist()}
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


@pytest.fixture(scope="module")
def scores(soc_trang: Dataset) -> pd.DataFrame:
    return score(soc_trang)


def first_places(scores: pd.DataFrame, year: int, group: str) -> dict[str, Fraction]:
    """Return the two best units of a group with their exact recomputed indices."""
    rows = scores[(scores["year"] == year) & (scores["group"] == group) & scores["is_complete"]]
    return dict(
        rows.sort_values("index_score", ascending=False)[["unit_id", "index_exact"]].head(2).to_numpy().tolist()
    )


# ------------------------------------------------------------------------------------------------------ tay-ninh


def test_tay_ninh_reproduces_the_announced_result(tay_ninh: Dataset) -> None:
    assert tay_ninh.scheme.illustrative is None
    table = verify(tay_ninh, 2023)
    assert len(table) == 25
    assert set(table["status"]) == {"same"}
    assert table["index_difference"].eq(0).all()
    assert (table["rank"] == table["published_rank"]).all()
    assert (table["grade"] == table["published_grade"]).all()
    assert table["published_grade"].value_counts().to_dict() == {"Tốt": 23, "Khá": 1, "Kém": 1}


def test_tay_ninh_would_not_reproduce_with_one_changed_figure(tmp_path: Path) -> None:
    for path in (path for path in TAY_NINH.rglob("*") if path.is_file()):
        target = tmp_path / "tay-ninh" / path.relative_to(TAY_NINH)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    scores = tmp_path / "tay-ninh" / "scores" / "2023.csv"
    scores.write_text(scores.read_text(encoding="utf-8").replace("69.25", "69.24"), encoding="utf-8")
    table = verify(read_dataset(tmp_path / "tay-ninh"), 2023)
    assert table.loc[table["status"] != "same", "unit_id"].tolist() == ["van-phong-ubnd"]


def test_tay_ninh_is_ranked_by_share_of_its_own_maximum(tay_ninh: Dataset) -> None:
    ranking = rank_year(tay_ninh, 2023)
    departments = ranking[ranking["group"] == "so-nganh"]
    by_points = departments["points"].rank(ascending=False, method="min")
    assert (by_points == departments["rank"]).sum() == 1  # the case that raw points would have got wrong
    districts = ranking[ranking["group"] == "cap-huyen"]
    assert not tay_ninh.scheme.group("cap-huyen").complete
    assert (len(districts), districts["rank"].notna().sum()) == (9, 6)


# ----------------------------------------------------------------------------------------------------- soc-trang


@pytest.mark.parametrize(
    ("name", "scheme", "parts"),
    [("make_soc_trang", SOC_TRANG, ("scores", "published")),
     ("make_so_gddt", SO_GDDT, ("scores", "tasks", "initiatives", "nominations"))],
)  # fmt: skip
def test_generator_gives_the_committed_files(name: str, scheme: Path, parts: tuple[str, ...], tmp_path: Path) -> None:
    generator(name).make(tmp_path)
    made, committed = contents(tmp_path, *parts), contents(scheme, *parts)
    assert list(made) == list(committed)
    assert [name for name in made if made[name] != committed[name]] == []


@pytest.mark.parametrize("folder", [SOC_TRANG, TAY_NINH, SO_GDDT], ids=lambda folder: folder.name)
def test_has_no_error(folder: Path) -> None:
    assert [str(problem) for problem in read_dataset(folder).problems if problem.is_error] == []


def test_soc_trang_reproduces_its_announced_tables(soc_trang: Dataset) -> None:
    assert soc_trang.published_years == ANNOUNCED
    assert soc_trang.years == [*ANNOUNCED, 2025]
    assert "giả định" in soc_trang.scheme.illustrative.vi
    for year in ANNOUNCED:
        assert set(verify(soc_trang, year)["status"]) == {"same"}


def test_soc_trang_has_its_groups(soc_trang: Dataset) -> None:
    sizes = {year: soc_trang.units_of(year)["group"].value_counts().to_dict() for year in (2024, 2025)}
    assert sizes[2024] == {"so-nganh": 19, "su-nghiep": 8, "cap-huyen": 11, "trung-uong": 6}
    assert sizes[2025] == {"so-nganh": 14, "su-nghiep": 8, "trung-uong": 6}
    for _, rubric in soc_trang.rubric[soc_trang.rubric["parent"] == ""].groupby(["year", "group"]):
        assert (len(rubric), rubric["max_units"].sum()) == (7, 100 * 10**soc_trang.point_decimals)


def test_soc_trang_rubric_changes_once(soc_trang: Dataset) -> None:
    assert set(soc_trang.rubric["rubric_year"]) == {2021, 2023}
    components = score_components(soc_trang)
    series = components.groupby(["code", "year"])["series"].agg(set)
    assert series["2", 2022] == series["2", 2023]  # renamed, joined by same_as
    assert not series["7", 2022] & series["7", 2023]  # the same number means something else


def test_soc_trang_has_a_tie_and_a_near_tie_at_first_places(soc_trang: Dataset, scores: pd.DataFrame) -> None:
    tied = first_places(scores, 2024, "cap-huyen")
    assert set(tied) == {"ubnd-thanh-pho-soc-trang", "ubnd-thi-xa-nga-nam"}
    assert len(set(tied.values())) == 1
    best = rank_year(soc_trang, 2024)
    assert best[best["rank"].eq(1) & best["is_tied"]]["unit_id"].tolist() == sorted(tied)
    near = first_places(scores, 2023, "su-nghiep")
    assert list(near) == ["dai-phat-thanh-va-truyen-hinh", "benh-vien-da-khoa"]
    first, second = near.values()
    assert 0 < first - second <= Fraction(soc_trang.scheme.near or 0)


def test_soc_trang_other_first_places_are_clear(soc_trang: Dataset, scores: pd.DataFrame) -> None:
    for year in soc_trang.years:
        for group in soc_trang.scheme.groups:
            if (year, group.id) not in {(2024, "cap-huyen"), (2023, "su-nghiep"), (2025, "cap-huyen")}:
                first, second = first_places(scores, year, group.id).values()
                assert first - second > Fraction(soc_trang.scheme.near or 0), (year, group.id)


def test_soc_trang_has_incomplete_units(scores: pd.DataFrame) -> None:
    incomplete = scores.loc[~scores["is_complete"], ["year", "unit_id", "missing"]].to_numpy().tolist()
    assert incomplete == [
        [2023, "ubnd-huyen-cu-lao-dung", "7.1.2, 7.2.1, 7.2.2"],
        [2025, "trung-tam-khuyen-nong", "3.2"],
    ]


def test_soc_trang_has_criteria_that_do_not_apply(soc_trang: Dataset) -> None:
    excluded = soc_trang.scores[~soc_trang.scores["is_applicable"]]
    assert set(excluded["unit_id"]) == {
        "van-phong-ubnd", "thanh-tra-tinh", "ban-dan-toc", "quy-dau-tu-phat-trien", "cong-an-tinh"
    }  # fmt: skip
    components = score_components(soc_trang)
    none = components[~components["is_applicable"]]
    assert set(zip(none["unit_id"], none["code"], strict=True)) == {("ban-dan-toc", "3"), ("cong-an-tinh", "6")}


def test_soc_trang_has_bonus_and_one_penalty(scores: pd.DataFrame) -> None:
    penalised = scores.loc[scores["penalty"] > 0, ["year", "unit_id", "penalty"]].to_numpy().tolist()
    assert penalised == [[2024, "ban-quan-ly-cac-khu-cong-nghiep", 1.0]]
    assert scores["bonus"].max() == 3


def test_soc_trang_is_plausible(soc_trang: Dataset, scores: pd.DataFrame) -> None:
    index = scores.loc[scores["is_complete"], "index_score"]
    assert index.between(65, 96).all()
    means = scores[scores["is_complete"]].groupby(["group", "year"])["index_score"].mean().unstack()
    assert (means[2024] > means[2021]).all()  # a mild upward trend
    sums = soc_trang.scores.dropna(subset="self_units").groupby(["year", "unit_id"], observed=True)
    ratio = sums["self_units"].sum() / sums["appraised_units"].sum()  # 64.75 / 62.62 is the one sourced pair
    assert (ratio >= 1).mean() > 0.95
    assert 1 < ratio.mean() < 1.06


def test_soc_trang_stage_names_other_leaders_under_the_other_policy(soc_trang: Dataset) -> None:
    stage = rank_stage(soc_trang, 2021, 2025).set_index("unit_id")
    assert stage["is_to_date"].all()
    departments = stage[stage["group"] == "so-nganh"]
    assert departments.index[departments["rank_inherit"] == 1].tolist() == ["so-tai-chinh-2025"]
    assert departments.index[departments["rank_separate"] == 1].tolist() == ["van-phong-ubnd"]
    assert (departments["n_years"]["so-tai-chinh-2025"], departments["n_inherited"]["so-tai-chinh-2025"]) == (1, 4)
    assert not departments.loc["so-tai-chinh-2025", "is_near_tied"]
    assert (departments["reason"] == "merged").sum() == 10
    districts = stage[stage["group"] == "cap-huyen"]
    assert districts["is_group_dissolved"].all()
    assert districts.index[districts["rank"] == 1].tolist() == ["ubnd-thi-xa-nga-nam"]


def test_soc_trang_marks_what_is_made_up() -> None:
    scheme = (SOC_TRANG / "scheme.toml").read_text(encoding="utf-8")
    decisions = [line for line in scheme.splitlines() if line.startswith("decision =")]
    assert len(decisions) == len(ANNOUNCED)
    assert all("(minh họa)" in line for line in decisions)
    with (SOC_TRANG / "rubric.csv").open(encoding="utf-8", newline="") as file:
        components = [row for row in csv.DictReader(file) if "." not in row["code"]]
    assert {row["basis"] for row in components} == {"minh họa"}


# ------------------------------------------------------------------------------------------------------------ awards


def proposed(table: pd.DataFrame, award: str, *statuses: str) -> list[str]:
    rows = table[(table["award"] == award) & table["status"].isin(statuses)]
    return rows["unit_id"].tolist()


def test_soc_trang_flags_have_every_case(soc_trang: Dataset) -> None:
    """Another leader under the other policy, a group that is gone, and two that are clear; with what hangs on them."""
    table = propose_awards(soc_trang, stage=(2021, 2025))
    assert proposed(table, "co-thi-dua", "proposed") == ["benh-vien-da-khoa", "cuc-thue"]
    reasons = table[(table["award"] == "co-thi-dua") & (table["status"] == "open")].set_index("unit_id")["reason"]
    assert reasons.to_dict() == {
        "so-tai-chinh-2025": "other_leader", "van-phong-ubnd": "other_leader", "ubnd-thi-xa-nga-nam": "group_dissolved",
    }  # fmt: skip
    certificates = table[table["award"] == "bang-khen-tap-the-giai-doan"]
    assert certificates.drop_duplicates("group").set_index("group")["seats"].to_dict() == {
        "so-nganh": 7, "su-nghiep": 4, "cap-huyen": 6, "trung-uong": 3
    }  # fmt: skip
    assert proposed(table, "bang-khen-tap-the-giai-doan", "excluded") == ["benh-vien-da-khoa", "cuc-thue"]
    conditions = certificates[certificates["status"] == "conditional"].set_index("unit_id")["reason"].to_dict()
    assert [name for name, reason in conditions.items() if reason == "if_not_award"] == list(reasons.index)


def test_soc_trang_certificates_of_a_year_are_a_ceiling(soc_trang: Dataset) -> None:
    assert soc_trang.scheme.awards_of("2021") == []  # the plan is of April 2022
    table = propose_awards(soc_trang, year=2024)
    assert len(proposed(table, "bang-khen-tap-the", "proposed")) == 10
    assert proposed(table, "bang-khen-tap-the", "open") == ["ubnd-thi-xa-nga-nam"]  # its one-stop shop, no unit
    assert len(proposed(table, "bang-khen-ca-nhan", "proposed")) == 3  # fewer were nominated


def test_so_gddt_shows_what_it_is_for(so_gddt: Dataset) -> None:
    assert so_gddt.scheme.illustrative is not None
    table = propose_awards(so_gddt, year=2022)
    collectives = table[table["award"] == "giay-khen-tap-the"]
    assert collectives.drop_duplicates("group")["seats"].tolist() == [2, 3]
    assert len(proposed(table, "giay-khen-tap-the", "proposed")) == 5
    best = collectives[collectives["rank"] == 1]
    assert best["unit_id"].tolist() == ["khao-thi", "thpt-02"]  # the best by index, not by tasks, which come first
    assert (best["status"] == "below").all()
    assert proposed(table, "giay-khen-tap-the", "not_eligible") == ["trung-tam-02"]
    last = table[table["status"] == "open"]
    assert last[["choose", "choose_of"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert len(proposed(table, "giay-khen-ca-nhan", "proposed")) == 9


@pytest.mark.parametrize("folder", [SOC_TRANG, SO_GDDT], ids=lambda folder: folder.name)
def test_names_of_persons_are_marked_as_invented(folder: Path) -> None:
    data = read_dataset(folder)
    names = [*data.nominations.loc[~data.nominations["is_unit"], "name"], *data.initiatives["owner"]]
    assert names
    assert [name for name in names if not name.endswith("(minh họa)")] == []
