"""What the analyst's bench shows for one choice: charts and tables of the library, in the order they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from cchc import charts, explorer_tables, parts_tables, tables
from cchc.contributions import gap_parts
from cchc.dataset import Dataset
from cchc.figures import Chart
from cchc.locale import translator
from cchc.problems import InputError, order
from cchc.prose import Block, Prose
from cchc.ranking import rank_year
from cchc.scoring import score_components
from cchc.stage import rank_stage, stage_values
from cchc.table import Table
from cchc.tracing import drill
from cchc.whatif import MAXIMUM, supposed_places, with_maximum, with_score

Shown = Chart | Table | Prose
STYLE = Markup(
    "<style>.cchc-view table{border-collapse:collapse;margin:8px 0}.cchc-view caption{text-align:left;font-weight:bold}"
    ".cchc-view th,.cchc-view td{padding:2px 8px;border-bottom:1px solid #DADEE1;text-align:left;line-height:1.35}"
    ".cchc-view .number{text-align:right}.cchc-view svg{height:auto;width:100%}.cchc-view .error{color:#801650}</style>"
)


class Bench:
    """One scheme's data and what was computed from them, kept so that a second look costs nothing."""

    def __init__(self, data: Dataset, lang: str = "vi") -> None:
        self.data, self.lang = data, lang
        self.ranking: Callable[[int], pd.DataFrame] = cache(partial(rank_year, data))
        self.components: Callable[[], pd.DataFrame] = cache(partial(score_components, data))
        self.stage: Callable[[int, int], pd.DataFrame] = cache(partial(rank_stage, data))
        self.values: Callable[[int, int], pd.DataFrame] = cache(partial(stage_values, data))
        self.trail: Callable[[str, int, str], pd.DataFrame] = cache(partial(drill, data))
        self._prepare()

    def _prepare(self) -> None:
        """Rank all years and stages at once: nobody should wait for that when turning to another tab."""
        for year in self.data.years:
            with suppress(InputError):
                self.ranking(year)
        for stage in self.data.scheme.stages:
            with suppress(InputError, LookupError):
                self.stage(stage.first, stage.last)
                self.values(stage.first, stage.last)

    def name(self, unit: str, year: int) -> str:
        """Return a unit's name of a year."""
        units = self.data.units_of(year)
        return str(units.loc[units["unit_id"] == unit, f"name_{self.lang}"].iloc[0])

    def components_of(self, year: int) -> pd.DataFrame:
        """Return the component indices of one year."""
        table = self.components()
        return table[table["year"] == year]


def page(draw: Callable[[], Iterable[Shown | None]], lang: str = "vi") -> str:
    """Return as HTML what `draw` gives; where it cannot, why."""
    _ = translator(lang)
    try:
        shown = [item for item in draw() if item is not None]
        parts = [_html(item) for item in shown] or [_html(say(_("Không có số liệu cho lựa chọn này.")))]
    except InputError as error:
        lines = [f"{item.place}: {item.what(_)} {item.remedy(_)}" for item in sorted(error.problems, key=order)]
        parts = [Block("p", (line,), "error").html for line in lines]
    except (LookupError, ValueError) as error:
        parts = [Block("p", (str(error),), "error").html]
    return Markup('{}<div class="cchc-view">{}</div>').format(STYLE, Markup("\n").join(parts))


def say(text: str) -> Prose:
    """Return one paragraph."""
    return Prose((Block("p", (text,)),), "bench")


def _html(item: Shown) -> Markup:
    if isinstance(item, Chart):
        text = Markup('<p><b>{}</b><br>{}</p><div role="img" aria-label="{}">{}</div>')
        return text.format(item.title, item.subtitle, item.alt, Markup(item.svg))
    return Markup(item.html)


def ranking(bench: Bench, group: str, year: int) -> list[Shown | None]:
    """Return a group's ranking of a year."""
    rows = bench.ranking(year)
    return [
        charts.dot_plot(bench.data, rows, group, bench.lang),
        tables.year_ranking(bench.data, rows, group, bench.lang),
    ]


def fields(bench: Bench, group: str, year: int, code: str) -> list[Shown | None]:
    """Return the component indices of a group; of one component ("" for all) those of every year."""
    if code:
        return [explorer_tables.one_component(bench.data, bench.components(), group, code, year, bench.lang)]
    components = bench.components_of(year)
    return [
        charts.heat_map(bench.data, components, bench.ranking(year), group, bench.lang),
        tables.components(bench.data, components, group, bench.lang),
    ]


def trends(bench: Bench, group: str, stage: str, years: Iterable[int], units: Iterable[str]) -> list[Shown | None]:
    """Return the places of a group through a stage ("" for none), and the indices of some units by year."""
    figure = None
    if stage:
        first, last = (int(year) for year in stage.split("-"))
        figure = charts.bump(bench.data, bench.stage(first, last), bench.values(first, last), group, bench.lang)
    rankings = [bench.ranking(year) for year in years]
    return [figure, explorer_tables.by_year(bench.data, rankings, list(units), bench.lang)]


def comparison(bench: Bench, year: int, unit: str, other: str) -> list[Shown | None]:
    """Return what sets two units apart in a year, and their years."""
    rankings = [bench.ranking(item) for item in bench.data.years]
    parts = gap_parts(bench.data, bench.components_of(year), bench.ranking(year), unit, other)
    named = bench.name(unit, year), bench.name(other, year)
    return [
        parts_tables.gap(bench.data, parts, *named, year, bench.lang),
        explorer_tables.by_year(bench.data, rankings, [unit, other], bench.lang),
    ]


def trace(bench: Bench, year: int, unit: str, code: str) -> list[Shown | None]:
    """Return a unit's points from a component ("" for all) down to the cells."""
    return [explorer_tables.trail(bench.trail(unit, year, code), bench.name(unit, year), year, bench.lang)]


def supposed(bench: Bench, group: str, year: int, given: tuple[str, str, str], value: str) -> list[Shown | None]:
    """Return a group's places if one value were another; `given` says which: unit, code and field."""
    _ = translator(bench.lang)
    unit, code, field = given
    if not value.strip():
        return [say(_("Nhập một giá trị để xem thứ hạng thay đổi ra sao."))]
    if field == MAXIMUM:
        data = with_maximum(bench.data, unit, year, code, value)
    else:
        data = with_score(bench.data, unit, year, code, field, value)
    places = supposed_places(bench.data, data, year)
    head = _("Giả định, không phải kết quả đã chấm: {unit}, {code} {field} = {value}.")
    what: dict[str, Any] = {"unit": bench.name(unit, year), "code": code, "field": _(explorer_tables.FIELDS[field])}
    return [
        say(head.format(**what, value=value)),
        explorer_tables.moves(bench.data, places, group, year, bench.lang),
    ]
