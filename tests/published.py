"""A site with a page of every kind, built once for the tests in a browser: two provinces, two languages, bad names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

from filelock import FileLock

from cchc.reports.html import failure_page
from tests.inputs import SCHEME
from tests.pages import ROOT, script_environment
from tests.test_injection import NAMES, hostile, quoted

PAGES = {
    "index of all": "index.html",
    "index of all, English": "index.en.html",
    "index": "soc-trang/index.html",
    "index with units": "tay-ninh/index.html",
    "index with units, English": "thu/index.en.html",
    "year": "soc-trang/annual-2024.html",
    "year, English": "soc-trang/annual-2024.en.html",
    "year, announced": "tay-ninh/annual-2023.html",
    "stage": "soc-trang/stage-2021-2025.html",
    "awards": "soc-trang/awards-2024.html",
    "awards, English": "soc-trang/awards-2024.en.html",
    "awards of a stage": "soc-trang/awards-2021-2025.html",
    "robustness": "soc-trang/robustness-2021-2025.html",
    "scorecard": "tay-ninh/units/so-tai-chinh-2023.html",
    "scorecard, hostile name, English": "thu/units/u4-2024.en.html",
    "year of 130 units": "lon/annual-2024.html",
    "year, hostile names": "thu/annual-2024.html",
    "scorecard, hostile name": "thu/units/u4-2024.html",
    "index, hostile names": "thu/index.html",
    "check": "loi/check.html",
    "failure": "thu/annual-2099.failure.html",
}
"""The pages that are tested, by what they are."""

SYLLABLES = (
    ("Đại", "An", "Ân", "Bình", "Ba", "Bà", "Dương", "Đông", "Hòa", "Long", "Mỹ", "Ô", "Ơn"),
    ("An", "Ân", "Đức", "Hải", "Hai", "Hạnh", "Lộc", "Môn", "Ngãi", "Tâm"),
)
COMMUNES = [f"Xã {' '.join(words)}" for words in product(*SYLLABLES)]
CLASSES = "".join(f'[[classes]]\nname = "{name}"\nfrom = {at}\n' for name, at in (("Khá", 70), ("Trung bình", 50)))


# every line is two problems, of several lines each: the table goes over some sheets of paper
BAD_SCORES = "unit,code,appraised\n" + "".join(
    f"{quoted(f'{name} số {at}')},{quoted(name)},{quoted(name)}\n" for at in range(12) for name in NAMES
)


def many() -> dict[str, str]:
    """Return a scheme of 130 communes in one group, scored in two years; one is incomplete."""
    units = "".join(f"xa-{at},{name},huyen,,\n" for at, name in enumerate(COMMUNES))
    rubric = "".join(f"2023,{code},Lĩnh vực số {code},12.5\n" for code in range(1, 9))
    scores = {
        f"scores/{year}.csv": "unit,code,appraised\n"
        + "".join(
            f"xa-{at},{code},{(at * 37 + code * 11 + year) % 60 / 10 + 6.5:.1f}\n"
            for at in range(len(COMMUNES))
            for code in range(1, 9)
            if (at, code, year) != (5, 8, 2024)
        )
        for year in (2023, 2024)
    }
    return {
        "scheme.toml": SCHEME + CLASSES,
        "units.csv": f"unit_id,name_vi,group,valid_from,valid_to\n{units}",
        "rubric.csv": f"year,code,name_vi,max_points\n{rubric}",
        **scores,
    }


def build(folder: Path) -> Path:
    """Build the site inside `folder`, unless another process of the tests has; return the folder of its pages."""
    raw, out = folder / "raw", folder / "reports"
    with FileLock(folder / "building.lock"):
        if not (folder / "built").exists():
            for name in ("soc-trang", "tay-ninh"):
                shutil.copytree(ROOT / "data" / "raw" / name, raw / name)
            schemes = {"lon": many(), "thu": hostile(), "loi": hostile({"scores/2024.csv": BAD_SCORES})}
            for name, files in schemes.items():
                for path, content in files.items():
                    target = raw / name / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.encode() if isinstance(content, str) else content)
            _cchc(folder, "report", "soc-trang", "--year", "2024", "--stage", "2021-2025")
            _cchc(folder, "report", "lon", "--year", "2024")
            _cchc(folder, "report", "tay-ninh", "thu", "--units")
            _cchc(folder, "report", "soc-trang", "--year", "2024", "--lang", "en")
            _cchc(folder, "report", "thu", "--units", "--lang", "en")
            _cchc(folder, "check", "loi", status=2)
            text = "Traceback: <script>alert(1)</script>"
            page = failure_page(
                "Xếp hạng năm 2099", "rank()", text, {"year": 2099}, "cchc report thu --year 2099", "vi"
            )
            (out / "thu/annual-2099.failure.html").write_text(page, "utf-8")
            (folder / "built").touch()
    return out


def _cchc(folder: Path, *arguments: str, status: int = 0) -> None:
    """Run a command in a process of its own; `status` is what it must leave with."""
    places = ["--raw", str(folder / "raw"), "--out", str(folder / "reports")]
    environment = script_environment(CCHC_PROCESSED=str(folder / "processed"))
    command = [sys.executable, "-m", "cchc", arguments[0], *places, *arguments[1:]]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == status, ran.stdout + ran.stderr
