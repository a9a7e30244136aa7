"""The analyst's bench for JupyterLab: choose, and see rankings, components, trends, pairs, cells and suppositions.

Widgets choose and `explorer_views` draws. Only the tab in front is drawn, and again only when a choice has changed, so
that a change takes a fraction of a second.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from cchc import explorer_views as views
from cchc.dataset import Dataset
from cchc.explorer_tables import FIELDS
from cchc.leaves import NAMED_BY
from cchc.locale import translator
from cchc.names import sort_key
from cchc.processed import load, raw_folder
from cchc.scheme import find_schemes
from cchc.whatif import MAXIMUM

Options = Sequence[tuple[str, Any]]


def explore(scheme: str, lang: str = "vi") -> widgets.Widget:
    """Return the bench: a widget to explore a scheme with, by hand.

    Parameters
    ----------
    scheme : str
        Name of a scheme under CCHC_RAW; another one can be chosen in the bench.
    lang : str

    Returns
    -------
    ipywidgets.Widget
        JupyterLab shows it where it is the last line of a cell.

    Raises
    ------
    InputError
        There is no such scheme, or it cannot be read at all.

    Examples
    --------
    >>> bench = cchc.explore("soc-trang")
    >>> [choice.description for choice in bench.children[1].children[0].children[0].children]
    ['Nhóm', 'Năm']
    """
    _ = translator(lang)
    schemes = list(dict.fromkeys([*find_schemes(raw_folder()), scheme]))
    chooser = widgets.Dropdown(options=schemes, value=scheme, description=_("Bộ chỉ số"), style=_LABELS)
    body = widgets.VBox([bench_of(load(scheme), lang)])

    def choose(change: Any) -> None:
        body.children = (bench_of(load(change["new"]), lang),)

    chooser.observe(choose, "value")
    return widgets.VBox([chooser, body])


def bench_of(data: Dataset, lang: str = "vi") -> widgets.Widget:
    """Return the bench of data that are already loaded: a choice of group and year, and a tab for each question."""
    panel = _Panel(data, lang)
    # a full search for garbage among all objects of the libraries took up to 0.4 s of a single change
    gc.collect()
    gc.freeze()
    return panel.widget


_LABELS = {"description_width": "initial"}


@dataclass(frozen=True)
class _Tab:
    """One tab: its own choices, what it draws, and how its choices are filled for another group or year."""

    title: str
    controls: tuple[Any, ...]
    draw: Callable[[], Iterable[views.Shown | None]]
    fill: Callable[[], None]
    view: widgets.HTML


class _Panel:
    """The choices of all tabs, kept in step with one another."""

    def __init__(self, data: Dataset, lang: str) -> None:
        self.bench, self.data, self.lang = views.Bench(data, lang), data, lang
        self.is_filling = True
        _ = translator(lang)
        groups = [(group.label(lang), group.id) for group in data.scheme.groups]
        years = [(str(year), year) for year in reversed(data.years)]
        self.group, self.year = self.choice(_("Nhóm"), groups), self.choice(_("Năm"), years)
        self.tabs = [
            make(self) for make in (_ranking_tab, _fields_tab, _trends_tab, _pair_tab, _trace_tab, _supposed_tab)
        ]
        self.drawn: dict[str, tuple[Any, ...]] = {}
        pages = [widgets.VBox([widgets.HBox(tab.controls, layout=_WRAPPED), tab.view]) for tab in self.tabs]
        self.front = widgets.Tab(children=pages, titles=[tab.title for tab in self.tabs], selected_index=0)
        self.widget = widgets.VBox([widgets.HBox([self.group, self.year]), self.front])
        for control in (self.group, self.year):
            control.observe(lambda _change: self.refill(), "value")
        for control in (control for tab in self.tabs for control in tab.controls):
            control.observe(lambda _change: self.redraw(), "value")
        self.front.observe(lambda _change: self.redraw(), "selected_index")
        self.refill()

    def choice(self, label: str, options: Options = ()) -> widgets.Dropdown:
        """Return a list to choose from."""
        return widgets.Dropdown(options=options, description=label, style=_LABELS)

    def refill(self) -> None:
        """Offer what another group or year has, and draw."""
        self.is_filling = True
        for tab in self.tabs:
            tab.fill()
        self.is_filling = False
        self.redraw()

    def redraw(self) -> None:
        """Draw the tab in front, where its choices have changed."""
        if self.is_filling:
            return
        tab = self.tabs[self.front.selected_index]
        chosen = tuple(control.value for control in (self.group, self.year, *tab.controls))
        if self.drawn.get(tab.title) != chosen:
            tab.view.value = views.page(tab.draw, self.lang)
            self.drawn[tab.title] = chosen

    def tab(self, title: str, controls: Iterable[Any], draw: Any, fill: Callable[[], None] = lambda: None) -> _Tab:
        """Return a tab."""
        return _Tab(title, tuple(controls), draw, fill, widgets.HTML())

    def units(self) -> Options:
        """Return names and ids of the group's units of the year, in Vietnamese order."""
        units = self.data.units_of(self.year.value)
        units = units[units["group"] == self.group.value]
        named = zip(units[f"name_{self.lang}"], units["unit_id"], strict=True)
        return sorted(named, key=lambda unit: sort_key(unit[0]))

    def rubric(self) -> Any:
        """Return the rubric of the group and year."""
        rubric = self.data.rubric
        return rubric[(rubric["year"] == self.year.value) & (rubric["group"] == self.group.value)]

    def codes(self, *, leaves: bool) -> Options:
        """Return the components of the rubric, or its leaves."""
        rows = self.rubric()
        rows = rows[rows["is_leaf"]] if leaves else rows[rows["parent"] == ""]
        return [(f"{row.code}. {getattr(row, f'name_{self.lang}')}", row.code) for row in rows.itertuples()]


_WRAPPED = {"flex_flow": "row wrap"}


def _offer(choice: Any, options: Options, default: int = 0) -> None:
    """Offer other options; what was chosen stays, where it is still among them."""
    before = choice.value
    choice.options = options
    values = [value for _label, value in options]
    choice.value = before if before in values else values[min(default, len(values) - 1)] if values else None


def _ranking_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    return panel.tab(_("Xếp hạng"), (), lambda: views.ranking(panel.bench, panel.group.value, panel.year.value))


def _fields_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    code = panel.choice(_("Lĩnh vực"))
    return panel.tab(
        _("Lĩnh vực"),
        (code,),
        lambda: views.fields(panel.bench, panel.group.value, panel.year.value, code.value),
        lambda: _offer(code, [(_("Tất cả"), ""), *panel.codes(leaves=False)]),
    )


def _trends_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    years = panel.data.years
    known = [stage.id for stage in panel.data.scheme.stages if set(stage.years) & set(years)]
    stage = panel.choice(_("Giai đoạn"), [(name, name) for name in known] or [("—", "")])
    span = widgets.SelectionRangeSlider(
        options=years, index=(0, len(years) - 1), description=_("Các năm"), style=_LABELS, continuous_update=False
    )
    units = widgets.SelectMultiple(description=_("Đơn vị"), style=_LABELS, rows=6)

    def fill() -> None:
        before = set(units.value)
        units.options = panel.units()
        values = [value for _label, value in units.options]
        units.value = [value for value in values if value in before] or values[:3]

    def draw() -> list[views.Shown | None]:
        chosen = [year for year in years if span.value[0] <= year <= span.value[1]]
        return views.trends(panel.bench, panel.group.value, stage.value, chosen, units.value)

    return panel.tab(_("Qua các năm"), (stage, span, units), draw, fill)


def _pair_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    unit, other = panel.choice(_("Đơn vị")), panel.choice(_("So với"))

    def fill() -> None:
        _offer(unit, panel.units())
        _offer(other, panel.units(), default=1)

    def draw() -> list[views.Shown | None]:
        if unit.value is None:
            return []
        return views.comparison(panel.bench, panel.year.value, unit.value, other.value)

    return panel.tab(_("So sánh hai đơn vị"), (unit, other), draw, fill)


def _trace_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    unit, code = panel.choice(_("Đơn vị")), panel.choice(_("Lĩnh vực"))

    def fill() -> None:
        _offer(unit, panel.units())
        _offer(code, [*panel.codes(leaves=False), (_("Tất cả"), "")])

    def draw() -> list[views.Shown | None]:
        return [] if unit.value is None else views.trace(panel.bench, panel.year.value, unit.value, code.value)

    return panel.tab(_("Truy vết"), (unit, code), draw, fill)


def _supposed_tab(panel: _Panel) -> _Tab:
    _ = translator(panel.lang)
    unit, code, field = map(panel.choice, (_("Đơn vị"), _("Tiêu chí"), _("Loại điểm")))
    value = widgets.Text(
        description=_("Giá trị giả định"), style=_LABELS, placeholder="2,5 · KAD", continuous_update=False
    )

    def fill_fields() -> None:
        rows = panel.rubric()
        by = rows.loc[rows["code"] == code.value, "by"]
        names = [*NAMED_BY[by.iloc[0]], MAXIMUM, "self"] if len(by) else ["bonus", "penalty"]
        _offer(field, [(_(FIELDS[name]), name) for name in names])

    def fill() -> None:
        _offer(unit, panel.units())
        _offer(code, [*panel.codes(leaves=True), (_("Điểm cộng, điểm trừ"), "")])
        fill_fields()

    def another_code(_change: Any) -> None:
        if not panel.is_filling:
            panel.is_filling = True
            fill_fields()
            panel.is_filling = False

    def draw() -> list[views.Shown | None]:
        if unit.value is None:
            return []
        given = unit.value, code.value, field.value
        return views.supposed(panel.bench, panel.group.value, panel.year.value, given, value.value)

    code.observe(another_code, "value")
    return panel.tab(_("Nếu như"), (unit, code, field, value), draw, fill)
