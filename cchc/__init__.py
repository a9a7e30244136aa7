"""Rankings of the administrative-reform index (CCHC) of a province's units: exact, traceable, ready to print.

The examples in the docstrings go on from these lines, on the bundled scheme:

>>> import numpy as np
>>> import cchc
>>> data = cchc.load("soc-trang")
>>> ranking, components = cchc.rank_year(data, 2024), cchc.score_components(data, [2024])
>>> stage, values = cchc.rank_stage(data, 2021, 2025), cchc.stage_values(data, 2021, 2025)
>>> history = cchc.unit_history(cchc.unit_data(data, "so-noi-vu", 2024), "so-noi-vu")
>>> profile = cchc.component_profile(data, components, "so-noi-vu")
>>> parts = cchc.index_parts(data, components, "so-noi-vu")
>>> indices, rules = cchc.component_indices(data, 2024), cchc.compare_rules(data, 2021, 2025)
>>> intervals = cchc.rank_intervals(data, 2021, 2025, rng=np.random.default_rng(1), n_draws=200)
>>> ranges = cchc.weight_ranges(data, 2024, rng=np.random.default_rng(1), n_draws=200)
>>> proposal = cchc.propose_awards(data, year=2024)

Names are imported when they are first used, so that the command line answers an unchanged run without pandas.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cchc import (
        award_prose,
        award_tables,
        changes,
        charts,
        content_tables,
        dossier,
        parts_tables,
        robustness_charts,
        robustness_tables,
        robustness_words,
        scorecard,
        sentences,
        tables,
        unit_goals,
        unit_tables,
        unit_words,
        workbook,
    )
    from cchc.awards import propose_awards
    from cchc.comparisons import compare_rules, concordance, leaders_by_rule, rule_agreement
    from cchc.components import component_indices
    from cchc.contents import content_profile
    from cchc.contributions import gap_parts, index_change_parts, index_parts, leader_gap_parts
    from cchc.criteria import lost_criteria, self_against_appraised
    from cchc.dataset import Dataset
    from cchc.evidence import initiatives_of
    from cchc.explorer import explore
    from cchc.intervals import rank_intervals
    from cchc.processed import load
    from cchc.prospects import goals, open_points, path_to, path_to_class, path_to_place
    from cchc.ranking import rank_year
    from cchc.robustness import leader_certainty
    from cchc.scoring import score, score_components
    from cchc.shifts import rank_shifts
    from cchc.stage import rank_stage, stage_values
    from cchc.structure import component_correlations, component_weight, self_bias, self_gaps
    from cchc.tracing import drill
    from cchc.unit import component_profile, neighbours, unit_data, unit_history
    from cchc.verification import verify, verify_stage
    from cchc.weights import rank_under_weights, weight_ranges
    from cchc.whatif import supposed_places, with_maximum, with_score

    __version__: str

__all__ = [
    "Dataset",
    "__version__",
    "award_prose",
    "award_tables",
    "changes",
    "charts",
    "compare_rules",
    "component_correlations",
    "component_indices",
    "component_profile",
    "component_weight",
    "concordance",
    "content_profile",
    "content_tables",
    "dossier",
    "drill",
    "explore",
    "gap_parts",
    "goals",
    "index_change_parts",
    "index_parts",
    "initiatives_of",
    "leader_certainty",
    "leader_gap_parts",
    "leaders_by_rule",
    "load",
    "lost_criteria",
    "neighbours",
    "open_points",
    "parts_tables",
    "path_to",
    "path_to_class",
    "path_to_place",
    "propose_awards",
    "rank_intervals",
    "rank_shifts",
    "rank_stage",
    "rank_under_weights",
    "rank_year",
    "robustness_charts",
    "robustness_tables",
    "robustness_words",
    "rule_agreement",
    "score",
    "score_components",
    "scorecard",
    "self_against_appraised",
    "self_bias",
    "self_gaps",
    "sentences",
    "stage_values",
    "supposed_places",
    "tables",
    "unit_data",
    "unit_goals",
    "unit_history",
    "unit_tables",
    "unit_words",
    "verify",
    "verify_stage",
    "weight_ranges",
    "with_maximum",
    "with_score",
    "workbook",
]

_ROOMS = {
    "Dataset": "dataset",
    "compare_rules": "comparisons",
    "component_correlations": "structure",
    "component_indices": "components",
    "component_profile": "unit",
    "component_weight": "structure",
    "concordance": "comparisons",
    "content_profile": "contents",
    "drill": "tracing",
    "explore": "explorer",
    "gap_parts": "contributions",
    "goals": "prospects",
    "index_change_parts": "contributions",
    "index_parts": "contributions",
    "initiatives_of": "evidence",
    "leader_certainty": "robustness",
    "leader_gap_parts": "contributions",
    "leaders_by_rule": "comparisons",
    "load": "processed",
    "lost_criteria": "criteria",
    "neighbours": "unit",
    "open_points": "prospects",
    "path_to": "prospects",
    "path_to_class": "prospects",
    "path_to_place": "prospects",
    "propose_awards": "awards",
    "rank_intervals": "intervals",
    "rank_shifts": "shifts",
    "rank_stage": "stage",
    "rank_under_weights": "weights",
    "rank_year": "ranking",
    "rule_agreement": "comparisons",
    "score": "scoring",
    "score_components": "scoring",
    "self_against_appraised": "criteria",
    "self_bias": "structure",
    "self_gaps": "structure",
    "stage_values": "stage",
    "supposed_places": "whatif",
    "unit_data": "unit",
    "unit_history": "unit",
    "verify": "verification",
    "verify_stage": "verification",
    "weight_ranges": "weights",
    "with_maximum": "whatif",
    "with_score": "whatif",
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
