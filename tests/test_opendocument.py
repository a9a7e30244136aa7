"""What the XML of an .ods file says: repeats, formats, errors, what is hidden."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cchc.opendocument import Facts, LockedError, read_facts
from cchc.sheets import MOST_CELLS, TooBigError

URIS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def cell(kind: str = "float", text: str = "1", more: str = "") -> str:
    value = f'office:value-type="{kind}"' if kind else ""
    return f"<table:table-cell {value} {more}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


BLANK = "<table:table-cell/>"


def facts(tmp_path: Path, *parts: str, manifest: str = "<manifest/>") -> Facts:
    names = " ".join(f'xmlns:{name}="{uri}"' for name, uri in URIS.items())
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
        body = (
            f'<table:table table:name="Trước">{row(cell())}</table:table><table:table table:name="Sở">{"".join(parts)}'
        )
        archive.writestr("content.xml", f"<office:body {names}>{body}</table:table></office:body>")
    found = read_facts(tmp_path / "a.ods")
    assert found["Trước"] == Facts(), "each sheet begins anew"
    return found["Sở"]


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (cell("percentage", "50%"), ("percent-cell", "")),
        (cell("float", "#DIV/0!"), ("error-cell", "#DIV/0!")),
        (cell("float", "Err:502"), ("error-cell", "Err:502")),
        (cell("string", "#N/A", 'calcext:value-type="error"'), ("error-cell", "#N/A")),
        (cell("string", "#N/A"), None),
        (cell("float", "###"), None),
        (cell("float", "1"), None),
        (cell("", "", 'table:formula="of:=1+1"'), ("formula-without-value", "")),
        (cell("string", "", 'table:formula="of:=A1"'), None),
    ],
)
def test_cells_that_cannot_be_trusted(tmp_path: Path, content: str, flaw: tuple[str, str] | None) -> None:
    found = facts(tmp_path, row(BLANK), row(BLANK, BLANK, content))
    assert found.flaws == ({(2, 3): flaw} if flaw else {})


def test_repeated_cells_are_all_meant(tmp_path: Path) -> None:
    content = cell("percentage", "5%", 'table:number-columns-repeated="2"')
    found = facts(tmp_path, row(BLANK, content, more='table:number-rows-repeated="2"'), row(content))
    assert set(found.flaws) == {(1, 2), (1, 3), (2, 2), (2, 3), (3, 1), (3, 2)}


def test_merged_and_hidden(tmp_path: Path) -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="3"'
    found = facts(
        tmp_path,
        columns,
        row(BLANK, cell(more=spans)),
        row(cell(), more='table:visibility="collapse"'),
        row(cell(), more='table:visibility="filter"'),
        row(BLANK, more='table:visibility="collapse" table:number-rows-repeated="1048000"'),
    )
    assert found == Facts({}, [(2, 1, 3, 3)], {2, 3}, {2, 3})


def test_what_repeats_may_not_be_more_than_a_form(tmp_path: Path) -> None:
    half = MOST_CELLS // 2
    facts(tmp_path, row(cell(), cell(), more=f'table:number-rows-repeated="{half}"'))
    with pytest.raises(TooBigError):
        facts(tmp_path, row(cell(), cell(), more=f'table:number-rows-repeated="{half + 1}"'))
    # blanks after the last filled cell cost nothing
    facts(tmp_path, row(cell()), row(BLANK, more='table:number-rows-repeated="1048000"'))


def test_a_password_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(LockedError):
        facts(tmp_path, manifest="<manifest><encryption-data/></manifest>")
