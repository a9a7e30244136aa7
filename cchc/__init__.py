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
    from cchc import changes, charts, scorecard, sentences, tables, workbook
    from cchc.awards import propose_awards
    from cchc.dataset import Dataset
    from cchc.processed import load
    from cchc.ranking import rank_year
    from cchc.scoring import score, score_components
    from cchc.stage import rank_stage, stage_values
    from cchc.unit import component_profile, unit_data, unit_history
    from cchc.verification import verify, verify_stage

    __version__: str

__all__ = [
    "Dataset",
    "__version__",
    "changes",
    "charts",
    "component_profile",
    "load",
    "propose_awards",
    "rank_stage",
    "rank_year",
    "score",
    "score_components",
    "scorecard",
    "sentences",
    "stage_values",
    "tables",
    "unit_data",
    "unit_history",
    "verify",
    "verify_stage",
    "workbook",
]

_ROOMS = {
    "Dataset": "dataset",
    "component_profile": "unit",
    "load": "processed",
    "propose_awards": "awards",
    "rank_stage": "stage",
    "rank_year": "ranking",
    "score": "scoring",
    "score_components": "scoring",
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
