"""The analyst's bench: each choice shows what the library gives for it, and only the tab in front is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from cchc import explorer_views as views
from cchc.dataset import Dataset
from cchc.explorer import bench_of, explore
from cchc.ranking import rank_year
from cchc.reading import read_dataset
from cchc.whatif import supposed_places, with_maximum, with_score

RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.fixture(scope="module")
def soc_trang() -> Dataset:
    return read_dataset(RAW / "soc-trang")


class Bench:
    """The widgets of a bench by what is written beside them."""

    def __init__(self, widget: Any) -> None:
        choices, self.front = widget.children
        self.group, self.year = choices.children

    def turn(self, title: str) -> dict[str, Any]:
        self.front.selected_index = self.front.titles.index(title)
        return {
            control.description: control
            for control in self.front.children[self.front.selected_index].children[0].children
        }

    @property
    def shown(self) -> str:
        text: str = self.front.children[self.front.selected_index].children[1].value
        return text.split("</style>")[-1]


@pytest.fixture
def bench(soc_trang: Dataset) -> Iterator[Bench]:
    yield Bench(bench_of(soc_trang))
    ipywidgets.Widget.close_all()


def test_it_opens_with_the_latest_ranking(bench: Bench, soc_trang: Dataset) -> None:
    assert bench.year.value == 2025
    first = rank_year(soc_trang, 2025).iloc[0]
    assert bench.group.value == first["group"]
    assert "<svg" in bench.shown
    assert first["name_vi"] in bench.shown
    bench.year.value = 2021
    assert "năm 2021" in bench.shown


@pytest.mark.slow
def test_each_tab_shows_something_for_each_group_and_year(bench: Bench) -> None:
    for group in bench.group.options:
        for year in (2025, 2022):
            bench.group.value, bench.year.value = group[1], year
            for title in bench.front.titles:
                bench.turn(title)
                assert "error" not in bench.shown, (group, year, title)
                assert len(bench.shown) > 60
    # a level that was abolished has nobody in 2025
    bench.group.value, bench.year.value = "cap-huyen", 2025
    bench.turn("Xếp hạng")
    assert "Không có số liệu cho lựa chọn này." in bench.shown


@pytest.mark.slow
def test_only_the_tab_in_front_is_drawn_and_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    page = views.page
    monkeypatch.setattr(views, "page", lambda draw, lang: drawn.append(lang) or page(draw, lang))  # type: ignore[func-returns-value]
    bench.group.value = "su-nghiep"
    assert len(drawn) == 1
    bench.turn("Lĩnh vực")
    bench.turn("Xếp hạng")
    assert len(drawn) == 2
    bench.turn("Lĩnh vực")["Lĩnh vực"].value = "1"
    assert len(drawn) == 3


@pytest.mark.slow
def test_one_component_by_year(bench: Bench) -> None:
    bench.turn("Lĩnh vực")["Lĩnh vực"].value = "1"
    assert "Chỉ số thành phần theo năm: 1." in bench.shown
    assert bench.shown.count('<th scope="col"') == 6


@pytest.mark.slow
def test_trends_of_chosen_units_and_years(bench: Bench) -> None:
    controls = bench.turn("Qua các năm")
    controls["Đơn vị"].value = ["van-phong-ubnd"]
    controls["Các năm"].value = (2023, 2025)
    assert bench.shown.count('<th scope="row"') == 1
    assert "Hạng 2023" in bench.shown
    assert "Hạng 2022" not in bench.shown


@pytest.mark.slow
def test_two_units_side_by_side(bench: Bench) -> None:
    bench.year.value = 2024
    controls = bench.turn("So sánh hai đơn vị")
    controls["Đơn vị"].value, controls["So với"].value = "so-tai-chinh", "so-noi-vu"
    assert "Sở Tài chính so với Sở Nội vụ năm 2024" in bench.shown


@pytest.mark.slow
def test_down_to_the_cell(bench: Bench) -> None:
    bench.year.value = 2024
    controls = bench.turn("Truy vết")
    controls["Đơn vị"].value, controls["Lĩnh vực"].value = "so-tai-chinh", "1"
    assert "2024.xlsx · Sở ngành · " in bench.shown


def test_what_if_shows_the_places_of_the_rules(bench: Bench, soc_trang: Dataset) -> None:
    bench.year.value = 2024
    controls = bench.turn("Nếu như")
    assert "Nhập một giá trị" in bench.shown
    controls["Đơn vị"].value, controls["Tiêu chí"].value = "so-tai-chinh", "1.1"
    assert [name for name, _value in controls["Loại điểm"].options][-2:] == ["Điểm tối đa riêng", "Tự chấm"]
    controls["Giá trị giả định"].value = "0"
    places = supposed_places(soc_trang, with_score(soc_trang, "so-tai-chinh", 2024, "1.1", "appraised", 0), 2024)
    own = places.set_index("unit_id").loc["so-tai-chinh"]
    # the first by far: places stay, the index does not
    assert (own["rank_before"], own["rank"]) == (1, 1)
    assert f"{own['index_score']:.2f}".replace(".", ",") in bench.shown
    controls["Loại điểm"].value, controls["Giá trị giả định"].value = "max_points", "30"
    places = supposed_places(soc_trang, with_maximum(soc_trang, "so-tai-chinh", 2024, "1.1", 30), 2024)
    change = places.set_index("unit_id").at["so-tai-chinh", "rank_change"]
    assert change < 0
    assert f"▼ giảm {-change} bậc" in bench.shown
    assert "bảng đã công bố năm 2024 được để riêng" in bench.shown
    controls["Loại điểm"].value, controls["Giá trị giả định"].value = "appraised", "99"
    assert "vượt điểm tối đa" in bench.shown
    controls["Tiêu chí"].value = ""
    assert [value for _name, value in controls["Loại điểm"].options] == ["bonus", "penalty"]


@pytest.mark.slow
def test_another_scheme_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CCHC_RAW", str(RAW))
    monkeypatch.setenv("CCHC_PROCESSED", str(tmp_path))
    chooser, body = explore("tay-ninh").children
    assert chooser.options == ("so-gddt", "soc-trang", "tay-ninh")
    assert Bench(body.children[0]).year.options == (("2023", 2023),)
    chooser.value = "soc-trang"
    assert Bench(body.children[0]).year.value == 2025
    ipywidgets.Widget.close_all()


@pytest.mark.slow
def test_it_speaks_english(soc_trang: Dataset) -> None:
    bench = Bench(bench_of(soc_trang, "en"))
    assert bench.front.titles[0] == "Ranking"
    assert "Ranking" in bench.shown or "ranking" in bench.shown
    ipywidgets.Widget.close_all()


def test_text_of_the_data_is_escaped(soc_trang: Dataset) -> None:
    def fail() -> list[Any]:
        raise LookupError("<b>")

    assert "&lt;b&gt;" in views.page(fail)
    assert "<b>" not in views.page(lambda: [views.say("<b>")])
