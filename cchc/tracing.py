"""From a component down to its criteria and to the cells of the score files, as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cchc.chain import Chain, rubric_chain
from cchc.dataset import Dataset
from cchc.names import nearest

_CELL = ("field", "file", "sheet", "cell", "text")


def drill(data: Dataset, unit: str, year: int, code: str = "") -> pd.DataFrame:
    """Follow one unit's points down to the cells that they stand in.

    Parameters
    ----------
    data : Dataset
    unit : str
        Id or name.
    year : int
    code : str, optional
        A component or criterion: it and what is below it; by default the whole rubric.

    Returns
    -------
    DataFrame
        A row per code of the rubric, in its order, and below a leaf a row per filled cell of it. No row where the year
        has no scores of the unit.

        code, name_vi : str
        level : int
            0 for a component, 1 for a criterion, and so on; of a cell that of its leaf.
        points, max_points : float, points
            NaN where a leaf is not entered or none applies, and in the row of a cell.
        index_score : float, 0 to 100
            Of a component; NaN elsewhere.
        is_applicable : bool
        field : str
            "" for a code; "self", "appraised", "survey" or "max_points" for a cell.
        file, sheet, cell, text : str
            Where the cell stands, and what stands in it.

    Raises
    ------
    InputError
        An error of the input stops the year; no unit of the year is called so: the problem names the closest.
    LookupError
        The year has no figures, or the rubric no such code: the message names the closest.

    Examples
    --------
    >>> cells = cchc.drill(data, "so-noi-vu", 2024, "1.1")
    >>> cells.loc[cells["field"] == "appraised", ["file", "sheet", "cell", "text"]].values.tolist()
    [['scores/2024.xlsx', 'Sở ngành', 'D7', '2.75']]
    """
    rubric: list[Chain] = rubric_chain(data, unit, year)
    codes = [item["code"] for item in rubric]
    if code and rubric and code not in codes:
        raise LookupError(f"Bộ tiêu chí năm {year} không có mã “{code}”; {nearest(code, codes)}")
    wanted = (item for item in rubric if not code or f"{item['code']}.".startswith(f"{code}."))
    rows = [row for item in wanted for row in _rows(item)]
    columns = ["code", "name_vi", "level", "points", "max_points", "index_score", "is_applicable", *_CELL]
    texts = dict.fromkeys(("code", "name_vi", *_CELL), "str")
    numbers = dict.fromkeys(("points", "max_points", "index_score"), "float64")
    return pd.DataFrame(rows, columns=columns).astype({**texts, **numbers, "level": "int64", "is_applicable": "bool"})


def _rows(item: Chain) -> list[tuple[Any, ...]]:
    head = item["code"], item["name"], item["code"].count(".")
    figures = [np.nan if item[name] is None else float(item[name]) for name in ("points", "max_points", "index_score")]
    cells = [tuple(cell[name] for name in _CELL) for cell in item["cells"]]
    blank = [np.nan] * len(figures)
    return [
        (*head, *figures, item["is_applicable"], *[""] * len(_CELL)),
        *((*head, *blank, item["is_applicable"], *cell) for cell in cells),
    ]
