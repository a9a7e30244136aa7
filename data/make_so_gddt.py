"""Make the illustrative data of data/raw/so-gddt from its hand-written units.csv and rubric.csv.

Run by hand, never by the suite: ``python data/make_so_gddt.py [FOLDER]`` writes ``scores/``, ``tasks/``,
``initiatives/`` and ``nominations/`` below FOLDER (default: data/raw/so-gddt itself). The same bytes each time. No
figure in it is a real one, and every name is marked as invented.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

SCHEME = Path(__file__).parent / "raw" / "so-gddt"
SEED = "so-gddt minh họa"
YEAR = 2022
PLAN = (  # what each unit has to do: the task, and until when
    ("Ban hành kế hoạch cải cách hành chính năm", "2022-01-31"),
    ("Báo cáo cải cách hành chính 6 tháng", "2022-06-10"),
    ("Rà soát, công khai thủ tục hành chính", "2022-08-31"),
    ("Báo cáo cải cách hành chính năm", "2022-11-30"),
)
# What the data must show, each in one place (README.md of the scheme lists them); all others are drawn.
NOT_ENTERED = {"trung-tam-02": ("4.2",)}
LATE = {"thanh-tra": (1, 3), "giao-duc-mam-non": (0,), "khao-thi": (3,), "thpt-02": (1,), "thpt-04": (0, 1, 2),
        "thpt-05": (3,), "thpt-07": (2,), "trung-tam-01": (1, 3)}  # fmt: skip
NOT_DONE = {"thpt-04": (3,), "thpt-08": (2,)}
WITHOUT_TASKS = ("trung-tam-02",)
INITIATIVES = (  # id, unit, number of the owner, title, whether it was recognised
    ("SK-01", "van-phong", 1, "Theo dõi hồ sơ một cửa bằng mã tra cứu", True),
    ("SK-02", "to-chuc-can-bo", 3, "Biểu mẫu điện tử cho hồ sơ viên chức", True),
    ("SK-03", "thpt-01", 6, "Trả kết quả học bạ trong ngày", True),
    ("SK-04", "thpt-03", 8, "Sổ tay thủ tục dành cho phụ huynh", False),
    ("SK-05", "giao-duc-trung-hoc", 5, "Lịch trực tuyến tiếp nhận hồ sơ thi", True),
)
NOMINEES = (  # number, unit, score as the unit gave it, initiative
    (1, "van-phong", "95", "SK-01"), (2, "van-phong", "90", ""), (3, "to-chuc-can-bo", "94.5", "SK-02"),
    (4, "ke-hoach-tai-chinh", "92", ""), (5, "giao-duc-trung-hoc", "92", "SK-05"), (6, "thpt-01", "93", "SK-03"),
    (7, "thpt-02", "91", ""), (8, "thpt-03", "91", "SK-04"), (9, "thpt-05", "90.5", ""), (10, "thpt-06", "89", ""),
    (11, "thpt-07", "89", ""), (12, "trung-tam-01", "86", ""),
)  # fmt: skip


def read_rows(name: str) -> list[dict[str, str]]:
    """Read one of the scheme's hand-written tables."""
    with (SCHEME / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn(*key: object) -> float:
    """Return a number between 0 and 1 that depends on its key alone.

    Only `random()` is used: it is the one method whose sequence Python promises to keep.
    """
    return random.Random("|".join(map(str, (SEED, *key)))).random()


def score_rows() -> Iterable[list[object]]:
    """Yield unit, code, self-assessed and appraised points, in quarter points."""
    leaves = [row for row in read_rows("rubric.csv") if row["by"]]
    for unit in (row["unit_id"] for row in read_rows("units.csv")):
        level = 0.74 + 0.2 * drawn(unit)
        for leaf in leaves:
            if leaf["code"] in NOT_ENTERED.get(unit, ()):
                continue
            most = int(leaf["max_points"]) * 4
            appraised = min(most, round(most * (level + 0.12 * drawn(unit, leaf["code"]) - 0.06)))
            claimed = min(most, appraised + int(3 * drawn("self", unit, leaf["code"])))
            yield [unit, leaf["code"], claimed / 4, appraised / 4]


def task_rows() -> Iterable[list[object]]:
    """Yield the tasks of each unit, with the day on which they were done."""
    for unit in (row["unit_id"] for row in read_rows("units.csv")):
        for place, (task, due) in enumerate(PLAN if unit not in WITHOUT_TASKS else ()):
            year, month, day = due.split("-")
            done = (
                f"{year}-{int(month) + 1:02d}-05"
                if place in LATE.get(unit, ())
                else f"{year}-{month}-{int(day) - 3:02d}"
            )
            is_done = place not in NOT_DONE.get(unit, ())
            evidence = f"Văn bản số {10 * place + 1:02d} (minh họa)" if is_done else ""
            yield [unit, "ke-hoach", task, due, done if is_done else "", evidence]


def person(number: int) -> str:
    """Return a name that nobody has."""
    return f"Người được đề nghị {number:02d} (minh họa)"


def initiative_rows() -> Iterable[list[object]]:
    """Yield the initiatives, with the recognition of those that have one."""
    for place, (name, unit, owner, title, is_recognised) in enumerate(INITIATIVES, start=1):
        recognition = [
            "cơ sở",
            f"QĐ số {place:02d} (minh họa)",
            f"2022-10-{place:02d}",
            "Hội đồng sáng kiến (minh họa)",
        ]
        yield [name, person(owner), unit, "sang-kien", title, *(recognition if is_recognised else [""] * 4)]


def nomination_rows() -> Iterable[list[object]]:
    """Yield the persons nominated, each by its own unit."""
    names = {row["unit_id"]: row["name_vi"] for row in read_rows("units.csv")}
    for number, unit, points, initiative in NOMINEES:
        achievement = "Thành tích minh họa"
        yield ["giay-khen-ca-nhan", "cá nhân", person(number), unit, "Công chức, viên chức (minh họa)", 1, points,
               initiative, achievement, names[unit]]  # fmt: skip


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV in UTF-8 with Unix line ends on every platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make(folder: Path = SCHEME) -> None:
    """Write everything that is generated below `folder`."""
    write_csv(folder / f"scores/{YEAR}.csv", ["unit", "code", "self", "appraised"], score_rows())
    write_csv(folder / f"tasks/{YEAR}.csv", ["unit", "content", "task", "due", "done", "evidence"], task_rows())
    header = ["id", "owner", "unit", "content", "title", "level", "number", "date", "authority"]
    write_csv(folder / f"initiatives/{YEAR}.csv", header, initiative_rows())
    header = [
        "award",
        "kind",
        "name",
        "unit",
        "position",
        "order",
        "score",
        "initiative_id",
        "achievement",
        "proposed_by",
    ]
    write_csv(folder / f"nominations/{YEAR}.csv", header, nomination_rows())


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else SCHEME)
