"""Every function of a page called once, before the fork: first uses were a third of a scorecard (0.25 of 0.85 s CPU).

The figures are those of `cchc new`'s example, with its year twice: nothing here is read from Parquet or from a user.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import cchc
from cchc import (
    award_prose,
    award_tables,
    charts,
    content_tables,
    dossier,
    parts_tables,
    scorecard,
    sentences,
    tables,
    unit_goals,
    unit_tables,
    unit_words,
    workbook,
)
from cchc.award_settings import Award, Content
from cchc.dataset import Dataset
from cchc.reading import read_dataset
from cchc.scaffold import new_scheme
from cchc.settings import Text
from cchc.table import Table


def warm() -> None:
    """Make and render what the notebooks of this project show, and a workbook of it."""
    with tempfile.TemporaryDirectory() as folder:
        new_scheme(Path(folder), "warm")
        data = _with_awards(_with_a_year_before(read_dataset(Path(folder, "warm"))))
        shown = [*_of_a_year(data), *_of_a_stage(data), *_of_a_unit(data), *_of_awards(data)]
        for item in filter(None, shown):
            item._repr_mimebundle_()
        sheets = {item.id: item for item in shown if isinstance(item, Table)}
        year = data.years[-1]
        workbook.save(folder, "warm", data, [*sheets.values()], sentences.title(data, year=year), year=year)
        dossier.save(folder, "warm", data, cchc.propose_awards(data, year=year), str(year))


def _with_a_year_before(data: Dataset) -> Dataset:
    """Return the data with its only year twice: changes and stages need two."""
    year = data.years[-1]
    twice = {
        name: pd.concat([table.assign(year=year - 1), table], ignore_index=True)
        for name in ("rubric", "scores", "adjustments")
        for table in (getattr(data, name),)
    }
    return replace(data, **twice)


def _with_awards(data: Dataset) -> Dataset:
    """Return the data with an award a year and a content of the plan: the example has none."""
    award = Award(id="warm", name=Text(vi="Warm"), when="year", to="collective", seats=1, seats_are="planned")
    content = Content(id="warm", name=Text(vi="Warm"), components=("1",), evidence=("tasks", "initiatives", "province"))
    return replace(data, scheme=data.scheme.model_copy(update={"awards": (award,), "contents": (content,)}))


def _of_a_year(data: Dataset) -> Iterator[Any]:
    year = data.years[-1]
    ranking, components = cchc.rank_year(data, year), cchc.score_components(data, [year])
    yield tables.summary(data, ranking)
    yield sentences.findings(data, ranking, [], components)
    yield charts.strip(data, ranking)
    yield sentences.movement(data, ranking)
    yield sentences.method(data, year=year)
    yield sentences.provenance(data, {"year": year})
    for group in (group.id for group in data.scheme.groups):
        yield sentences.group_heading(data, ranking, group)
        yield tables.year_ranking(data, ranking, group)
        yield tables.components(data, components, group)
        yield charts.dot_plot(data, ranking, group)
        yield charts.heat_map(data, components, ranking, group)
        yield charts.dumbbell(data, ranking, group)


def _of_a_stage(data: Dataset) -> Iterator[Any]:
    stage = data.scheme.stages[0]
    period = stage.first, stage.last
    ranking, values = cchc.rank_stage(data, *period), cchc.stage_values(data, *period)
    yield sentences.findings(data, ranking, [], cchc.score_components(data, data.years[-1:]), values=values)
    yield sentences.movement(data, ranking, values=values)
    for group in (group.id for group in data.scheme.groups):
        yield tables.stage_ranking(data, ranking, values, group)
        yield charts.bump(data, ranking, values, group)
        yield charts.small_multiples(data, ranking, values, group)


def _of_a_unit(whole: Dataset) -> Iterator[Any]:
    year = whole.years[-1]
    unit = str(cchc.rank_year(whole, year)["unit_id"].iloc[1])  # not the leader: it has a path and a gap
    data = cchc.unit_data(whole, unit, year)
    history = cchc.unit_history(data, unit)
    profile = cchc.component_profile(data, cchc.score_components(data, [year]), unit)
    ranking, parts = cchc.rank_year(data, year), cchc.index_parts(data, profile, unit)
    goals, opened, near = (
        cchc.goals(data, parts, ranking),
        cchc.open_points(data, parts),
        cchc.neighbours(ranking, unit),
    )
    lost, compared = cchc.lost_criteria(data, unit, year), cchc.self_against_appraised(data, unit, year)
    changed = cchc.index_change_parts(data, cchc.score_components(data, [year - 1, year]), ranking, unit)
    behind = cchc.leader_gap_parts(data, cchc.score_components(data, [year]), ranking, unit)
    yield scorecard.findings(data, history, profile, goals)
    yield scorecard.by_year(data, history)
    yield scorecard.by_component(data, profile, history)
    yield unit_words.lost(data, profile, opened, history)
    yield unit_tables.points_lost(data, opened, history)
    yield unit_tables.criteria_lost(lost, history)
    yield unit_words.assessment(compared, profile, history)
    yield unit_tables.self_assessed(compared, profile, history)
    yield unit_words.change(data, changed, history)
    yield parts_tables.change_by_component(data, changed, history)
    contents = cchc.content_profile(data, unit, year)
    yield content_tables.heading(contents)
    yield content_tables.profile(data, contents, (unit, unit), str(year))
    yield unit_words.neighbours(data, near, history)
    yield unit_tables.neighbours(data, near, history)
    yield parts_tables.leader_gap(data, behind, ranking, history)
    yield unit_goals.prospects(data, parts, ranking, goals, profile, history)
    yield unit_goals.paths(data, goals, history)
    yield charts.unit_history(data, history)
    yield charts.profile(data, profile, history)
    yield charts.points_lost(data, profile, history)


def _of_awards(data: Dataset) -> Iterator[Any]:
    year = data.years[-1]
    period = str(year)
    proposal, initiatives = cchc.propose_awards(data, year=year), cchc.initiatives_of(data, [year])
    yield award_prose.title(data, period)
    yield award_tables.summary(data, proposal, period)
    for award in data.scheme.awards_of(period):
        yield award_prose.award_section(data, proposal, award, period)
        yield award_tables.proposed(data, proposal, award)
        yield award_tables.below(data, proposal, award)
        yield award_tables.left_out(data, proposal, award)
    yield award_prose.initiatives(initiatives)
    yield award_tables.recognised(data, initiatives, period)
    yield award_tables.not_counted(data, initiatives, period)
    yield award_prose.profiles(data, award_tables.profiled(proposal, "vi"))
    yield award_prose.method(data, period)
