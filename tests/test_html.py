"""Tests of `cchc.reports.html`: what a page shows, what it leaves out, and that it needs nothing outside itself."""

import re
from html.parser import HTMLParser

import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from cchc.reports.html import IndexEntry, IndexSection, check_page, failure_page, index_page, make_page

HEAD = """<header class="prose page-head"><h1>Xếp hạng năm 2024</h1>
<p class="mark draft">BẢN DỰ THẢO</p>
<p class="mark illustrative">Số liệu "minh họa" &lt;/style&gt;</p>
<p class="mark note">Ghi chú của năm</p></header>"""
TABLE = """<div class="table-wrap"><table class="data"><caption>Bảng xếp hạng</caption>
<tbody><tr><th scope="row">Sở Nội vụ</th><td class="number">86,13</td></tr></tbody></table></div>"""
SVG = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="30pt" viewBox="0 0 90 30">
 <g><text x="1" y="9">Ủy ban nhân dân</text></g>
</svg>"""
ABOUT = {"title": "Sở Nội vụ dẫn đầu", "subtitle": "Chỉ số, thang 0-100", "alt": "Sở A < Sở B", "table": TABLE}


class Outline(HTMLParser):
    """What a page consists of: its elements in order, each with the text directly in it or in what it holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, _, texts in self.open:
            texts.append(data)

    def texts(self, tag: str, class_name: str = "") -> list[str]:
        return [
            " ".join("".join(texts).split())
            for name, attrs, texts in self.elements
            if name == tag and class_name in (attrs.get("class") or "")
        ]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs, _ in self.elements if name == tag]

    def by_id(self, name: str) -> str:
        return next("".join(texts) for _, attrs, texts in self.elements if attrs.get("id") == name)


def code(*outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    return v4.new_code_cell("secret_code()", outputs=list(outputs), metadata={"tags": list(tags)})


def shown(kind: str = "display_data", metadata: dict[str, object] | None = None, **data: str) -> NotebookNode:
    names = {"svg": "image/svg+xml", "html": "text/html", "markdown": "text/markdown", "plain": "text/plain"}
    return v4.new_output(kind, data={names[key]: value for key, value in data.items()}, metadata=metadata or {})


def chart(about: dict[str, str] = ABOUT) -> NotebookNode:
    return shown(svg=SVG, plain="Chart(...)", metadata={"image/svg+xml": about})


def page_of(*cells: NotebookNode, lang: str = "vi") -> str:
    return make_page(v4.new_notebook(cells=[code(shown(html=HEAD)), *cells]), "Năm 2024 & kỳ trước", lang)


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(
        v4.new_markdown_cell("## Nhóm sở, ngành\n\nĐoạn văn."),
        code(shown("execute_result", html=TABLE, plain="bảng dạng chữ")),
        code(chart(), chart()),
        v4.new_markdown_cell("## Phương pháp"),
        code(shown(html='<h2 id="nguon-goc">Nguồn <em>gốc</em></h2>')),
    )


def test_a_page_keeps_its_static_contract(page: str) -> None:
    assert check_page(page) == []


def test_title_language_and_one_main(page: str) -> None:
    outline = Outline(page)
    assert outline.texts("title") == ["Năm 2024 & kỳ trước"]
    assert outline.attributes("html") == [{"lang": "vi"}]
    assert len(outline.attributes("main")) == 1


def test_contents_list_every_section_before_the_first(page: str) -> None:
    outline = Outline(page)
    assert outline.texts("nav") == ["Mục lục Nhóm sở, ngành Phương pháp Nguồn gốc"]
    hrefs = [attrs["href"] for attrs in outline.attributes("a")]
    assert hrefs[1:4] == ["#phan-1", "#phan-2", "#nguon-goc"]
    assert [attrs["id"] for attrs in outline.attributes("h2")] == ["phan-1", "phan-2", "nguon-goc"]
    assert page.index("</header>") < page.index("<nav") < page.index("<h2")


def test_contents_open_a_page_without_a_head() -> None:
    page = make_page(v4.new_notebook(cells=[v4.new_markdown_cell("# Trang\n\n## Một")]), "Trang", "vi")
    assert check_page(page) == []
    assert page.index("<main") < page.index("<nav") < page.index("<h1")


def test_a_page_without_sections_has_no_contents() -> None:
    page = page_of()
    assert check_page(page) == []
    assert "<nav" not in page


def test_a_table_that_is_a_cells_result_is_printed() -> None:
    # nbconvert's base template leaves the block of results empty: they vanish in silence
    assert Outline(page_of(code(shown("execute_result", html=TABLE)))).texts("caption") == ["Bảng xếp hạng"]


def test_a_chart_has_caption_alternative_and_data(page: str) -> None:
    outline = Outline(page)
    assert outline.texts("figcaption") == [f"Hình {n}. Sở Nội vụ dẫn đầu Chỉ số, thang 0-100" for n in (1, 2)]
    first = outline.attributes("svg")[0]
    assert first["role"] == "img"
    assert outline.by_id(first["aria-labelledby"] or "").strip() == "Hình 1. Sở Nội vụ dẫn đầu"
    assert outline.by_id(first["aria-describedby"] or "") == "Sở A < Sở B"
    assert outline.texts("summary") == ["Số liệu của hình 1", "Số liệu của hình 2"]
    assert len([text for text in outline.texts("details") if "86,13" in text]) == 2


def test_svg_loses_its_file_head_and_keeps_the_case_of_its_attributes(page: str) -> None:
    assert 'viewBox="0 0 90 30"' in page
    assert "<?xml" not in page
    assert page.count("<!DOCTYPE") == 1


def test_a_chart_without_subtitle_and_table_has_neither() -> None:
    outline = Outline(page_of(code(chart({"title": "Hình đơn", "alt": "Mô tả"}))))
    assert outline.texts("figcaption") == ["Hình 1. Hình đơn"]
    assert outline.texts("details") == []


def test_code_streams_and_errors_are_left_out() -> None:
    page = page_of(
        code(
            v4.new_output("stream", name="stdout", text="printed text"),
            v4.new_output("stream", name="stderr", text="warned text"),
            v4.new_output("error", ename="KeyError", evalue="e", traceback=["Traceback (most recent call last)"]),
        )
    )
    for absent in ("secret_code", "printed text", "warned text", "KeyError", "Traceback"):
        assert absent not in page


@pytest.mark.parametrize("tag", ["analyst", "parameters", "injected-parameters"])
def test_cells_for_the_analyst_are_left_out(tag: str) -> None:
    assert "chỉ cho chuyên viên" in page_of(code(shown(html="<p>chỉ cho chuyên viên</p>")))
    assert "chỉ cho chuyên viên" not in page_of(code(shown(html="<p>chỉ cho chuyên viên</p>"), tags=(tag,)))


def test_one_form_of_an_output_is_printed() -> None:
    page = page_of(code(shown(markdown="**đậm**", plain="dạng chữ")), code(shown(html="<p>h</p>", markdown="*m*")))
    assert "<strong>đậm</strong>" in page
    assert "dạng chữ" not in page
    assert "<em>m</em>" not in page


def test_plain_text_is_escaped() -> None:
    assert "<pre>&lt;b&gt;</pre>" in page_of(code(shown(plain="<b>")))


def test_html_in_markdown_is_escaped() -> None:
    page = page_of(v4.new_markdown_cell("<script>alert(1)</script>\n\nTên <img src=x onerror=alert(1)> đơn vị"))
    assert check_page(page) == []
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_link_in_markdown_runs_nothing() -> None:
    assert "javascript:" not in page_of(v4.new_markdown_cell("[x](javascript:alert(1))"))


def test_headings_have_no_anchor_signs(page: str) -> None:
    assert "¶" not in page


def test_names_from_data_are_escaped() -> None:
    page = page_of(code(chart({**ABOUT, "title": "<script>x</script>", "alt": '"><script>'})))
    assert check_page(page) == []


def test_marks_stand_on_every_printed_page(page: str) -> None:
    margin = re.search(r"@top-right \{ content: \"(.*?)\" \}", page)
    assert margin
    # Read as a browser reads it: an escape is a backslash, hexadecimal digits and one space.
    text = re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), margin[1])
    assert text == 'BẢN DỰ THẢO · Số liệu "minh họa" </style>'


def test_a_page_carries_its_font_and_is_light(page: str) -> None:
    assert page.count("@font-face") == 2
    style = page[page.index("<style>") : page.index("</style>")]
    assert len(style.encode()) < 60_000


def test_same_notebook_same_bytes_and_the_notebook_is_unchanged() -> None:
    notebook = v4.new_notebook(cells=[code(shown(html=HEAD)), code(chart(), tags=("analyst",)), code(chart())])
    before = v4.writes(notebook)
    assert make_page(notebook, "Năm", "vi") == make_page(notebook, "Năm", "vi")
    assert v4.writes(notebook) == before


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LookupError):
        page_of(lang="xx")


def test_index_page_lists_sections_links_and_stale_pages() -> None:
    html = index_page(
        "Báo cáo <CCHC>",
        "vi",
        [
            IndexSection(
                "Theo năm",
                (
                    IndexEntry("annual-2024.html", "Năm 2024", "BẢN DỰ THẢO"),
                    IndexEntry("annual-2023.html", "Năm 2023", is_stale=True),
                ),
            ),
            IndexSection("Theo giai đoạn", ()),
            IndexSection("Chưa lập", (IndexEntry("", "Năm 2026", "chưa có điểm"),)),
        ],
    )
    assert check_page(html) == []
    outline = Outline(html)
    assert outline.texts("h1") == ["Báo cáo <CCHC>"]
    assert outline.texts("h2") == ["Theo năm", "Theo giai đoạn", "Chưa lập"]
    stale = "Năm 2023 Bản cũ: lần cập nhật gần nhất chưa thành công"
    assert outline.texts("li") == ["Năm 2024 BẢN DỰ THẢO", stale, "Năm 2026 chưa có điểm"]
    assert [attrs["href"] for attrs in outline.attributes("a")][1:] == ["annual-2024.html", "annual-2023.html"]
    assert "Chưa có báo cáo nào." in html


def test_an_index_of_units_has_a_search_box_and_its_script() -> None:
    group = IndexSection("Sở", (IndexEntry("units/a.html", "Sở A", workbook="units/a.xlsx"),))
    units = IndexSection("Từng đơn vị", (), "unit", (IndexSection("Năm 2024", (), parts=(group,)),))
    html = index_page("T", "vi", [units], marks=["Minh họa"], above="../index.html", languages=["en"])
    assert check_page(html) == []
    outline = Outline(html)
    assert [text for text in outline.texts("script") if "normalize" in text] == outline.texts("script") != []
    assert "hidden" in next(attrs for attrs in outline.attributes("div") if attrs.get("class") == "search")
    assert outline.texts("p", "mark") == ["Minh họa"]
    assert outline.texts("nav") == ["Tất cả bộ chỉ số English"]
    assert outline.texts("li") == ["Sở A Sở A: bảng Excel"]
    empty = index_page("T", "vi", [IndexSection("Từng đơn vị", (), "unit")])
    assert "<script" not in empty
    assert "search" not in Outline(empty).texts("div")


def test_a_page_carries_the_script_that_sorts_only_where_there_is_a_table(page: str) -> None:
    assert [text for text in Outline(page).texts("script") if "Collator" in text] == Outline(page).texts("script") != []
    without = page_of(code(shown(html="<p>Không có bảng</p>")))
    assert check_page(without) == []
    assert "<script" not in without
    assert "script-src" not in without


def test_failure_page_tells_what_failed_and_how_to_repeat_it() -> None:
    trace = "\x1b[0;31mTraceback (most recent call last)\x1b[0m: x < 1"
    html = failure_page("Năm 2024", "rank(<data>)", trace, {"year": 2024}, "cchc report soc-trang --year 2024", "vi")
    outline = Outline(html)
    assert outline.texts("h1") == ["Không tạo được báo cáo: Năm 2024"]
    assert outline.texts("pre") == [
        "cchc report soc-trang --year 2024",
        "rank(<data>)",
        "Traceback (most recent call last): x < 1",
    ]
    assert outline.texts("tr")[1:] == ["year2024"]
    assert check_page(html) == ["a traceback"]


def test_failure_page_of_a_dead_kernel_has_no_cell() -> None:
    html = failure_page("Năm 2024", "", "", {}, "cchc report", "vi")
    assert check_page(html) == []
    assert Outline(html).texts("h2") == ["Lệnh chạy lại", "Tham số"]
