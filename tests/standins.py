"""Tables made for one test: a data set without rows, rankings with only the cells that the test is about."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from cchc.dataset import COLUMNS, Dataset
from cchc.scheme import Scheme

GROUPS = [
    {"id": "so", "short": "Sở", "name": {"vi": "Sở, ban, ngành"}},
    {"id": "huyen", "short": "Huyện", "name": {"vi": "UBND huyện"}, "complete": False},
]
CLASSES = [{"name": {"vi": "Tốt"}, "from": 80}, {"name": {"vi": "Khá"}, "from": 65}]
STAGE = {"first": 2021, "last": 2023, "min_years": 3, "lineage": "inherit"}


def dataset(tables: dict[str, list[dict[str, Any]]] | None = None, **settings: Any) -> Dataset:
    """Return a data set of given rows (other columns blank) and settings."""
    scheme = Scheme.model_validate(
        {
            "folder": Path("thu"), "schema_version": 1, "title": "Chỉ số thử", "issued_by": "UBND tỉnh thử",
            "near": "0.05", "groups": GROUPS, "classes": CLASSES, "stages": [STAGE], **settings,
        }
    )  # fmt: skip
    frames = {name: _typed(name, (tables or {}).get(name, [])) for name in COLUMNS}
    return Dataset(scheme=scheme, point_decimals=2, **frames)


def _typed(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    blank = {"str": "", "category": "", "bool": False, "int64": 0}
    columns = COLUMNS[name]
    filled = [{column: row.get(column, blank.get(dtype)) for column, dtype in columns.items()} for row in rows]
    return pd.DataFrame(filled, columns=list(columns)).astype(dict(columns))


_RANKING: dict[str, Any] = {
    "group": "so", "rank": pd.NA, "is_tied": False, "is_near_tied": False, "index_score": float("nan"),
    "index_exact": None, "grade": "", "reason": "",
}  # fmt: skip
_YEAR: dict[str, Any] = {
    "year": 2024, "points": float("nan"), "max_points": float("nan"), "self_points": float("nan"),
    "appraised_points": float("nan"), "survey_points": float("nan"), "bonus": 0.0, "penalty": 0.0,
    "is_grade_by_rounding": False, "is_published": False, "has_difference": False, "previous_rank": pd.NA,
    "previous_n_ranked": pd.NA, "previous_index_score": float("nan"), "index_change": float("nan"),
    "rank_change": pd.NA, "rank_change_common": pd.NA, "n_missing": 0, "missing": "",
}  # fmt: skip
_STAGE: dict[str, Any] = {
    "stage": "2021-2023", "n_years": 3, "n_inherited": 0, "n_years_expected": 3, "is_to_date": False,
    "adjusted_score": float("nan"), "rank_inherit": pd.NA, "rank_separate": pd.NA, "is_group_dissolved": False,
    "is_published": False, "has_difference": False, "successors_vi": "", "successors_en": "",
}  # fmt: skip
_INTEGERS = [
    "rank", "previous_rank", "previous_n_ranked", "rank_change", "rank_change_common", "rank_inherit", "rank_separate",
]  # fmt: skip


def year_ranking(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a ranking of 2024 as `rank_year` gives it."""
    return _ranking(_YEAR, rows)


def stage_ranking(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a ranking of the stage 2021-2023 as `rank_stage` gives it."""
    return _ranking(_STAGE, rows)


def _ranking(defaults: dict[str, Any], rows: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    filled = []
    for row in rows:
        name = row.get("name_vi", row["unit_id"])
        exact = Fraction(str(row["index_score"])) if "index_score" in row else None
        names = {"name_vi": name, "name_en": name, "short_vi": name, "index_exact": exact}
        filled.append({**_RANKING, **defaults, **names, **row})
    frame = pd.DataFrame(filled)
    frame = frame.astype({name: "Int64" for name in _INTEGERS if name in frame.columns})
    frame["index_exact"] = frame["index_exact"].astype(object)
    frame["n_ranked"] = frame.groupby("group")["rank"].transform("count").astype("int64")
    return frame


def unit_years(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a unit's years as `unit_history` gives them, by default its own, announced and among 18 ranked units."""
    own = {"unit_id": "a", "name_vi": "Sở Nội vụ", "name_en": "Home Affairs", "kind": "own", "is_published": True}
    return year_ranking(*({**own, **row} for row in rows)).assign(n_ranked=18)
