"""The index pages: what they list, what they link, and that they change only when that does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cchc.reports import site
from cchc.reports.html import IndexEntry, IndexSection, check_page

YEARS = tuple(IndexEntry(f"annual-{year}.html", f"Năm {year}", "", year == 2024, f"annual-{year}.xlsx", str(year))
              for year in (2024, 2023))  # fmt: skip
STAGES = (
    *(IndexEntry(f"stage-{name}.html", name, period=name) for name in ("2021-2030", "2021-2025")),
    IndexEntry("robustness-2021-2025.html", "Độ vững", period="2021-2025"),
    IndexEntry("stage-2016-2020.html", "2016-2020", period="2016-2020"),
)
CARDS = tuple(IndexEntry(f"units/{name}-2024.html", name.upper()) for name in ("a", "b"))
LISTING = site.Listing(
    "Chỉ số thử",
    ("Số liệu minh họa",),
    (
        IndexSection("Hằng năm", YEARS, "year"),
        IndexSection("Giai đoạn", STAGES, "stage"),
        IndexSection("Từng đơn vị", (), "unit", (IndexSection("Năm 2024", (), parts=(IndexSection("Sở", CARDS),)),)),
        IndexSection("Chưa lập được", (IndexEntry("", "Giai đoạn 2031-2035", "chưa có năm nào có điểm"),)),
    ),
)


def links(path: Path) -> list[str]:
    """Return the addresses of a page, but not those on itself."""
    found = re.findall(r'href="([^"]*)"', path.read_text("utf-8"))
    return [address for address in found if not address.startswith("#")]


def test_a_scheme_s_index_lists_all_of_it_and_is_read_back(tmp_path: Path) -> None:
    site.write_scheme_index(tmp_path, "thu", LISTING, "vi")
    assert site.read_listing(tmp_path, "thu", "vi") == LISTING
    path = tmp_path / "thu/index.html"
    assert links(path) == [
        "../index.html",
        *("annual-2024.html", "annual-2024.xlsx", "annual-2023.html", "annual-2023.xlsx"),
        *("stage-2021-2030.html", "stage-2021-2025.html", "robustness-2021-2025.html", "stage-2016-2020.html"),
        *("units/a-2024.html", "units/b-2024.html"),
    ]
    text = path.read_text("utf-8")
    assert check_page(text) == []
    assert "Giai đoạn 2031-2035" in text
    assert '<summary>Sở <span class="count">(2 đơn vị)</span></summary>' in text
    assert "Số liệu minh họa" in text


def test_the_index_of_all_shows_the_newest_pages_and_keeps_marks(tmp_path: Path) -> None:
    site.write_scheme_index(tmp_path, "thu", LISTING, "vi")
    path = site.write_index(tmp_path, ["thu", "never-built"], "vi")
    assert links(path) == [
        *("thu/annual-2024.html", "thu/annual-2024.xlsx", "thu/stage-2021-2030.html", "thu/stage-2021-2025.html"),
        *("thu/robustness-2021-2025.html", "thu/index.html#tim-don-vi", "thu/index.html"),
    ]
    text = path.read_text("utf-8")
    assert check_page(text) == []
    assert "Số liệu minh họa" in text
    assert text.count("Bản cũ") == 1
    assert "never-built" not in text


def test_indices_link_the_other_languages_that_are_there(tmp_path: Path) -> None:
    site.write_scheme_index(tmp_path, "thu", LISTING, "vi")
    site.write_index(tmp_path, ["thu"], "vi")
    assert not [link for folder in ("", "thu") for link in links(tmp_path / folder / "index.html") if ".en." in link]
    site.write_scheme_index(tmp_path, "thu", LISTING, "en")
    site.write_index(tmp_path, ["thu"], "en")
    for folder in ("", "thu"):
        assert "index.en.html" in links(tmp_path / folder / "index.html")
        assert "index.html" in links(tmp_path / folder / "index.en.html")
    assert "../index.en.html" in links(tmp_path / "thu/index.en.html")
    text = (tmp_path / "index.html").read_text("utf-8")
    assert '<a href="index.en.html" lang="en" hreflang="en">English</a>' in text


def test_an_unchanged_index_is_not_rewritten(tmp_path: Path) -> None:
    site.write_scheme_index(tmp_path, "thu", LISTING, "vi")
    before = [path.stat().st_ino for path in sorted((tmp_path / "thu").iterdir())]
    site.write_scheme_index(tmp_path, "thu", LISTING, "vi")
    assert [path.stat().st_ino for path in sorted((tmp_path / "thu").iterdir())] == before


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"title": "T", "marks": [], "sections": [{"heading": "H"}]}'])
def test_a_torn_or_old_listing_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "thu").mkdir()
    (tmp_path / "thu/index.json").write_text(text, "utf-8")
    assert site.read_listing(tmp_path, "thu", "vi") is None
