"""Pages of every kind in Debian's Chromium: nothing leaves the file, it can be read, worked by keyboard and printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from cchc.names import sort_key
from cchc.reports.inspection import check_page
from tests.published import COMMUNES, PAGES, build
from tests.test_injection import NAMES

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("name", PAGES.values(), ids=PAGES)
INDICES = [path for path in PAGES.values() if path.rpartition("/")[2].startswith("index.")]
MANY = PAGES["year of 130 units"]
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of the built pages, one for all processes of the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "site"
    folder.mkdir(exist_ok=True)
    return build(folder)


# Of a module: a running playwright holds the process's event loop, which other tests need.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program)
        yield started
        started.close()


class Watched:
    """A page that is open, what it asked for and what it complained of."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.address = page, path.as_uri()
        self.requests: list[str] = []
        self.refused: dict[str, str] = {}
        self.complaints: list[str] = []
        page.on("requestfailed", lambda request: self.refused.update({request.url: request.failure}))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)
        page.goto(self.address)

    def _dismiss(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def unfold(self) -> None:
        """Open whatever is folded, and go to the end."""
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")


Open = Callable[..., Watched]


@pytest.fixture
def show(browser: Browser, site: Path) -> Iterator[Open]:
    """Return a function that opens a page: ``show("index.html", width=360)``; other options are the context's."""
    contexts = []

    def show_page(name: str, width: int = 1440, **options: Any) -> Watched:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        return Watched(contexts[-1].new_page(), site / name)

    yield show_page
    for context in contexts:
        context.close()


# Whole pages


@every_page
def test_nothing_is_asked_for_and_nothing_complains(show: Open, name: str) -> None:
    opened = show(name)
    opened.unfold()
    opened.page.wait_for_load_state("networkidle")
    assert {url for url in opened.requests if not url.startswith("data:")} == {opened.address}
    assert opened.complaints == []


@every_page
def test_axe_finds_nothing_serious(show: Open, name: str) -> None:
    opened = show(name, bypass_csp=True)  # axe is a script that is not the page's
    opened.unfold()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    results = Axe().run(opened.page, options={"runOnly": tags, "resultTypes": ["violations"]})
    found = [
        (item["id"], item["impact"], [node["html"][:200] for node in item["nodes"][:3]])
        for item in results.response["violations"]
        if item["impact"] in ("serious", "critical")
    ]
    assert found == []


@pytest.mark.parametrize("width", [360, 1440])
@every_page
def test_the_page_does_not_scroll_sideways(show: Open, name: str, width: int) -> None:
    opened = show(name, width)
    opened.unfold()
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@every_page
def test_every_page_keeps_the_static_contract(site: Path, name: str) -> None:
    assert check_page((site / name).read_text("utf-8")) == []


ACTIVE = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const seen = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
  return {
    at: [...document.querySelectorAll("*")].indexOf(element),
    tag: element.tagName.toLowerCase(), id: element.id, href: element.getAttribute("href"),
    isVisible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && !!seen && (element.contains(seen) || seen.contains(element)),
    hasOutline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


@every_page
def test_keyboard_goes_through_the_page_in_its_order(show: Open, name: str) -> None:
    page = show(name).page
    first_link = page.locator("main a").first.get_attribute("href") if page.locator("main a").count() else None
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(ACTIVE)
        if stop["tag"] == "body":
            break
        stops.append(stop)
    assert stops[0]["href"] == "#noi-dung"
    if first_link:
        assert first_link in [stop["href"] for stop in stops[1:3]]
    assert [stop["at"] for stop in stops] == sorted({stop["at"] for stop in stops})
    assert [stop for stop in stops if not (stop["isVisible"] and stop["hasOutline"])] == []


def test_the_skip_link_goes_to_the_content(show: Open) -> None:
    page = show(PAGES["year"]).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# Tables


def column(page: Page, table: str, head: str) -> list[str]:
    """Return the texts of a table's column, as they stand now."""
    return page.evaluate(
        """([id, head]) => {
          const table = document.getElementById(id);
          const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === head);
          return [...table.tBodies[0].rows].map((row) => row.cells[at].textContent);
        }""",
        [table, head],
    )


def first_ranking(page: Page) -> str:
    """Return the id of the first group's ranking, which has buttons."""
    return page.locator("table[id^=ranking-]:has(th button)").first.get_attribute("id") or ""


def press(page: Page, table: str, head: str) -> str | None:
    """Press a head, and return the order that it then says it has."""
    button = page.locator(f"#{table} th").get_by_role("button", name=head, exact=True)
    button.click()
    return button.locator("..").get_attribute("aria-sort")


def numbers(texts: list[str]) -> list[float]:
    """Return numbers as a Vietnamese page prints them: ``1.234,5``, ``3/18``, ``86,13 *``."""
    found = [re.match(r"[\d.,]+", text) for text in texts]
    return [float(match[0].replace(".", "").replace(",", ".")) for match in found if match]


def test_names_are_put_in_vietnamese_order(show: Open) -> None:
    page = show(MANY).page
    table = first_ranking(page)
    printed = column(page, table, "Đơn vị")
    assert len(printed) == len(COMMUNES) == 130
    assert press(page, table, "Đơn vị") == "ascending"
    assert column(page, table, "Đơn vị") == sorted(printed, key=sort_key) != printed
    assert press(page, table, "Đơn vị") == "descending"
    assert column(page, table, "Đơn vị") == sorted(printed, key=sort_key, reverse=True)
    assert press(page, table, "Đơn vị") is None
    assert column(page, table, "Đơn vị") == printed


@pytest.mark.parametrize("head", ["Hạng", "Chỉ số", "Hạng năm trước"])
def test_figures_are_put_in_order_by_value_and_what_is_missing_last(show: Open, head: str) -> None:
    page = show(MANY).page
    table = first_ranking(page)
    for _, is_downwards in (("ascending", False), ("descending", True)):
        press(page, table, head)
        shown = column(page, table, head)
        assert numbers(shown) == sorted(numbers(shown), reverse=is_downwards)
        n_missing = shown.count("—")
        assert shown[len(shown) - n_missing :] == ["—"] * n_missing
        assert (n_missing > 0) == (head != "Hạng năm trước")


def test_changes_are_put_in_order_by_their_places(show: Open) -> None:
    page = show(PAGES["year"]).page
    table = first_ranking(page)
    press(page, table, "Thay đổi")
    words = {"▲": 1, "▼": -1, "=": 0}
    shown = [text for text in column(page, table, "Thay đổi") if text != "—"]
    moves = [words[text[0]] * int((re.search(r"\d+", text) or ["0"])[0]) for text in shown]
    assert moves == sorted(moves)
    assert {-1, 0, 1} <= {(move > 0) - (move < 0) for move in moves}


def test_classes_are_put_in_order_and_their_units_keep_theirs(show: Open) -> None:
    page = show(MANY).page
    table = first_ranking(page)
    printed = list(zip(column(page, table, "Xếp loại"), column(page, table, "Đơn vị"), strict=True))
    press(page, table, "Chỉ số")
    press(page, table, "Xếp loại")
    order = ["Tốt", "Khá", "Trung bình", "—"]
    expected = sorted(printed, key=lambda pair: order.index(pair[0]))
    assert list(zip(column(page, table, "Xếp loại"), column(page, table, "Đơn vị"), strict=True)) == expected
    assert {"Tốt", "Khá", "Trung bình"} <= {name for name, _ in printed}
    assert page.locator(f"#{table} [aria-sort]").count() == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_table_is_sorted_by_keyboard(show: Open, key: str) -> None:
    page = show(PAGES["year"]).page
    table = first_ranking(page)
    page.locator(f"#{table} button", has_text="Đơn vị").focus()
    page.keyboard.press(key)
    names = column(page, table, "Đơn vị")
    assert names == sorted(names, key=sort_key)
    assert page.evaluate("document.activeElement.textContent") == "Đơn vị"


def test_a_short_table_has_no_buttons(show: Open) -> None:
    page = show(PAGES["year"]).page
    assert page.locator("#summary tbody tr").count() == 4
    assert page.locator("#summary button").count() == 0


def test_classes_have_a_colour_beside_the_word(show: Open) -> None:
    page = show(PAGES["year"]).page
    swatches = page.evaluate(
        """() => [...document.querySelectorAll("td.grade")].map((cell) =>
          [cell.textContent, getComputedStyle(cell, "::before").backgroundColor])"""
    )
    colours = {text.removesuffix(" †"): colour for text, colour in swatches if text != "—"}
    assert len(colours) == len(set(colours.values())) >= 3


# Without JavaScript


@every_page
def test_without_javascript_nothing_is_missing(show: Open, site: Path, name: str) -> None:
    page = show(name, java_script_enabled=False).page
    assert page.locator("button").count() == 0
    assert page.locator("tr").count() == (site / name).read_text("utf-8").count("<tr>")
    for box in page.locator(".search").all():
        assert not box.is_visible()
    for group in page.locator("details.group").all():
        group.locator("summary").click()
        assert group.locator("li").first.is_visible()


# Index pages


def found(page: Page, text: str) -> list[str]:
    """Type into the search box; return the units that are then seen."""
    page.get_by_label("Tìm đơn vị").fill(text)
    return [item.inner_text() for item in page.locator(".units .entry-label").all() if item.is_visible()]


def test_a_unit_is_found_without_marks(show: Open) -> None:
    page = show(PAGES["index with units"]).page
    assert found(page, "tai chinh") == found(page, "Tài chính") == found(page, "CHINH tai") == ["Sở Tài chính"]
    assert page.get_by_role("status").inner_text() == "Tìm thấy 1 phiếu kết quả"
    dao_tao = found(page, "dao tao")
    assert dao_tao == found(page, "Đào tạo") == ["Sở Giáo dục và Đào tạo"]
    assert not page.get_by_role("heading", name="Hằng năm").is_visible()
    assert found(page, "xyz") == []
    assert page.get_by_role("status").inner_text() == "Không có đơn vị nào có tên như vậy"
    assert found(page, "") == []
    assert page.get_by_role("heading", name="Hằng năm").is_visible()
    assert page.locator("details[open]").count() == 0


def test_a_group_that_was_open_is_open_after_a_search(show: Open) -> None:
    page = show(PAGES["index with units"]).page
    page.locator("summary").nth(1).click()
    before = page.locator("details").evaluate_all("all => all.map((each) => each.open)")
    assert before.count(True) == 1
    found(page, "tai chinh")
    found(page, "")
    assert page.locator("details").evaluate_all("all => all.map((each) => each.open)") == before


def test_the_way_from_the_first_page_to_a_unit(show: Open) -> None:
    page = show(PAGES["index of all"]).page
    section = page.locator("section", has=page.get_by_role("heading", name="Tây Ninh"))
    section.get_by_role("link", name="Phiếu kết quả từng đơn vị").click()
    page.keyboard.type("tai chinh")  # the box has the focus
    page.get_by_role("link", name="Sở Tài chính", exact=True).click()
    assert page.url.endswith("/tay-ninh/units/so-tai-chinh-2023.html")


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids |= {value or "" for name, value in attrs if name == "id"}


def test_links_go_to_what_is_there_and_only_from_pages_about_pages(site: Path) -> None:
    read = {path: _Links(path.read_text("utf-8")) for path in site.rglob("*.html")}
    assert len(read) > 50
    for path, page in read.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target.is_file(), (path, link)
            assert not anchor or anchor in read[target].ids, (path, link)
            assert not file or path.name.split(".")[0] in ("index", "check"), (path, link)
    for index in (site / name for name in INDICES):
        others = {"index.html", "index.en.html"} - {index.name}
        expected = {other for other in others if (index.parent / other).exists()}
        assert expected <= set(read[index].links)


# Hostile names and the policy


@pytest.mark.parametrize("name", [path for path in PAGES.values() if path.startswith("thu/")])
def test_a_hostile_name_is_text(show: Open, name: str) -> None:
    opened = show(name)
    opened.unfold()
    assert SCRIPT in opened.page.locator("main").inner_text()
    for button in opened.page.locator("th button").all():
        button.click()
    for box in opened.page.locator(".search input").all():
        box.fill("script")
        seen = [item.inner_text() for item in opened.page.locator(".units .entry-label").all() if item.is_visible()]
        assert seen == [SCRIPT]
    assert opened.complaints == []
    assert NAMES[4] == SCRIPT


@pytest.mark.parametrize("name", [PAGES["year"], PAGES["index with units"], PAGES["failure"]])
def test_the_policy_lets_nothing_else_run_or_load(show: Open, name: str) -> None:
    opened = show(name)
    opened.page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "window.ran = 'script'";
          document.body.append(script);
          const image = document.createElement("img");
          image.setAttribute("onerror", "window.ran = 'handler'");
          image.src = "https://example.org/x.png";
          document.body.append(image);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }"""
    )
    assert opened.page.evaluate("window.ran") is None
    assert opened.refused == {"https://example.org/x.png": "csp"}
    assert len(opened.complaints) == 3


# Paper


def printed_pages(page: Page, folder: Path) -> list[str]:
    """Print to A4 and return the text of each sheet without white space, in the order of the document."""
    path = folder / "page.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", path, "-"], capture_output=True, check=True).stdout
    return [bare(sheet) for sheet in text.decode().split("\f")[:-1]]


def bare(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


SEEN_TABLES = """() => [...document.querySelectorAll("table.data")]
  .filter((table) => !table.closest("details:not([open])"))
  .map((table) => ({
    head: table.tHead.innerText,
    rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent).join("")),
  }))"""
SEEN_FIGURES = """() => [...document.querySelectorAll("figure.chart")]
  .map((figure) => [figure.querySelector(".chart-title").textContent,
    ...[...figure.querySelectorAll("svg text")].map((text) => text.textContent)])"""


@every_page
def test_paper_cuts_no_row_and_no_figure_and_repeats_heads(show: Open, tmp_path: Path, name: str) -> None:
    page = show(name).page
    tables, figures = page.evaluate(SEEN_TABLES), page.evaluate(SEEN_FIGURES)
    sheets = printed_pages(page, tmp_path)
    rows_under: dict[str, list[str]] = {}
    for table in tables:
        rows_under.setdefault(bare(table["head"]), []).extend(map(bare, table["rows"]))
        for row in table["rows"]:
            on = [sheet for sheet in sheets if bare(row) in sheet]
            assert on, row
            assert any(bare(table["head"]) in sheet for sheet in on), row
    for head, rows in rows_under.items():
        longer = [other for other in rows_under if head in other and head != other]
        headed = [sheet for sheet in sheets if head in sheet and not any(other in sheet for other in longer)]
        assert [sheet for sheet in headed if not any(row in sheet for row in rows)] == [], "a head without rows"
    for texts in figures:
        missing = [[text for text in texts if bare(text) not in sheet] for sheet in sheets if bare(texts[0]) in sheet]
        assert [] in missing, missing
    if name == MANY:
        assert len(sheets) > 6


def test_paper_has_the_official_order(show: Open, tmp_path: Path) -> None:
    page = show(PAGES["year"]).page
    table = first_ranking(page)
    rows = next(seen["rows"] for seen in page.evaluate(SEEN_TABLES) if "Thay đổi" in seen["head"])
    press(page, table, "Đơn vị")
    sorted_names = column(page, table, "Đơn vị")
    text = "".join(printed_pages(page, tmp_path))
    places = [text.index(bare(row)) for row in rows]
    assert len(places) > 10
    assert places == sorted(places)
    assert "↕" not in text
    assert "Đơnvị▲" not in text
    assert column(page, table, "Đơn vị") == sorted_names, "the screen has its order again"
