"""Files made to hurt: each function gives the files of one case, and says what it tries.

`HOSTILE` has them by the name that expected.toml uses. Some lay links and pipes, and need the scheme's folder.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from tests.nasty_books import FILE, Files, in_sheet, repacked, wide

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HOSTILE: dict[str, Callable[[], Files]] = {}
LINKS: dict[str, Callable[[Path], None]] = {}
"""Cases that are laid into a scheme's folder: links, folders and pipes."""
CSV = "scores/2024/noi-vu.csv"
SHEET, WORKBOOK, CONTENT = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "content.xml"


def hostile(make: Callable[[], Files | bytes]) -> Callable[[], Files | bytes]:
    """Enter a case: its function gives the files, or the bytes of scores/2024/noi-vu.xlsx."""

    def files() -> Files:
        made = make()
        return made if isinstance(made, dict) else {FILE: made}

    HOSTILE[make.__name__.replace("_", "-")] = files
    return make


def link(make: Callable[[Path], None]) -> Callable[[Path], None]:
    LINKS[make.__name__.replace("_", "-")] = make
    return make


def part(name: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    """Return the wide form with one part of its zip changed."""
    return repacked(content or wide(), lambda of, text: change(text) if of == name else text)


def ods(body: str, head: str = "", manifest: str = "<manifest/>") -> Files:
    """Return an .ods file whose sheet Sở holds `body`; `head` stands before its XML."""
    uris = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            CONTENT,
            f"{head}<office:document-content {uris}><office:body><office:spreadsheet>"
            f"<table:table table:name='Sở'>{body}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return {"scores/2024/noi-vu.ods": out.getvalue()}


def laughs(depth: int) -> str:
    """Return the declarations of entities that are ten times as long each as the one before."""
    steps = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, depth + 1))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{steps}]>'


def without_declaration(text: bytes) -> bytes:
    return text.partition(b"?>")[2] if text.startswith(b"<?xml") else text


# ------------------------------------------------------------------------------------------------------------ bombs


@hostile
def zip_bomb() -> bytes:
    """70 MB of blanks in a sheet, which are 70 KB in the file."""
    return part(SHEET, lambda text: text.replace(b"<sheetData>", b"<sheetData>" + b" " * 70_000_000))


@hostile
def zip_bomb_that_says_it_is_small() -> bytes:
    """The same, and the zip's own table says 1 KB."""
    content = bytearray(zip_bomb())
    for mark, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        start = content.find(mark)
        while start >= 0:
            if SHEET.encode() in content[start : start + 100]:
                content[start + at : start + at + 4] = (1000).to_bytes(4, "little")
            start = content.find(mark, start + 4)
    return bytes(content)


@hostile
def zip_bomb_under_another_name() -> bytes:
    """The sheet is a part whose name does not end in .xml."""

    def change(name: str, text: bytes) -> bytes:
        return text.replace(b"sheet1.xml", b"sheet1.jpg")

    whole = wide()
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        sheet = archive.read(SHEET).replace(b"</sheetData>", b"<row>" + b"<c/>" * 25_000_000 + b"</row></sheetData>")
    return repacked(whole, change, **{"xl/worksheets/sheet1.jpg": sheet})


@hostile
def million_rows() -> bytes:
    return part(
        SHEET, lambda text: text.replace(b"</sheetData>", b"<row><c><v>1</v></c></row>" * 1_000_000 + b"</sheetData>")
    )


@hostile
def many_empty_rows() -> bytes:
    return part(SHEET, lambda text: text.replace(b"</sheetData>", b"<row/>" * 200_000 + b"</sheetData>"))


@hostile
def million_lines() -> Files:
    return {CSV: b"unit,code,appraised\n" + b"x,1.1,3\n" * 1_000_000}


@hostile
def million_styles() -> bytes:
    return part(
        "xl/styles.xml",
        lambda text: text.replace(b"<numFmts", b"<numFmts/>" * 4_000_000 + b"<numFmts").replace(
            b"<fonts", b"<a/>" * 4_100_000 + b"<fonts", 1
        ),
    )


@hostile
def seventeen_thousand_columns() -> bytes:
    cells = "".join(f'<c t="inlineStr"><is><t>1.{at}</t></is></c>' for at in range(17_000))
    return in_sheet("</sheetData>", f'<row r="6">{cells}</row></sheetData>')


@hostile
def seventeen_thousand_columns_of_text() -> Files:
    names = ",".join(f"tieu-chi-{at}" for at in range(17_000))
    return {CSV: f"unit,code,appraised,{names}\n".encode() + b"noi-vu,1.1,3" + b",1" * 17_000 + b"\n"}


@hostile
def billion_laughs() -> bytes:
    return part(
        SHEET,
        lambda text: (
            laughs(9).encode()
            + without_declaration(text).replace(
                b"</sheetData>", b'<row r="9"><c r="A9" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>'
            )
        ),
    )


@hostile
def billion_laughs_in_the_list_of_sheets() -> bytes:
    return part(
        WORKBOOK,
        lambda text: laughs(9).encode() + without_declaration(text).replace(b"<sheets>", b"<x>&a9;</x><sheets>"),
    )


@hostile
def billion_laughs_in_ods() -> Files:
    return ods(
        "<table:table-row><table:table-cell office:value-type='string'><text:p>&a9;</text:p></table:table-cell>"
        "</table:table-row>",
        laughs(9),
    )


@hostile
def entity_that_reads_a_file() -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return part(
        SHEET,
        lambda text: (
            head
            + without_declaration(text).replace(
                b"</sheetData>", b'<row r="9"><c r="A9" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>'
            )
        ),
    )


@hostile
def million_repeated_rows() -> Files:
    return ods(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float"'
        ' office:value="1"/></table:table-row>'
    )


@hostile
def million_repeated_blanks() -> Files:
    return ods(
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    )


@hostile
def last_cell_of_an_old_sheet() -> Files:
    """A number moved to row 65,536, column 256 of an .xls file."""
    content = bytearray((Path(__file__).parent / "forms" / "2024.xls").read_bytes())
    at = max(content.find(mark) for mark in (b"\x03\x02\x0e\x00", b"\x7e\x02\x0a\x00"))
    content[at + 4 : at + 8] = b"\xff\xff\xff\x00"
    return {"scores/2024/noi-vu.xls": bytes(content)}


@hostile
def stray_cell_and_merge_over_the_sheet() -> bytes:
    stray = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    stray += '<mergeCells><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    return in_sheet("</sheetData>", stray)


# ---------------------------------------------------------------------------------------------------------- damage


@hostile
def empty_workbook() -> bytes:
    return b""


@hostile
def truncated() -> bytes:
    return wide()[:-100]


@hostile
def half_a_workbook() -> bytes:
    whole = wide()
    return whole[: len(whole) // 2]


@hostile
def page_named_xlsx() -> bytes:
    """What some scoring software exports as "Excel"."""
    return b"<html><body><table><tr><td>noi-vu</td><td>3.5</td></tr></table></body></html>"


@hostile
def password() -> bytes:
    return OLE + b"\0" * 3000


@hostile
def password_of_ods() -> Files:
    return ods("", manifest="<manifest><encryption-data/></manifest>")


@hostile
def password_of_the_zip() -> bytes:
    content = bytearray(wide())
    for mark, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


@hostile
def sheet_outside_the_zip() -> bytes:
    return part(
        "xl/_rels/workbook.xml.rels", lambda text: text.replace(b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd")
    )


@hostile
def link_to_another_workbook() -> bytes:
    """A formula on another file: its stored value counts, and nothing is opened."""
    return in_sheet("</f><v />", "</f><v>3.5</v>", wide(D5="='file:///etc/[passwd]Sở'!A1"))


@hostile
def number_of_400_digits() -> bytes:
    return in_sheet("<v>3.5</v>", f"<v>{'9' * 400}</v>")


@hostile
def number_of_5000_digits() -> bytes:
    return in_sheet("<v>3.5</v>", f"<v>{'9' * 5000}</v>")


@hostile
def infinite_numbers() -> bytes:
    return in_sheet("<v>2.75</v>", "<v>NaN</v>", in_sheet("<v>3.5</v>", "<v>1e999</v>"))


@hostile
def very_long_cell() -> bytes:
    return wide(A5="Sở Nội vu " * 3_000)


@hostile
def very_long_text() -> Files:
    return {
        CSV: (
            "unit,code,appraised\n"
            + "Sở Nội vu " * 100_000
            + ",1.1,3\nnoi-vu,"
            + "1." * 500_000
            + "1,3\nnoi-vu,3.1,"
            + "3" * 1_000_000
            + "\n"
        ).encode()
    }


@hostile
def name_of_short_forms() -> Files:
    """Each of these may mean several things: all of them together, more than there are atoms."""
    return {CSV: ("unit,code,appraised\n" + "TP TT P " * 200 + ",1.1,3\n").encode()}


@hostile
def text_that_is_no_text() -> Files:
    return {CSV: bytes(range(256)) * 1000}


# ----------------------------------------------------------------------------------------- links, folders and pipes


@link
def link_out_of_the_folder(scheme: Path) -> None:
    (scheme / CSV).rename(scheme.parent / "ngoai.csv")
    (scheme / CSV).symlink_to("../../../ngoai.csv")


@link
def folder_that_links_out(scheme: Path) -> None:
    (scheme / "scores/2024").rename(scheme.parent / "ngoai")
    (scheme / "scores/2024").symlink_to(scheme.parent / "ngoai")


@link
def units_that_link_out(scheme: Path) -> None:
    (scheme / "units.csv").rename(scheme.parent / "units.csv")
    (scheme / "units.csv").symlink_to("../units.csv")


@link
def link_to_a_device(scheme: Path) -> None:
    (scheme / CSV).unlink()
    (scheme / CSV).symlink_to("/dev/zero")


@link
def link_to_itself(scheme: Path) -> None:
    (scheme / CSV).unlink()
    (scheme / CSV).symlink_to("noi-vu.csv")


@link
def link_to_nothing(scheme: Path) -> None:
    (scheme / CSV).unlink()
    (scheme / CSV).symlink_to("khong-co.csv")


@link
def link_within_the_folder(scheme: Path) -> None:
    (scheme / CSV).rename(scheme / ".noi-vu.csv")
    (scheme / CSV).symlink_to("../../.noi-vu.csv")


@link
def pipe(scheme: Path) -> None:
    """Whoever opens it waits for a writer that never comes."""
    (scheme / CSV).unlink()
    os.mkfifo(scheme / CSV)


@link
def pipe_of_units(scheme: Path) -> None:
    (scheme / "units.csv").unlink()
    os.mkfifo(scheme / "units.csv")


@link
def folder_named_like_a_workbook(scheme: Path) -> None:
    (scheme / "scores/2024/so-2.xlsx").mkdir()
    (scheme / "scores/2022.xlsx").mkdir()
