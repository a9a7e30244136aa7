"""Style, measures and the SVG of a figure."""

import os
import subprocess
import sys
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from cchc.figures import (
    LINES,
    SIZE,
    Chart,
    Rows,
    Scale,
    Sheet,
    contrast,
    ink_on,
    round_values,
    sequential,
    styled,
    text_width,
    tick_texts,
    to_svg,
    wrap,
)  # fmt: skip
from cchc.table import Column, Table
from chart_data import ids, texts

DRAW = """
import sys
from cchc.figures import Sheet, to_svg
sheet = Sheet()
sheet.text(10, 20, "Sở Ữ Ỗ Ặ đ")
sheet.dots([(5, 5), (9, 9)], fill="#12436D")
sheet.axes.plot([0, 50], [0, 50])
svg = to_svg(sheet.finish(40), "muối")
assert "matplotlib.pyplot" not in sys.modules, "pyplot"
sys.stdout.buffer.write(svg.encode())
"""


@styled()
def drawn(text: str = "Sở Ữ Ỗ Ặ đ") -> Sheet:
    sheet = Sheet()
    sheet.text(10, 20, text)
    sheet.dots([(5, 5), (9, 9)], fill="#12436D")
    sheet.axes.plot([0, 50], [0, 50])  # inside its Axes: clipped
    sheet.finish(40)
    return sheet


def chart(title: str) -> Chart:
    return Chart(drawn().figure, title, "Phụ đề.", "Mô tả.", Table("Bảng", (Column("Đơn vị"),), (("<b>",),), id="t"))


def test_svg_is_one_element_of_real_text():
    svg = to_svg(drawn().figure, "a")
    root = ET.fromstring(svg)
    assert svg.startswith("<svg ")
    assert root.get("viewBox") == "0 0 720 40"
    assert "width" not in root.attrib
    assert "height" not in root.attrib
    assert "DejaVu Sans" in root.get("style", "")
    assert texts(chart("a")) == ["Sở Ữ Ỗ Ặ đ"]
    for unwanted in ("<?xml", "<!DOCTYPE", "<style", "<metadata", 'id="axes_1"', "rotate(-0", "http://purl.org"):
        assert unwanted not in svg


def test_text_is_escaped_and_no_formula():
    name = "<script>$x_2$ & 5"
    assert f">{escape(name)}</text>" in to_svg(drawn(name).figure, "a")


def test_ids_are_unique_among_charts_and_used():
    one, other = chart("Một").svg, chart("Hai").svg
    assert ids(one)
    assert not set(ids(one)) & set(ids(other))
    assert len(set(ids(one))) == len(ids(one))
    for reference in ids(one):
        assert f"#{reference}" in one


def test_same_bytes_twice_and_under_another_hash_seed():
    assert chart("Một").svg == chart("Một").svg
    draw = [sys.executable, "-c", DRAW]
    runs = [
        subprocess.run(draw, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert b"<svg" in runs[0]


def test_the_notebook_style_changes_nothing():
    plain = chart("Một").svg
    with mpl.rc_context({"font.family": "DejaVu Serif", "svg.fonttype": "path", "lines.linewidth": 9}):
        assert chart("Một").svg == plain
        assert mpl.rcParams["svg.fonttype"] == "path"


def test_mimebundle():
    bundle, metadata = chart("Sở A dẫn đầu")._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert bundle["text/plain"] == "Sở A dẫn đầu"
    told = metadata["image/svg+xml"]
    assert (told["title"], told["subtitle"], told["alt"]) == ("Sở A dẫn đầu", "Phụ đề.", "Mô tả.")
    assert "&lt;b&gt;" in told["table"]


def test_wrap_keeps_every_word_and_the_width():
    name = "Sở Lao động - Thương binh và Xã hội"
    lines = wrap(name, 120)
    assert len(lines) > 1
    assert " ".join(lines) == name
    assert all(text_width(line) <= 120 for line in lines)
    assert wrap("Nghiêngnghiêng", 10) == ["Nghiêngnghiêng"]
    assert wrap("", 10) == [""]


def test_text_width_grows_with_text_size_and_weight():
    assert text_width("Sở Nội vụ") == pytest.approx(text_width("Sở Nội vụ", 2 * SIZE) / 2)
    assert text_width("Sở Nội vụ", weight="bold") > text_width("Sở Nội vụ") > text_width("Sở Nội")


def test_a_long_name_makes_its_row_higher_and_moves_the_right_edge():
    rows = Rows(["1.", "2."], ["Sở Y tế", "Chi nhánh Ngân hàng Nhà nước Việt Nam tỉnh Sóc Trăng"], [True, False], 200)
    middles, edges = rows.draw(Sheet(), 10)
    assert edges[0] == 10
    assert edges[2] - edges[1] > edges[1] - edges[0]
    assert middles == [(edges[0] + edges[1]) / 2, (edges[1] + edges[2]) / 2]
    assert rows.right > Rows(["1."], ["Sở Y tế"], [True], 200).right


def test_ink_is_readable_on_every_colour():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # WebAIM's value
    for colour in (*sequential(7), *LINES, "#767676"):
        assert contrast(ink_on(colour), colour) >= 4.5


def test_sequential_goes_from_pale_to_dark():
    light = [sum(to_rgb(colour)) for colour in sequential(5)]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 5
    assert len(sequential(1)) == 1


def test_scale():
    scale = Scale(70, 90, 100, 300)
    assert (scale(70), scale(80), scale(90)) == (100, 200, 300)
    assert scale.ticks(4) == [70, 75, 80, 85, 90]
    same = Scale.over([80, 80], 0, 100)
    assert same(80) == 50
    wide = Scale.over([60, 90], 0, 100)
    assert 0 < wide(60) < wide(90) < 100


def test_round_values_and_their_texts():
    assert round_values(61, 94, 4) == [60, 70, 80, 90, 100]
    assert tick_texts([80.0, 82.5, 85.0], "vi") == ["80,0", "82,5", "85,0"]
    assert tick_texts([80.0, 85.0], "vi") == ["80", "85"]


def test_a_legend_breaks_before_the_right_edge():
    one, two = Sheet(), Sheet()
    entry = ({"fill": "#12436D"}, "kế thừa từ đơn vị tiền thân")
    assert two.legend([entry] * 5, 8) > one.legend([entry], 8)
    assert all(x < 720 - text_width(entry[1], 10) for x, _y in (text.get_position() for text in two.figure.texts))
