"""data/processed: the checked input and its results as tidy tables, rewritten only when the raw files change.

`manifest` answers what a scheme holds from one small file, without importing pandas: an unchanged `cchc report` is
answered in a fraction of a second.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from cchc.digests import sha256_of
from cchc.problems import InputError, Problem
from cchc.scheme import FILE as SCHEME_FILE
from cchc.scheme import find_schemes, read_scheme
from cchc.slices import award_slices_of, content_slices_of, scored_units, settings_of, slices_of, stage_slices_of

if TYPE_CHECKING:
    import pandas as pd

    from cchc.dataset import Dataset

MANIFEST = "manifest.json"


def raw_folder() -> Path:
    """Return the folder of the schemes: CCHC_RAW, else the nearest data/raw upwards from the working folder."""
    if os.environ.get("CCHC_RAW"):
        return Path(os.environ["CCHC_RAW"]).resolve()
    here = Path.cwd()
    return next(
        (path / "data/raw" for path in (here, *here.parents) if (path / "data/raw").is_dir()), here / "data/raw"
    )


def processed_folder() -> Path:
    """Return the folder of the processed tables: CCHC_PROCESSED, else `processed` beside the raw folder."""
    if os.environ.get("CCHC_PROCESSED"):
        return Path(os.environ["CCHC_PROCESSED"]).resolve()
    return raw_folder().parent / "processed"


def scheme_folder(scheme: str | Path) -> Path:
    """Return the folder of a scheme, given as a path or as a name under the raw folder.

    Raises
    ------
    InputError
        There is no such scheme; the message lists the known ones.
    """
    folder = Path(scheme)
    if not (folder / SCHEME_FILE).is_file():
        folder = raw_folder() / str(scheme)
    if not (folder / SCHEME_FILE).is_file():
        known = ", ".join(find_schemes(raw_folder())) or "—"
        raise InputError([Problem("scheme-unknown", SCHEME_FILE, value=str(scheme), details={"known": known})])
    return folder.resolve()


def load(scheme: str | Path) -> Dataset:
    """Load a scheme: its settings and its checked input tables.

    The raw files are read and checked, and data/processed/<scheme>/ is written; while the processed manifest matches
    the hashes of the raw files, that is read instead.

    Parameters
    ----------
    scheme : str or Path
        A scheme's folder, or its name under CCHC_RAW (by default the nearest data/raw upwards).

    Returns
    -------
    Dataset
        With the findings about the input in `problems`; years in error are left out.

    Raises
    ------
    InputError
        The scheme is not there, or scheme.toml, units or lineage are in error: every problem at once.

    Examples
    --------
    >>> cchc.load("soc-trang").years
    [2021, 2022, 2023, 2024, 2025]
    """
    from cchc.reading import read_dataset

    folder = scheme_folder(scheme)
    found = manifest(folder)
    if found is not None:
        kept = _read(folder, processed_folder() / folder.name, found)
        if manifest(folder) == found:  # else another run was writing: of old and new tables, neither
            return kept
    raw = hash_files(folder)
    data = read_dataset(folder)
    _write(processed_folder() / folder.name, data, raw)
    return data


def manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a scheme's processed tables if it matches the raw files and this version, else None.

    Its keys: `raw` (path -> SHA-256), `tables` (file -> SHA-256), `years`, `published_years`, `broken_years`, `slices`
    ("2024/so-nganh" -> hash of the rows used), `broken_stages`, `stage_slices` ("2021-2025" -> hash of what was
    announced of the stage), `broken_awards`, `award_slices` (period -> hash of its nominations, initiatives and tasks),
    `content_slices` ("2024/so-nganh" -> hash of its tasks and initiatives),
    `units` (year -> unit_id -> its group and name), `settings` (hash),
    `point_decimals`, `problems`.
    """
    target = processed_folder() / folder.name
    try:
        found: dict[str, Any] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None  # never written, or torn: made again from the raw files
    is_current = found.get("raw") == hash_files(folder) and found.get("sources") == _sources()
    is_whole = all((target / name).is_file() for name in found.get("tables", {}))
    return found if is_current and is_whole else None


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every input file of a scheme, by its path inside the folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_aside(path.relative_to(folder)))
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths}


def _is_aside(path: Path) -> bool:
    """Say whether a file is no input: documentation, hidden, or the lock that Excel lays beside an open workbook."""
    return path.suffix == ".md" or any(part.startswith((".", "~$")) for part in path.parts)


@cache
def _sources() -> str:
    """Return the hash of the rooms that processed tables come from: a mended rule must not leave old tables behind."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _read(folder: Path, target: Path, found: dict[str, Any]) -> Dataset:
    from cchc.dataset import COLUMNS, Dataset

    tables: dict[str, Any] = {name: _read_table(target, name) for name in COLUMNS if name != "cells"}
    tables["cells"] = partial(_read_cells, target, found["tables"]["cells.parquet"])
    problems = tuple(Problem.of(item) for item in found["problems"])
    return Dataset(scheme=read_scheme(folder), **tables, point_decimals=found["point_decimals"], problems=problems)


def _read_cells(target: Path, digest: str) -> pd.DataFrame:
    """Read the cells, which must be those of the tables that were read before."""
    path = target / "cells.parquet"
    if sha256_of(path) != digest:
        raise RuntimeError(f"{path}: số liệu đã thay đổi sau khi nạp; hãy gọi load() lại")
    return _read_table(target, "cells")


def _read_table(target: Path, name: str) -> pd.DataFrame:
    from fractions import Fraction

    import pandas as pd
    from pyarrow.parquet import ParquetFile

    from cchc.dataset import COLUMNS

    # by one thread, as many pages are built at once: what read_parquet adds takes longer than to read a page's tables
    with ParquetFile(target / f"{name}.parquet") as file:
        table: pd.DataFrame = file.read(use_threads=False).to_pandas(use_threads=False)
    for column, dtype in COLUMNS[name].items():
        if dtype == "object":
            numbers = [Fraction(text) if text else None for text in table[column]]
            table[column] = pd.Series(numbers, index=table.index, dtype=object)
        elif table[column].dtype != dtype:
            table[column] = table[column].astype(dtype)  # type: ignore[call-overload]
    return table


def _write(target: Path, data: Dataset, raw: dict[str, str]) -> None:
    """Write every table as Parquet and CSV, then the manifest: without it nothing of the folder is believed."""
    tables = dict(_tables(data))
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):  # runs with different folders of pages share this one
        _write_tables(target, tables, data, raw)


def _write_tables(target: Path, tables: Mapping[str, pd.DataFrame], data: Dataset, raw: dict[str, str]) -> None:
    for part in target.glob(".*.part"):  # of a run that was killed
        part.unlink()
    (target / MANIFEST).unlink(missing_ok=True)
    written = {}
    for name, table in tables.items():
        for suffix in (".parquet", ".csv"):
            written[name + suffix] = _replace(target / (name + suffix), _encode(table, suffix))
    found = {
        "raw": raw,
        "sources": _sources(),
        "tables": written,
        "years": data.years,
        "published_years": data.published_years,
        "broken_years": data.broken_years,
        "broken_stages": data.broken_stages,
        "slices": slices_of(data),
        "stage_slices": stage_slices_of(data),
        "broken_awards": data.broken_awards,
        "award_slices": award_slices_of(data),
        "content_slices": content_slices_of(data),
        "units": scored_units(data),
        "settings": settings_of(data),
        "point_decimals": data.point_decimals,
        "problems": [problem.as_plain() for problem in data.problems],
    }
    _replace(target / MANIFEST, json.dumps(found, ensure_ascii=False, indent=1).encode())


def _tables(data: Dataset) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the input tables, and the results: indices, component indices and rankings of years and stages."""
    import pandas as pd

    from cchc.dataset import COLUMNS
    from cchc.ranking import rank_year
    from cchc.scoring import score, score_components
    from cchc.stage import rank_stage

    for name in COLUMNS:
        yield name, getattr(data, name)
    yield "indices", score(data)
    yield "component_indices", score_components(data)
    broken = set(data.broken_years)
    years = [rank_year(data, year) for year in data.years if not broken & {year - 1, year}]
    stages = [
        rank_stage(data, stage.first, stage.last)
        for stage in data.scheme.stages
        if set(stage.years) & set(data.years) and not set(stage.years) & broken and stage.id not in data.broken_stages
    ]
    if years:
        yield "rankings", pd.concat(years, ignore_index=True)
    if stages:
        yield "stage_rankings", pd.concat(stages, ignore_index=True)


def _encode(table: pd.DataFrame, suffix: str) -> bytes:
    """Return a table as a file's bytes; exact numbers as text, "8613/100". CSV has a BOM, for Excel."""
    import pandas as pd

    texts = {
        name: pd.Series(
            ["" if value is None or value is pd.NA else str(value) for value in table[name]],
            index=table.index,
            dtype="str",
        )
        for name in table.columns
        if table[name].dtype == object
    }
    plain = table.assign(**texts)
    return plain.to_parquet(index=False) if suffix == ".parquet" else plain.to_csv(index=False).encode("utf-8-sig")


def _replace(path: Path, content: bytes) -> str:
    """Write a file whole, unless it holds just that; return its SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    if not path.is_file() or sha256_of(path) != digest:
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
    return digest
