"""Rankings of the administrative-reform index (CCHC) of a province's units: exact, traceable, ready to print.

>>> import cchc
>>> data = cchc.load("soc-trang")
>>> cchc.rank_year(data, 2024)

Names are imported when they are first used, so that the command line answers an unchanged run without pandas.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cchc import (
        changes,
        charts,
        scorecard,
        sentences,
        tables,
        unit_goals,
        unit_tables,
        unit_words,
        workbook,
    )
    from cchc.awards import propose_awards
    from cchc.contributions import gap_parts, index_change_parts, index_parts
    from cchc.criteria import lost_criteria, self_against_appraised
    from cchc.dataset import Dataset
    from cchc.processed import load
    from cchc.prospects import goals, open_points, path_to, path_to_class, path_to_place
    from cchc.ranking import rank_year
    from cchc.scoring import score, score_components
    from cchc.stage import rank_stage, stage_values
    from cchc.unit import component_profile, neighbours, unit_data, unit_history
    from cchc.verification import verify, verify_stage

    __version__: str

__all__ = [
    "Dataset",
    "__version__",
    "changes",
    "charts",
    "component_profile",
    "gap_parts",
    "goals",
    "index_change_parts",
    "index_parts",
    "load",
    "lost_criteria",
    "neighbours",
    "open_points",
    "path_to",
    "path_to_class",
    "path_to_place",
    "propose_awards",
    "rank_stage",
    "rank_year",
    "score",
    "score_components",
    "scorecard",
    "self_against_appraised",
    "sentences",
    "stage_values",
    "tables",
    "unit_data",
    "unit_goals",
    "unit_history",
    "unit_tables",
    "unit_words",
    "verify",
    "verify_stage",
    "workbook",
]

_ROOMS = {
    "Dataset": "dataset",
    "component_profile": "unit",
    "gap_parts": "contributions",
    "goals": "prospects",
    "index_change_parts": "contributions",
    "index_parts": "contributions",
    "load": "processed",
    "lost_criteria": "criteria",
    "neighbours": "unit",
    "open_points": "prospects",
    "path_to": "prospects",
    "path_to_class": "prospects",
    "path_to_place": "prospects",
    "propose_awards": "awards",
    "rank_stage": "stage",
    "rank_year": "ranking",
    "score": "scoring",
    "score_components": "scoring",
    "self_against_appraised": "criteria",
    "stage_values": "stage",
    "unit_data": "unit",
    "unit_history": "unit",
    "verify": "verification",
    "verify_stage": "verification",
}


if not TYPE_CHECKING:  # mypy would take any misspelt name for an object

    def __getattr__(name: str) -> object:
        if name == "__version__":
            return version("cchc")
        if name in _ROOMS:
            return getattr(import_module(f"cchc.{_ROOMS[name]}"), name)
        if name in __all__:
            return import_module(f"cchc.{name}")
        raise AttributeError(f"module 'cchc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
