"""Which files of a scheme are read: nothing that looks like data is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc.inventory import Inventory, take_inventory
from cchc.problems import Problem
from tests.conftest import MakeScheme


def find(folder: Path) -> tuple[Inventory, list[Problem]]:
    problems: list[Problem] = []
    return take_inventory(folder, problems), problems


def test_everything_that_a_scheme_may_hold_is_known(make_scheme: MakeScheme) -> None:
    files = (
        "scheme.toml", "units.csv", "lineage.csv", "rubric.csv", "province.csv", "README.md", "README.vi.md",
        "scores/2022.ods", "scores/2022/a.xls",
        "scores/2023.xlsx", "scores/2024.csv", "scores/2024/b.XLSX", "scores/2024/a.csv", "scores/2024/README.md",
        "published/2024.csv", "nominations/2024.csv", "initiatives/2024.csv", "tasks/2024.csv",
        ".DS_Store", "~$units.csv", "scores/~$2024.xlsx", "scores/2024/._a.csv", "published/.2024.csv.swp",
    )  # fmt: skip
    inventory, problems = find(make_scheme(dict.fromkeys(files, "")))
    assert problems == []
    assert set(inventory.tables) == {"scheme.toml", "units.csv", "lineage.csv", "rubric.csv", "province.csv"}
    assert [(item.file, item.year) for item in inventory.scores] == [
        ("scores/2022/a.xls", 2022),
        ("scores/2022.ods", 2022),
        ("scores/2023.xlsx", 2023),
        ("scores/2024/a.csv", 2024),
        ("scores/2024/b.XLSX", 2024),
        ("scores/2024.csv", 2024),
    ]
    assert [(item.file, item.period) for item in inventory.published] == [("published/2024.csv", "2024")]


@pytest.mark.parametrize(
    ("file", "reported", "near"),
    [
        ("lineages.csv", "lineages.csv", "lineage.csv"),
        ("provinces.csv", "provinces.csv", "province.csv"),
        ("Units.csv", "Units.csv", "units.csv"),
        ("Scores/2024.csv", "Scores/", "scores/"),
        ("publish/2024.csv", "publish/", "published/"),
        ("bang diem.xlsx", "bang diem.xlsx", "units.csv"),  # nothing is like it: all that there may be
        ("scores", "scores", "scores/"),
        ("scores/diem.csv", "scores/diem.csv", "scores/2024.csv"),
        ("scores/2024.txt", "scores/2024.txt", "scores/2024.csv"),
        ("scores/20245.csv", "scores/20245.csv", "scores/2024.csv"),
        ("scores/diem/a.csv", "scores/diem/", "scores/2024/"),
        ("scores/2024/huyen/a.csv", "scores/2024/huyen/", "scores/2024/"),
        ("scores/2024.csv/a.csv", "scores/2024.csv/", "scores/2024/"),
        ("published/2024.v2.csv", "published/2024.v2.csv", "published/2024.csv"),
        ("published/2024.xyz.csv", "published/2024.xyz.csv", "published/2024.csv"),
        ("published/2023.xlsx", "published/2023.xlsx", "published/2023.csv"),
        ("published/2024/a.csv", "published/2024/", "published/2024.csv"),
    ],
)
def test_what_is_not_read_is_a_warning_with_the_nearest_name(
    make_scheme: MakeScheme, file: str, reported: str, near: str
) -> None:
    inventory, problems = find(make_scheme({"scheme.toml": "", file: ""}))
    assert [(item.code, item.file, item.years, item.is_error) for item in problems] == [
        ("file-unused", reported, (), False)
    ]
    assert near in problems[0].details["allowed"].split(", ")
    assert (inventory.scores, inventory.published) == ((), ())


def test_scores_in_another_spreadsheet_stop_their_year(make_scheme: MakeScheme) -> None:
    _, problems = find(make_scheme({"scores/2023.xlsb": "", "scores/2024/a.xlsm": ""}))
    assert [(item.code, item.file, item.years) for item in problems] == [
        ("file-format", "scores/2023.xlsb", (2023,)),
        ("file-format", "scores/2024/a.xlsm", (2024,)),
    ]


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    _, problems = find(tmp_path / "absent")
    assert [(item.code, item.years, item.is_error) for item in problems] == [("file-unreadable", (), True)]
