"""What the index of a scheme lists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cchc.reports import publish
from cchc.reports.html import IndexSection
from cchc.reports.listing import listing
from cchc.reports.plan import Job, Plan
from cchc.reports.summary import Result, SchemeRun
from cchc.scheme import read_scheme
from tests.conftest import MakeScheme
from tests.inputs import SCHEME
from tests.test_publish import JOB, SCORECARD

CARDS = [
    ("a", 2023, "UBND huyện A", "UBND huyện"),
    ("b", 2024, "UBND huyện B", "UBND huyện"),
    ("c", 2024, "Sở Đo lường", "Sở, ban, ngành"),
    ("d", 2024, "Sở Du lịch", "Sở, ban, ngành"),
]


def publish_all(tmp_path: Path) -> list[Job]:
    """Publish a page of a year and four scorecards."""
    jobs = [JOB]
    for unit_id, year, unit, group in CARDS:
        parameters = {"scheme": "thu", "unit_id": unit_id, "year": year, "lang": "vi"}
        page = f"units/{unit_id}-{year}"
        jobs.append(replace(SCORECARD, page=page, unit=unit, group=group, title="T", parameters=parameters))
    for job in jobs:
        staged = tmp_path / "staged"
        (staged / job.page).parent.mkdir(parents=True, exist_ok=True)
        for suffix in ("html", "xlsx"):
            (staged / f"{job.page}.{suffix}").write_text("x", "utf-8")
        publish.publish(job, staged, tmp_path / "out/thu", {}, "")
    return jobs


def outline(section: IndexSection) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return the years of a section with their groups and the lines of these."""
    return [
        (year.heading, [(group.heading, [entry.label for entry in group.entries]) for group in year.parts])
        for year in section.parts
    ]


def test_units_stand_by_year_and_by_group_in_the_order_of_the_settings(make_scheme: MakeScheme, tmp_path: Path) -> None:
    scheme = read_scheme(make_scheme({"scheme.toml": SCHEME}))
    jobs = publish_all(tmp_path)
    run = SchemeRun("thu", tmp_path, scheme, {"published_years": [2023]}, Plan(tuple(jobs), ()))
    run.results = [Result(job, "unchanged") for job in jobs]
    found = listing(run, tmp_path / "out", "vi")
    assert [(section.heading, section.kind) for section in found.sections] == [
        ("Hằng năm", "year"),
        ("Giai đoạn", "stage"),
        ("Từng đơn vị", "unit"),
    ]
    (year,) = found.sections[0].entries
    assert (year.href, year.workbook) == ("annual-2024.html", "annual-2024.xlsx")
    assert (year.note, year.period) == ("BẢN DỰ THẢO", "2024")
    assert outline(found.sections[2]) == [
        ("Năm 2024", [("Sở, ban, ngành", ["Sở Du lịch", "Sở Đo lường"]), ("UBND huyện", ["UBND huyện B"])]),
        ("Năm 2023", [("UBND huyện", ["UBND huyện A"])]),
    ]


def test_without_settings_the_manifests_say_which_unit_and_group(tmp_path: Path) -> None:
    publish_all(tmp_path)
    found = listing(SchemeRun("thu", tmp_path), tmp_path / "out", "vi")
    units = outline(found.sections[2])
    assert [(year, dict(groups)) for year, groups in units] == [
        ("Năm 2024", {"Sở, ban, ngành": ["Sở Du lịch", "Sở Đo lường"], "UBND huyện": ["UBND huyện B"]}),
        ("Năm 2023", {"UBND huyện": ["UBND huyện A"]}),
    ]
    assert all(entry.is_stale for year in found.sections[2].parts for group in year.parts for entry in group.entries)
