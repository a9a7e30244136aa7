"""Tests of `cchc.reports.inspection`: each rule of a page's contract, broken once."""

import base64
import hashlib

import pytest

from cchc.reports.inspection import MANY_ROWS, MOST_BYTES, MOST_BYTES_OF_MANY, check_page

STYLES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
REST = "; base-uri 'none'; form-action 'none'"
POLICY = STYLES + REST
NO_POLICY = "no content security policy that forbids by default"
PAGE = f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>Năm 2024</title><style>@font-face {{ src: url(data:font/woff;base64,AAAA) }}</style></head>
<body><main><h1>Xếp hạng</h1>
<h2 id="a">Nhóm</h2><h3>Bảng</h3><p>Nanh, None và nan giữa câu.</p>
<table><tr><th>Sở A</th><td>86,13</td></tr></table>
<svg role="img" aria-labelledby="a" xmlns="http://www.w3.org/2000/svg"><g clip-path="url(#c)"><text>Sở A</text></g>
<clipPath id="c"><path d="M0 0"/></clipPath></svg>
<h2>Chú giải</h2><a href="#a">lên</a> <a href="../soc-trang/annual-2024.html#a">năm</a> <a href="a.xlsx">tệp</a>
<img src="data:image/png;base64,AAAA" alt="Dấu">
</main></body></html>"""


def broken(old: str, new: str) -> list[str]:
    assert old in PAGE
    return check_page(PAGE.replace(old, new, 1))


def test_a_whole_page_has_no_fault() -> None:
    assert check_page(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<!DOCTYPE html>\n", "", "line 1: no <!DOCTYPE html>"),
        (' lang="vi"', "", "line 2: <html> has no lang"),
        ("<title>Năm 2024</title>", "<title> </title>", "no title"),
        ("default-src 'none'", "default-src *", NO_POLICY),
        ("img-src data:", "img-src *", NO_POLICY),
        ("; base-uri 'none'", "", NO_POLICY),
        ("; base-uri", "; script-src 'unsafe-inline'; base-uri", NO_POLICY),
        ("; base-uri", "; script-src https://example.org; base-uri", NO_POLICY),
        ("<h1>Xếp hạng</h1>", "<h1>Một</h1><h1>Hai</h1>", "2 <h1>, not one"),
        ("<h2>Chú giải</h2>", "<h4>Chú giải</h4><h6>sâu</h6>", "line 10: <h6> follows a heading of level 4"),
        ("<main>", "<main><main></main>", "2 <main>, not one"),
        ("</table>", "", "line 12: </main> closes <table>"),
        (' role="img"', "", "line 8: <svg> without role=img"),
        (' aria-labelledby="a"', "", "line 8: <svg> without a text alternative"),
        (' aria-labelledby="a"', ' aria-label=" "', "line 8: <svg> without a text alternative"),
        ('<h2 id="a">Nhóm</h2>', '<h2 id="a"> </h2>', "line 8: <svg> without a text alternative"),
        (' alt="Dấu"', "", "line 11: <img> without alt"),
        ('id="c"', 'id="a"', "line 9: id a is used twice"),
        ('href="#a"', 'href="#b"', "line 10: href names no element: b"),
        (
            'aria-labelledby="a"',
            'aria-labelledby="a" aria-describedby="z"',
            "line 8: aria-describedby names no element: z",
        ),
        (
            "a.xlsx",
            "https://example.org/x.xlsx",
            "line 10: <a> points outside: href=https://example.org/x.xlsx",
        ),
        ("a.xlsx", "//example.org/x.xlsx", "line 10: <a> points outside: href=//example.org/x.xlsx"),
        ("a.xlsx", "/srv/x.xlsx", "line 10: <a> points outside: href=/srv/x.xlsx"),
        ("a.xlsx", "javascript:x.html", "line 10: <a> points outside: href=javascript:x.html"),
        ("data:image/png;base64,AAAA", "logo.png", "line 11: <img> points outside: src=logo.png"),
        ("url(#c)", "url(http://example.org/c)", "line 8: <g> loads something from outside: clip-path=url(http://"),
        ("url(data:font", "url(http://example.org/font", "line 4: a style sheet loads something from outside"),
        ("<style>", "<style>@import 'x.css';", "line 4: a style sheet loads something from outside"),
        ("<title>", '<link href="#a"><title>', "line 4: <link> is not allowed"),
        ("<p>", "<script>alert(1)</script><p>", "line 6: <script> whose hash is not in the content security policy"),
        ("<p>", '<p onclick="x()">', "line 6: <p> has an event handler: onclick"),
        ("Nanh", "Traceback (most recent call last)", "a traceback"),
        ("86,13", "nan", "line 7: a cell says nan"),
        ("86,13", "<b>None</b>", "line 7: a cell says None"),
        ("86,13", " &lt;NA&gt; ", "line 7: a cell says <NA>"),
        ("<text>Sở A</text>", "<text>nan</text>", "line 8: a cell says nan"),
    ],
)
def test_each_rule(old: str, new: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in broken(old, new)), broken(old, new)


def test_a_script_is_allowed_by_its_hash() -> None:
    script = "document.title"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = PAGE.replace(POLICY, f"{STYLES}; script-src 'sha256-{digest}'{REST}").replace(
        "<p>", f"<script>{script}</script><p>"
    )
    assert check_page(page) == []
    assert check_page(page.replace(">document.title<", ">document.title <"))


@pytest.mark.parametrize(("n_rows", "most"), [(MANY_ROWS - 1, MOST_BYTES), (MANY_ROWS, MOST_BYTES_OF_MANY)])
def test_size(n_rows: int, most: int) -> None:
    """A page with a long table may be larger; two short ones make no long one."""
    bodies = "".join(f"<tbody>{'<tr><td>1</td></tr>' * count}</tbody>" for count in (n_rows, 50))
    page = PAGE.replace("</table>", f"{bodies}</table>")
    filling = "x" * (most - len(page.encode()) - 1)
    assert check_page(page.replace("Nanh", f"Nanh{filling}")) == []
    assert check_page(page.replace("Nanh", f"Nanh{filling}x")) == [f"{most} bytes, the most is {most}"]
