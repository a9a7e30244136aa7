"""A printed table as HTML and text."""

import re

from cchc.table import Column, Marked, Table, change_text

TABLE = Table(
    "Xếp hạng <năm>",
    (Column("Hạng", "place"), Column("Đơn vị"), Column("Chỉ số", "decimal", 2), Column("Thay đổi", "change")),
    (((1, 18), "Sở <script>alert(1)</script>", 86.125, 2), (None, 'X" onclick="', Marked(80.0, "kế thừa"), -1)),
    ("Ghi chú & nguồn",),
    id="thu",
)


def test_everything_is_escaped():
    html = TABLE.html
    assert "<script>" not in html
    assert 'onclick="' not in html
    assert "Xếp hạng &lt;năm&gt;" in html
    assert "Ghi chú &amp; nguồn" in html
    assert "style=" not in html


def test_heads_have_scope_and_the_unit_heads_its_row():
    html = TABLE.html
    assert len(re.findall(r'<th scope="col"', html)) == 4
    assert re.findall(r'<th scope="row" class="text">(\w+)', html) == ["Sở", "X"]
    assert '<table id="thu" class="data">\n<caption id="thu-caption">' in html
    assert 'role="region" aria-labelledby="thu-caption" tabindex="0"' in html


def test_cells_are_printed_by_kind():
    html = TABLE.html
    assert '<td class="place number" data-sort="1">1/18</td>' in html
    assert '<td class="decimal number" data-sort="86.125">86,13</td>' in html
    assert '<td class="decimal number" data-sort="80.0">80,00 kế thừa</td>' in html
    assert '<td class="change change-up" data-sort="2">▲ tăng 2 bậc</td>' in html
    assert '<td class="change change-down" data-sort="-1">▼ giảm 1 bậc</td>' in html
    assert '<td class="place number">—</td>' in html


def test_change_has_arrow_and_words():
    assert [change_text(change, "vi") for change in (2, -1, 0)] == ["▲ tăng 2 bậc", "▼ giảm 1 bậc", "= giữ nguyên"]


def test_plain_text_is_the_same_table():
    bundle = TABLE._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].splitlines()[1:3] == [
        "Hạng\tĐơn vị\tChỉ số\tThay đổi",
        "1/18\tSở <script>alert(1)</script>\t86,13\t▲ tăng 2 bậc",
    ]


def test_only_cells_whose_text_is_in_another_order_carry_a_value():
    html = TABLE.html
    assert '<td class="place number">—</td>' in html, "what is missing has no value"
    assert len(re.findall("data-sort", html)) == 5
    assert not re.search(r'class="text" data-sort', html)


def test_classes_have_a_step_by_their_place_and_are_put_in_order_by_it():
    column = Column("Xếp loại", "grade", classes=("Xuất sắc", "Tốt", "Khá"))
    rows = (("Khá",), (Marked("Xuất sắc", "†"),), ("Tốt",), ("Giỏi",), (None,))
    html = Table("Loại", (column,), rows, id="loai").html
    assert re.findall(r'<td class="([^"]+)"(?: data-sort="(\d)")?>([^<]+)<', html) == [
        ("grade step-5", "2", "Khá"),
        ("grade step-1", "0", "Xuất sắc †"),
        ("grade step-3", "1", "Tốt"),
        ("grade", "3", "Giỏi"),  # only an announced table has it
        ("grade", "", "—"),
    ]


def test_a_single_class_is_the_best():
    column = Column("Xếp loại", "grade", classes=("Đạt",))
    assert 'class="grade step-1"' in Table("Loại", (column,), (("Đạt",),), id="loai").html
