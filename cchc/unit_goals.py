"""What it would take a unit to gain one place and to reach the next class, in words and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from cchc import cells
from cchc.dataset import Dataset
from cchc.facts import names, rounded
from cchc.locale import number, place, translator
from cchc.prose import Block, Prose
from cchc.prospects import Goal, obstacle
from cchc.table import Column, Table
from cchc.unit_tables import heads, titled
from cchc.unit_words import paragraph, without_index


def needs(
    data: Dataset, goals: Sequence[Goal], profile: pd.DataFrame, history: pd.DataFrame, lang: str = "vi"
) -> list[str]:
    """Say in one sentence each what it would take to gain one place and to reach the next class.

    Parameters
    ----------
    data : Dataset
    goals : sequence of Goal
        From `goals`.
    profile : DataFrame
        From `component_profile`.
    history : DataFrame
        From `unit_history`.
    lang : str
    """
    _ = translator(lang)
    unit, said, is_total = next(history.iloc[-1:].itertuples()), [], len(profile) < 2
    by_kind = {goal.kind: goal for goal in goals}
    if "level" in by_kind:
        text = _("Theo số liệu năm {year}, nếu các đơn vị khác giữ nguyên điểm: {what}.")
        what = _toward_place(data, by_kind["level"], by_kind.get("above"), unit, is_total, lang)
        said.append(text.format(year=unit.year, what=what))
    for goal in goals:
        if goal.kind == "class":
            texts = {"grade": cells.grade_name(data, goal.grade, lang), "year": unit.year}
            if goal.steps is None:
                text = _("Theo số liệu năm {year}, dù đạt toàn bộ điểm còn mất vẫn chưa đủ để lên loại {grade}.")
                said.append(text.format(**texts))
            else:
                text = _("Theo số liệu năm {year}, để lên loại {grade} cần thêm {points}.")
                said.append(text.format(points=_needed(goal.steps, is_total, lang), **texts))
    return said


def _toward_place(data: Dataset, level: Goal, above: Goal | None, unit: Any, is_total: bool, lang: str) -> str:
    """Say what it takes to share the next place, and what more to hold it alone."""
    _ = translator(lang)
    if level.steps is None:
        return _("dù đạt toàn bộ điểm còn mất vẫn chưa đủ để tăng hạng")
    said = _("chỉ số đã bằng đơn vị ở hạng liền trên, thứ hạng theo bảng công bố")
    if len(level.steps):
        text = _("để lên hạng {place} cần thêm {points}")
        said = text.format(place=_place(level, unit.n_ranked, lang), points=_needed(level.steps, is_total, lang))
    if above is None:
        return said
    more = above.beyond(level)
    if more is None:
        return _("{said}; dù đạt toàn bộ điểm còn mất vẫn chưa đủ để đứng trên hẳn").format(said=said)
    points = rounded(more, data.point_decimals)
    text = _("{said}; muốn đứng trên hẳn, cần thêm {points} điểm nữa")
    return text.format(said=said, points=number(points, cells.decimals_of([points]), lang))


def _place(goal: Goal, n_ranked: int, lang: str) -> str:
    _ = translator(lang)
    text = place(goal.rank, n_ranked, lang)
    return _("{place} (đồng hạng)").format(place=text) if goal.is_tied else text


def _needed(steps: pd.DataFrame, is_total: bool, lang: str) -> str:
    """Say what a path is: ``toàn bộ 2,00 điểm còn mất ở lĩnh vực “A” và ít nhất 1,25 điểm ở lĩnh vực “B”``."""
    _ = translator(lang)
    items = []
    step: Any  # pandas-stubs cannot know the columns
    for name, step in zip(names(steps, lang), steps.itertuples(), strict=True):
        text = _("ít nhất {points} điểm ở lĩnh vực “{component}”")
        if is_total:
            text = _("ít nhất {points} điểm")
        elif step.needed_exact == step.open_exact:
            text = _("toàn bộ {points} điểm còn mất ở lĩnh vực “{component}”")
        points = float(step.needed_exact)
        items.append(text.format(points=number(points, cells.decimals_of([points]), lang), component=name))
    if len(items) == 1:
        return items[0]
    return _("{items} và {last}").format(items=", ".join(items[:-1]), last=items[-1])


def prospects(
    data: Dataset,
    parts: pd.DataFrame,
    ranking: pd.DataFrame,
    goals: Sequence[Goal],
    profile: pd.DataFrame,
    history: pd.DataFrame,
    lang: str = "vi",
) -> Prose:
    """Say under which assumptions the paths hold, or why there is none.

    Parameters
    ----------
    data : Dataset
    parts : DataFrame
        From `index_parts`.
    ranking : DataFrame
        From `rank_year`.
    goals : sequence of Goal
        From `goals`.
    profile : DataFrame
        From `component_profile`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> goals = cchc.goals(data, parts, ranking)
    >>> prose = cchc.unit_goals.prospects(data, parts, ranking, goals, profile, history)
    >>> print(prose.blocks[-1].lines[0])
    Giả định: điểm của các đơn vị khác, điểm cộng, điểm trừ và phạm vi tiêu chí áp dụng giữ nguyên; chỉ tính
    điểm thẩm định, điều tra còn mất. Đây là phép tính trên bảng điểm của năm, không phải dự báo.
    """
    _ = translator(lang)
    unit: Any = next(history.iloc[-1:].itertuples())
    why = {
        "": "",
        "no_scores": without_index(profile, unit.year, lang),
        "no_index": _("Năm {year} đơn vị không có chỉ số chính thức.").format(year=unit.year),
        "differs": _(
            "Chỉ số đã công bố năm {year} khác chỉ số tính lại từ điểm chi tiết, nên không tính được số điểm cần thêm."
        ).format(year=unit.year),
        "order": _(
            "Thứ hạng đã công bố năm {year} của nhóm không theo thứ tự của chỉ số, "
            "nên không tính được số điểm cần thêm."
        ).format(year=unit.year),
    }[obstacle(data, parts, ranking)]
    if why:
        return paragraph(why)
    said = list(_without_goal(data, {goal.kind for goal in goals}, unit, lang))
    if goals:
        said.append(
            _(
                "Giả định: điểm của các đơn vị khác, điểm cộng, điểm trừ và phạm vi tiêu chí áp dụng giữ nguyên; "
                "chỉ tính điểm thẩm định, điều tra còn mất. Đây là phép tính trên bảng điểm của năm, không phải dự báo."
            )
        )
    return Prose(tuple(Block("p", (text,)) for text in said), "section-note")


def _without_goal(data: Dataset, kinds: set[str], unit: Any, lang: str) -> Iterable[str]:
    """Say why there is no path to a better place, and why none to a better class."""
    _ = translator(lang)
    if "level" not in kinds:
        if unit.rank == 1:
            yield _("Đơn vị đã ở hạng {place} của nhóm.").format(place=place(unit.rank, unit.n_ranked, lang))
        else:
            yield _(
                "Có đơn vị được công bố thứ hạng mà không có chỉ số, nên không tính được số điểm cần thêm để tăng hạng."
            )
    if "class" not in kinds and data.scheme.classes:
        if unit.grade == data.scheme.classes[0].name.vi:
            yield _("Đơn vị đã ở loại cao nhất: {grade}.").format(grade=cells.grade_name(data, unit.grade, lang))
        else:
            yield _("Loại đã công bố khác loại tính theo mức điểm, nên không tính được số điểm cần thêm để lên loại.")


def paths(data: Dataset, goals: Sequence[Goal], history: pd.DataFrame, lang: str = "vi") -> Table | None:
    """Return the shortest path to each goal, a row a component; None without a goal.

    Parameters
    ----------
    data : Dataset
    goals : sequence of Goal
        From `goals`.
    history : DataFrame
        From `unit_history`.
    lang : str

    Examples
    --------
    >>> table = cchc.unit_goals.paths(data, cchc.goals(data, parts, ranking), history)
    >>> [row[0] for row in table.rows]
    ['Hạng 3/19 (đồng hạng): chỉ số từ 90,22', 'Hạng 3/19: trên chỉ số 90,22', 'Loại Xuất sắc, từ 90,00']
    """
    _ = translator(lang)
    rows: list[tuple[Any, ...]] = []
    for goal in goals:
        label = _goal(data, goal, int(history["n_ranked"].iloc[-1]), lang)
        if goal.steps is None:
            rows.append((label, _("toàn bộ điểm còn mất vẫn chưa đủ"), None, None, None))
        elif goal.steps.empty:
            rows.append((label, _("chỉ số đã bằng; thứ hạng theo bảng công bố"), None, None, None))
        else:
            exact = (goal.steps[name] for name in ("needed_exact", "open_exact"))
            points = ([rounded(value, data.point_decimals) for value in column] for column in exact)
            gains = [rounded(value, data.scheme.decimals) for value in goal.steps["gain_exact"]]
            rows += zip([label] * len(gains), heads(goal.steps, lang), *points, gains, strict=True)
    if not rows:
        return None
    points_decimals = cells.decimals_of(value for row in rows for value in row[2:4])
    columns = (
        Column(_("Mục tiêu")),
        Column(_("Lĩnh vực")),
        Column(_("Điểm cần thêm ít nhất"), "decimal", points_decimals),
        Column(_("Điểm còn mất"), "decimal", points_decimals),
        Column(_("Chỉ số tăng thêm"), "signed", data.scheme.decimals),
    )
    notes = [
        _("Ít lĩnh vực nhất: chọn lĩnh vực làm chỉ số tăng nhiều nhất trước; lĩnh vực cuối chỉ cần một phần."),
        _("Điểm cần thêm được làm tròn lên đến bước điểm nhỏ nhất của bộ số liệu."),
    ]
    if any(goal.kind == "level" and goal.is_tied for goal in goals):
        notes.append(_("Chỉ số bằng nhau thì đồng hạng ở hạng cao hơn; muốn đứng trên hẳn, chỉ số phải cao hơn."))
    caption = _("Để {unit} tăng hạng và lên loại theo số liệu năm {year}")
    return Table(
        titled(caption, history, lang),
        columns,
        tuple(rows),
        tuple(notes),
        id="paths",
        short=_("Để tăng hạng, lên loại"),
        lang=lang,
    )


def _goal(data: Dataset, goal: Goal, n_ranked: int, lang: str) -> str:
    """Name a goal: ``Hạng 3/18 (đồng hạng), chỉ số 90,22``."""
    _ = translator(lang)
    target = float(goal.target)
    score = number(target, max(data.scheme.decimals, cells.decimals_of([target])), lang)
    if goal.kind == "class":
        return _("Loại {grade}, từ {score}").format(grade=cells.grade_name(data, goal.grade, lang), score=score)
    if goal.rank is None:
        text = _("Tăng hạng: bằng chỉ số {score}") if goal.kind == "level" else _("Đứng trên hẳn: trên chỉ số {score}")
        return text.format(score=score)
    text = _("Hạng {place}: chỉ số từ {score}") if goal.kind == "level" else _("Hạng {place}: trên chỉ số {score}")
    return text.format(place=_place(goal, n_ranked, lang), score=score)
