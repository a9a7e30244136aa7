"""What there is to build, and why: from what the notebooks say, the settings and the hashes of the data."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cchc.digests import sha256_of
from cchc.locale import SOURCE, named, translator
from cchc.reports.child import Limits
from cchc.reports.engine import Parameter
from cchc.reports.sources import Source, check_parameters
from cchc.scheme import Scheme

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"

VERSIONS = ("babel", "fonttools", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "papermill",
            "python-docx", "scipy", "seaborn", "xlsxwriter")  # fmt: skip
"""The packages that a page's bytes depend on."""


@dataclass(frozen=True)
class Job:
    """One page to have.

    Attributes
    ----------
    scheme, page, per, title, lang : str
        Id of the scheme; stem of the page's files; ``"year"``, ``"stage"`` or ``"unit"``; title and language.
    notebook : Path
        What makes it.
    parameters : mapping
        The notebook's parameters without the folder that receives the files.
    years : tuple of int
        The years whose data it uses: an error in one of them stops it.
    parts : mapping
        Hash of everything that its bytes depend on, by name; `key` is made of them.
    limits : Limits
        What its run may take.
    unit, group : str
        Of the page of a unit: the names of both in `lang`.
    suffixes : tuple of str
        Of the files that it has besides page and workbook.
    is_personal : bool
        It holds names of persons.
    data : tuple of str
        The names of `sources.DATA` that its notebook declares.
    """

    scheme: str
    page: str
    per: str
    title: str
    lang: str
    notebook: Path
    parameters: Mapping[str, Parameter]
    years: tuple[int, ...]
    parts: Mapping[str, str]
    limits: Limits
    unit: str = ""
    group: str = ""
    suffixes: tuple[str, ...] = ()
    is_personal: bool = False
    data: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 of everything that the page depends on: same key, same bytes, nothing to do."""
        return _digest(self.parts)

    @property
    def period(self) -> str:
        """``"2024"`` or ``"2021-2025"``, as the command line names it."""
        return _period_id(self.per, self.parameters)

    @property
    def command(self) -> str:
        """The command that builds this page again."""
        selection = f"--units --year {self.period}" if self.per == "unit" else f"--{self.per} {self.period}"
        lang = "" if self.lang == SOURCE else f" --lang {self.lang}"
        return f"cchc report {self.scheme} {selection}{lang} --force"


_PERIOD = {"year": ("year",), "stage": ("first", "last"), "unit": ("year",)}


def _period_id(per: str, parameters: Mapping[str, Parameter]) -> str:
    return "-".join(str(parameters[name]) for name in _PERIOD[per])


@dataclass(frozen=True)
class Plan:
    """The pages of a scheme: `jobs` to have, and the stages `without_data` that are listed and not built."""

    jobs: tuple[Job, ...]
    without_data: tuple[str, ...]


def program_hash(package: Path = PACKAGE) -> str:
    """Return a hash of the program: each file of the package, templates and translations included."""
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return _digest({path.relative_to(package).as_posix(): sha256_of(path) for path in files})


def versions_hash() -> str:
    """Return a hash of the Python and package versions that a page depends on."""
    return _digest({"python": platform.python_version(), **{name: version(name) for name in VERSIONS}})


def plan(
    scheme: Scheme,
    manifest: Mapping[str, Any],
    sources: Sequence[Source],
    program: str,
    lang: str = "vi",
    unit_years: Collection[int] = (),
) -> Plan:
    """Return the pages that a scheme should have.

    Parameters
    ----------
    scheme : Scheme
        The settings.
    manifest : mapping
        Of the processed data: `years`, `broken_years`, `slices`, `units`, `settings`.
    sources : sequence of Source
        The notebooks that publish.
    program : str
        A hash of program and versions.
    lang : str
        Language of the pages.
    unit_years : collection of int
        The years that have pages of single units: there may be thousands a year.
    """
    scored = sorted({*manifest["years"], *manifest["broken_years"]})
    stages = [stage for stage in scheme.stages if set(stage.years) & set(scored)]
    periods: dict[str, list[dict[str, Parameter]]] = {
        "year": [{"year": year} for year in scored],
        "stage": [{"first": stage.first, "last": stage.last} for stage in stages],
        "unit": [
            {"unit_id": unit, "year": year}
            for year in sorted(unit_years)
            for unit in manifest["units"].get(str(year), ())
        ],
    }
    jobs = [
        _job(scheme, source, period, manifest, program, lang)
        for source in sources
        for period in periods[source.per]
        if "awards" not in source.data or scheme.awards_of(_period_id(source.per, period))
    ]
    return Plan(tuple(jobs), tuple(stage.id for stage in scheme.stages if stage not in stages))


def _job(
    scheme: Scheme,
    source: Source,
    period: Mapping[str, Parameter],
    manifest: Mapping[str, Any],
    program: str,
    lang: str,
) -> Job:
    parameters: dict[str, Parameter] = {"scheme": scheme.id, **period, "lang": lang}
    check_parameters(source, {**parameters, "out": ""})
    unit = manifest["units"][str(period["year"])][period["unit_id"]] if source.per == "unit" else None
    years = _years(source.data, period, manifest)
    names = [f"{year}/{unit['group']}" for year in years] if unit else manifest["slices"]
    slices = {name: sha for name, sha in manifest["slices"].items() if name in names and int(name[:4]) in years}
    if source.per == "stage":  # what was announced of the stage itself
        stage = f"{period['first']}-{period['last']}"
        slices |= {name: sha for name, sha in manifest["stage_slices"].items() if name == stage}
    slices |= _evidence(source, period, manifest, unit)
    parts = {
        "notebook": source.sha256,
        "parameters": _digest(parameters),
        "settings": manifest["settings"],
        "program": program,
        **{f"data {name}": sha for name, sha in slices.items()},
    }
    unit_name = unit.get(f"name_{lang}", unit["name"]) if unit else ""
    group_name = next((group.name.get(lang) for group in scheme.groups if unit and group.id == unit["group"]), "")
    title = translator(lang)(source.title).format(**period, unit_name=unit_name)
    page = named(source.page.format(**period), lang)
    return Job(
        scheme.id, page, source.per, title, lang, source.path, parameters, years, parts, source.limits,
        unit_name, group_name, source.suffixes, source.is_personal, source.data,
    )  # fmt: skip


def _evidence(
    source: Source, period: Mapping[str, Parameter], manifest: Mapping[str, Any], unit: Mapping[str, Any] | None
) -> dict[str, str]:
    """Return the slices of what is no ranking: what awards are given for, and what contents rest on."""
    found = {}
    if "awards" in source.data:
        name = _period_id(source.per, period)
        found[f"awards {name}"] = manifest["award_slices"].get(name, "")
    if "contents" in source.data and unit:
        name = f"{period['year']}/{unit['group']}"
        found[f"contents {name}"] = manifest["content_slices"].get(name, "")
    return found


def _years(data: Sequence[str], period: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the years that the names of slices stand for."""
    years: set[int] = set()
    for name in data:
        match name:
            case "year":
                years.add(period["year"])
            case "previous_year":
                years.add(period.get("year", period.get("first")) - 1)
            case "stage_years":
                years.update(range(period["first"], period["last"] + 1))
            case "group_to_year":
                scored = (*manifest["years"], *manifest["broken_years"])
                years.update(year for year in scored if year <= period["year"])
    return tuple(sorted(years))


def reason(job: Job, built: Mapping[str, Any] | None) -> str:
    """Return in words why a page has to be built; empty where what was `built` (its manifest) is of the same key."""
    _ = translator(job.lang)
    if built is None:
        return _("chưa có báo cáo")
    if built["key"] == job.key:
        return ""
    names = {*job.parts, *built["parts"]}
    changed = sorted(name for name in names if job.parts.get(name) != built["parts"].get(name))
    slices = [name.removeprefix("data ") for name in changed if name.startswith("data ")]
    words = {
        "notebook": _("notebook đã thay đổi"),
        "parameters": _("tham số đã thay đổi"),
        "settings": _("thiết lập của bộ chỉ số đã thay đổi"),
        "program": _("chương trình đã thay đổi"),
    }
    texts = [words[name] for name in changed if name in words]
    if slices:
        texts.insert(0, _("dữ liệu đã thay đổi: {slices}").format(slices=", ".join(slices)))
    return "; ".join(texts)


def _digest(parts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
