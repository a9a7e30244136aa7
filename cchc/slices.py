"""What a page rests on, as hashes: a page is out of date when one of its slices of the data has changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from cchc.dataset import Dataset


def scored_units(data: Dataset) -> dict[str, dict[str, dict[str, str]]]:
    """Return the units that have scores or an announced figure, by year."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for year in data.years:
        units = data.units_of(year)
        tables = (data.scores, data.published)
        with_figures = {str(unit) for table in tables for unit in table.loc[table["year"] == year, "unit_id"].unique()}
        found[str(year)] = {
            unit: {"group": group, "name": name, "name_en": name_en}
            for unit, group, name, name_en in units[["unit_id", "group", "name_vi", "name_en"]].itertuples(index=False)
            if unit in with_figures
        }
    return found


def slices_of(data: Dataset) -> dict[str, str]:
    """Return the hash of what one group's year rests on: its units, rubric, scores, adjustments, announced table."""
    slices: dict[str, str] = {}
    for year in data.years:
        units = data.units_of(year)
        for group in data.scheme.groups:
            members = units[units["group"] == group.id]
            # a group that an announcement leaves out loses its official figures without a row of its own
            parts = [members.assign(valid_from=None, valid_to=None, is_published=year in data.published_years)]
            tables = (data.rubric, data.scores, data.adjustments, data.published)
            parts += [table[(table["year"] == year) & (table["group"] == group.id)] for table in tables]
            editions, figures = _announced(data, str(year))
            parts += [editions, figures[figures["group"] == group.id]]
            slices[f"{year}/{group.id}"] = _hash_rows(parts)
    return slices


def stage_slices_of(data: Dataset) -> dict[str, str]:
    """Return the hash of what was announced of each stage."""
    return {stage.id: _hash_rows(_announced(data, stage.id)) for stage in data.scheme.stages}


def award_slices_of(data: Dataset) -> dict[str, str]:
    """Return the hash of what the awards of each year and stage rest on besides rankings."""
    from cchc.claims import nominations_for  # here, as an unchanged run is answered without pandas

    periods = {str(year): range(year, year + 1) for year in data.years}
    periods |= {stage.id: stage.years for stage in data.scheme.stages}
    slices: dict[str, str] = {}
    for period, years in periods.items():
        parts = [table[table["year"].isin(years)] for table in (data.initiatives, data.tasks)]
        parts += [nominations_for(data, period), _province_to(data, years[-1])]
        slices[period] = _hash_rows(parts)
    return slices


def content_slices_of(data: Dataset) -> dict[str, str]:
    """Return the hash of what the contents of the plan rest on besides scores, by year and group."""
    from cchc.evidence import broken_evidence  # here, as an unchanged run is answered without pandas

    slices: dict[str, str] = {}
    broken = broken_evidence(data)
    for year in data.years if data.scheme.contents else ():
        units = data.units_of(year)
        is_broken = units.head(1).assign(is_broken=year in broken)  # what is in error is not counted
        for group in data.scheme.groups:
            members = units.loc[units["group"] == group.id, "unit_id"]
            parts = [
                table[(table["year"] == year) & table["unit_id"].isin(members)]
                for table in (data.initiatives, data.tasks)
            ]
            slices[f"{year}/{group.id}"] = _hash_rows([*parts, _province_to(data, year), is_broken])
    return slices


def _province_to(data: Dataset, year: int) -> pd.DataFrame:
    return data.province[data.province["year"] <= year]


def _announced(data: Dataset, period: str) -> list[pd.DataFrame]:
    """Return the rows of a period's editions and their figures: a new edition makes its pages anew."""
    return [table[table["period"] == period] for table in (data.editions, data.announced)]


def settings_of(data: Dataset) -> str:
    """Return the hash of what every page rests on: scheme.toml, the units and their lineage."""
    return hashlib.sha256((data.scheme.model_dump_json() + _hash_rows([data.units, data.lineage])).encode()).hexdigest()


def _hash_rows(parts: list[pd.DataFrame]) -> str:
    import pandas as pd

    digest = hashlib.sha256()
    for part in parts:
        digest.update(pd.util.hash_pandas_object(part.astype(str), index=False).to_numpy().tobytes())
    return digest.hexdigest()
