"""Which initiatives count, and which tasks are in time."""

from __future__ import annotations

from pathlib import Path

from cchc.evidence import initiatives_of, task_counts
from tests.small import as_lines, lines, small_dataset

INITIATIVES = """id,unit,title,level,number,date,authority
a,a1,Một,cơ sở,1,2024-12-31,UBND
b,a1,Hai,,2,2024-05-01,UBND
c,a1,Ba,cơ sở,,2024-05-01,UBND
d,a1,Bốn,cơ sở,4,,UBND
e,a1,Năm,cơ sở,5,2024-05-01,
f,a1,Sáu,cơ sở,6,2025-01-01,UBND
g,a1,Bảy,cơ sở,7,2023-12-31,UBND
"""
TASKS = """unit,task,due,done
a1,t1,2024-01-31,2024-01-31
a1,t2,2024-01-31,2024-02-01
a1,t3,2024-01-31,
a1,t4,,2024-12-31
a1,t5,,
"""


def test_an_initiative_counts_when_it_is_recognised_and_in_that_year(tmp_path: Path) -> None:
    files = {"initiatives/2024.csv": INITIATIVES, "tasks/2024.csv": TASKS}
    later = "id,unit,title,level,number,date,authority\nh,a1,Tám,cơ sở,8,2025-03-01,UBND\n"
    points = {"a1": {"1": "9"}}
    data = small_dataset(
        tmp_path, {2024: points, 2025: points}, rewritten={**files, "initiatives/2025.csv": later}
    )  # fmt: skip
    assert as_lines(initiatives_of(data, [2024]), ["initiative_id", "is_recognised", "reason"]) == lines("""
        a x -
        b . unrecognised
        c . unrecognised
        d . unrecognised
        e . unrecognised
        f . other_year
        g . other_year
    """)
    assert initiatives_of(data, [2024, 2025])["is_recognised"].sum() == 2
    assert len(initiatives_of(data, [2023])) == 0
    assert task_counts(data, [2024]) == {"a1": (2, 5)}
    assert task_counts(data, [2025]) == {}
