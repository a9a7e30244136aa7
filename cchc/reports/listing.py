"""What the index page of a scheme lists: its whole sets by year, stage and unit, what is not there, what stops it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from cchc.locale import translator
from cchc.names import sort_key
from cchc.phrases import msgid
from cchc.reports import publish, site
from cchc.reports.child import KINDS
from cchc.reports.html import IndexEntry, IndexSection
from cchc.reports.summary import Result, SchemeRun

RANKINGS = ("annual_ranking.ipynb", "stage_ranking.ipynb")
"""The notebooks whose pages come first in their period: what all other pages of it hang on."""


def listing(run: SchemeRun, out: Path, lang: str) -> site.Listing:
    """Return what the index page of a scheme shows: its whole sets, what could not be built, and what stops it."""
    _ = translator(lang)
    folder = out / run.id
    results = {result.job.page: result for result in run.results}
    pages = list(results) if run.plan else publish.pages_in(folder, lang)
    found = [publish.read_manifest(folder, page) for page in pages]
    whole = sorted((item for item in found if item and publish.is_whole(folder, item)), key=_order)
    entries = [(item, _entry(run, item, results, lang)) for item in whole]
    by_kind = {kind: tuple(entry for item, entry in entries if item["per"] == kind) for kind in ("year", "stage")}
    units = [(item, entry) for item, entry in entries if item["per"] == "unit"]
    sections = [
        IndexSection(_("Hằng năm"), by_kind["year"], "year"),
        IndexSection(_("Giai đoạn"), by_kind["stage"], "stage"),
        IndexSection(_("Từng đơn vị"), (), "unit", tuple(_years(run, units, lang))),
    ]
    others = {
        _("Chưa lập được"): _not_built(run, folder, {item["page"] for item in whole}, lang),
        _("Lỗi của dữ liệu đầu vào"): [
            IndexEntry("", item.what(_), f"{item.in_words(_).place}. {item.remedy(_)}")
            for item in run.problems
            if item.is_error
        ],
    }
    sections += [IndexSection(heading, tuple(lines)) for heading, lines in others.items() if lines]
    if section := site.check_section(folder, lang):
        sections.append(section)
    if run.scheme is None:  # its settings cannot be read now, but what was marked stays marked
        before = site.read_listing(out, run.id, lang) or site.Listing(run.id, (), ())
        return site.Listing(before.title, before.marks, tuple(sections))
    marks = (run.scheme.illustrative.get(lang),) if run.scheme.illustrative else ()
    return site.Listing(run.scheme.title.get(lang), marks, tuple(sections))


def _order(manifest: Mapping[str, Any]) -> tuple[object, ...]:
    """Return the key to list pages by: the newest period first, in it the ranking, then by name in Vietnamese order."""
    parameters = manifest["parameters"]
    newest = -parameters.get("year", parameters.get("last", 0)), -parameters.get("first", 0)
    return *newest, manifest["notebook"] not in RANKINGS, sort_key(_label(manifest))


def _label(manifest: Mapping[str, Any]) -> str:
    """Return the line of a page: its title, or the name of its unit, which stands under its year."""
    return str(manifest.get("unit") or manifest["title"])


def _years(run: SchemeRun, units: Iterable[tuple[Mapping[str, Any], IndexEntry]], lang: str) -> Iterable[IndexSection]:
    """Return the pages of single units by year, and in a year by group in the order of the settings."""
    _ = translator(lang)
    order = [group.name.get(lang) for group in run.scheme.groups] if run.scheme else []
    for year, of_year in groupby(units, key=lambda pair: pair[0]["parameters"]["year"]):
        groups: dict[str, list[IndexEntry]] = {name: [] for name in order}
        for manifest, entry in of_year:
            groups.setdefault(manifest.get("group") or _("Các đơn vị"), []).append(entry)
        parts = tuple(IndexSection(name, tuple(entries)) for name, entries in groups.items() if entries)
        yield IndexSection(_("Năm {year}").format(year=year), (), parts=parts)


def _entry(run: SchemeRun, manifest: Mapping[str, Any], results: Mapping[str, Result], lang: str) -> IndexEntry:
    """Return the line of a page that is there."""
    _ = translator(lang)
    result = results.get(manifest["page"])
    notes = []
    year = manifest["parameters"].get("year")
    if year and run.plan and year not in run.manifest["published_years"]:
        notes.append(_("BẢN DỰ THẢO"))
    if result and result.status == "outdated":
        notes.append(_("chưa cập nhật: {reason}").format(reason=result.reason))
    is_stale = result is None or result.status in ("failed", "stopped")
    page, parameters = manifest["page"], manifest["parameters"]
    period = "-".join(str(parameters[name]) for name in ("year", "first", "last") if name in parameters)
    document = next((name for name in manifest["files"] if name.endswith(".docx")), "")
    return IndexEntry(f"{page}.html", _label(manifest), " · ".join(notes), is_stale, f"{page}.xlsx", period, document)


def _not_built(run: SchemeRun, folder: Path, whole: Collection[str], lang: str) -> list[IndexEntry]:
    """Return a line for each failure page, each page that is not there, and each stage without data."""
    _ = translator(lang)
    entries = []
    for result in run.results:
        name = f"{result.job.page}{publish.FAILURE}"
        if (folder / name).exists():
            kind = KINDS[result.failure.kind] if result.failure else msgid("Lần lập gần nhất thất bại")
            entries.append(IndexEntry(name, result.job.title, _(kind)))
        elif result.job.page not in whole:
            entries.append(IndexEntry("", result.job.title, result.reason))
    for stage in run.plan.without_data if run.plan else ():
        label = _("Giai đoạn {stage}").format(stage=stage)
        entries.append(IndexEntry("", label, _("chưa có năm nào có điểm")))
    return entries
