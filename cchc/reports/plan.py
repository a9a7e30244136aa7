"""What there is to build, and why: from the metadata of the notebooks, the settings and the hashes of the data.

A notebook says what it publishes, ``{"cchc": {"page": "annual-{year}", "per": "year", "data": ["year"]}}``, and that is
all that is read of it besides its parameters cell: a new page is a new notebook and nothing else.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cchc.locale import translator
from cchc.names import closest
from cchc.reports.engine import Parameter
from cchc.scheme import Scheme

PACKAGE = Path(__file__).parents[1]
NOTEBOOKS = PACKAGE.parent / "notebooks"

TITLES = {"year": "Xếp hạng năm {year}", "stage": "Xếp hạng giai đoạn {first}-{last}"}
DATA = ("year", "previous_year", "stage_years")
TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
VERSIONS = ("babel", "fonttools", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "seaborn",
            "xlsxwriter")  # fmt: skip
"""The packages that a page's bytes depend on."""


class CallError(Exception):
    """The call cannot be carried out, whatever the data: one sentence for whoever called."""


@dataclass(frozen=True)
class Source:
    """A notebook that publishes a page.

    Attributes
    ----------
    path : Path
        The notebook.
    page : str
        Stem of the page's files, with the names of parameters in braces: ``annual-{year}``.
    per : str
        ``"year"`` or ``"stage"``: there is a page for each.
    title : str
        Of the page, with parameters in braces.
    data : tuple of str
        The slices of the data that the page depends on, names of `DATA`.
    declared : mapping
        Name and type of each parameter of the parameters cell.
    sha256 : str
        Of the file.
    """

    path: Path
    page: str
    per: str
    title: str
    data: tuple[str, ...]
    declared: Mapping[str, type]
    sha256: str


@dataclass(frozen=True)
class Job:
    """One page to have.

    Attributes
    ----------
    scheme, page, per, title, lang : str
        Id of the scheme; stem of the page's files; ``"year"`` or ``"stage"``; the page's title and language.
    notebook : Path
        What makes it.
    parameters : mapping
        The notebook's parameters without the folder that receives the files.
    years : tuple of int
        The years whose data it uses: an error in one of them stops it.
    parts : mapping
        Hash of everything that its bytes depend on, by name; `key` is made of them.
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

    @property
    def key(self) -> str:
        """SHA-256 of everything that the page depends on: same key, same bytes, nothing to do."""
        return _digest(self.parts)

    @property
    def period(self) -> str:
        """``"2024"`` or ``"2021-2025"``, as the command line names it."""
        return "-".join(str(self.parameters[name]) for name in _PERIOD[self.per])

    @property
    def command(self) -> str:
        """The command that builds this page again."""
        return f"cchc report {self.scheme} --{self.per} {self.period} --force"


_PERIOD = {"year": ("year",), "stage": ("first", "last")}


@dataclass(frozen=True)
class Plan:
    """The pages of a scheme: `jobs` to have, and the stages `without_data` that are listed and not built."""

    jobs: tuple[Job, ...]
    without_data: tuple[str, ...]


def program_hash(package: Path = PACKAGE) -> str:
    """Return a hash of the program: each file of the package, templates and translations included."""
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return _digest({path.relative_to(package).as_posix(): _sha256(path) for path in files})


def versions_hash() -> str:
    """Return a hash of the Python and package versions that a page depends on."""
    return _digest({"python": platform.python_version(), **{name: version(name) for name in VERSIONS}})


def find_sources(notebooks: Path) -> list[Source]:
    """Return the notebooks that publish something, by name.

    Raises
    ------
    CallError
        A notebook's metadata or parameters cell is not as it must be.
    """
    found = []
    for path in sorted(notebooks.glob("*.ipynb")):
        content = json.loads(path.read_text("utf-8"))
        if published := content["metadata"].get("cchc"):
            found.append(_source(path, content, published))
    return found


def _source(path: Path, content: Mapping[str, Any], published: Mapping[str, Any]) -> Source:
    declared = read_parameters(content, path.name)
    per, data = published.get("per"), tuple(published.get("data", ()))
    if per not in TITLES or "page" not in published or not set(data) <= set(DATA):
        raise CallError(
            f"{path.name}: metadata “cchc” cần có “page”, “per” ({', '.join(TITLES)}) và “data” ({', '.join(DATA)})"
        )
    title = published.get("title", TITLES[per])
    return Source(path, published["page"], per, title, data, declared, _sha256(path))


def read_parameters(content: Mapping[str, Any], name: str) -> dict[str, type]:
    """Return name and type of each parameter that the parameters cell of a notebook declares: ``year: int = 2024``."""
    cells = [cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    if len(cells) != 1:
        raise CallError(f"{name}: cần đúng một ô gắn thẻ “parameters”, đang có {len(cells)}")
    declared = {}
    for line in ast.parse("".join(cells[0]["source"])).body:
        match line:
            case ast.AnnAssign(ast.Name(parameter), ast.Name(kind), ast.Constant(value)) if type(value) is TYPES.get(
                kind
            ):
                declared[parameter] = type(value)
            case _:
                text = ast.unparse(line)
                raise CallError(f"{name}: ô tham số chỉ chứa các dòng dạng “year: int = 2024”, không phải: {text}")
    return declared


def check_parameters(source: Source, given: Mapping[str, Parameter]) -> None:
    """Raise CallError where a parameter is not declared by the notebook, or is of another type (``"01"`` is no int)."""
    for name, value in given.items():
        if name not in source.declared:
            near = closest(name, list(source.declared)) or list(source.declared)
            raise CallError(f"{source.path.name}: không có tham số “{name}”; gần nhất: {', '.join(near)}")
        expected = source.declared[name]
        if type(value) is not expected:
            raise CallError(f"{source.path.name}: tham số “{name}” phải là {expected.__name__}, đang là {value!r}")


def plan(
    scheme: Scheme, manifest: Mapping[str, Any], sources: Sequence[Source], program: str, lang: str = "vi"
) -> Plan:
    """Return the pages that a scheme should have.

    Parameters
    ----------
    scheme : Scheme
        The settings.
    manifest : mapping
        Of the processed data: `years`, `broken_years`, `slices`, `settings`.
    sources : sequence of Source
        The notebooks that publish.
    program : str
        A hash of program and versions.
    lang : str
        Language of the pages.
    """
    scored = sorted({*manifest["years"], *manifest["broken_years"]})
    stages = [stage for stage in scheme.stages if set(stage.years) & set(scored)]
    periods: dict[str, list[dict[str, Parameter]]] = {
        "year": [{"year": year} for year in scored],
        "stage": [{"first": stage.first, "last": stage.last} for stage in stages],
    }
    jobs = [
        _job(scheme.id, source, period, manifest, program, lang) for source in sources for period in periods[source.per]
    ]
    return Plan(tuple(jobs), tuple(stage.id for stage in scheme.stages if stage not in stages))


def _job(
    scheme: str, source: Source, period: Mapping[str, Parameter], manifest: Mapping[str, Any], program: str, lang: str
) -> Job:
    parameters: dict[str, Parameter] = {"scheme": scheme, **period, "lang": lang}
    check_parameters(source, {**parameters, "out": ""})
    years = _years(source.data, period)
    slices = {name: sha for name, sha in manifest["slices"].items() if int(name.partition("/")[0]) in years}
    parts = {
        "notebook": source.sha256,
        "parameters": _digest(parameters),
        "settings": manifest["settings"],
        "program": program,
        **{f"data {name}": sha for name, sha in slices.items()},
    }
    title = translator(lang)(source.title).format(**period)
    page = source.page.format(**period)
    return Job(scheme, page, source.per, title, lang, source.path, parameters, years, parts)


def _years(data: Sequence[str], period: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the years that the names of slices stand for."""
    years: set[int] = set()
    for name in data:
        match name:
            case "year":
                years.add(period["year"])
            case "previous_year":
                years.add(period["year"] - 1)
            case "stage_years":
                years.update(range(period["first"], period["last"] + 1))
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


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
