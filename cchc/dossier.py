"""The proposal as a Word document: an appendix to a submission as in Nghị định 30/2020/NĐ-CP, for the council to edit.

Nothing in it is signed or numbered: who signs, the number and the day of the submission are left blank.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from cchc import award_words
from cchc.award_prose import page_marks
from cchc.award_settings import Award
from cchc.award_tables import of_award
from cchc.content_tables import period_name
from cchc.dataset import Dataset
from cchc.locale import is_missing, named, number, place, translator
from cchc.names import printable
from cchc.scheme import Scheme

FONT = "Times New Roman"
SIZE, SMALL = Pt(13), Pt(11)
WIDTHS = (12, 58, 58, 22, 60, 47)
"""Of the columns of a table of candidates, in mm: A4 across, margins as in the decree."""
DATE = (1980, 1, 1, 0, 0, 0)
"""Of every part of the file: a clock's would make two runs differ."""
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def save(out: str, name: str, data: Dataset, proposal: pd.DataFrame, period: str, lang: str = "vi") -> None:
    """Write ``<out>/<name>.docx``: heading, marks, a numbered table an award, what is to be decided, room to sign.

    Nothing is written where `out` is empty (a notebook run by hand). The same proposal gives the same bytes.

    Parameters
    ----------
    out : str
        Folder.
    name : str
        File name without suffix and language.
    data : Dataset
    proposal : DataFrame
        From `propose_awards`.
    period : str
        ``"2024"`` or ``"2021-2025"``.
    lang : str

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as out:
    ...     cchc.dossier.save(out, "awards-2024", data, proposal, "2024")
    ...     [path.name for path in Path(out).iterdir()]
    ['awards-2024.docx']
    """
    if not out:
        return
    paper = Document()
    _set_up(paper, data, period, lang)
    _heading(paper, data, lang)
    _title(paper, data, period, lang)
    for at, award in enumerate(data.scheme.awards_of(period), start=1):
        _award(paper, data.scheme, proposal, award, at, lang)
    _signature(paper, lang)
    target = Path(out) / f"{named(name, lang)}.docx"
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(_bytes(paper))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _bytes(paper: Paper) -> bytes:
    """Return the file with fixed dates: python-docx writes the clock's into the archive."""
    written, fixed = BytesIO(), BytesIO()
    paper.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def _set_up(paper: Paper, data: Dataset, period: str, lang: str) -> None:
    """Set paper, font and properties; the marks stand at the foot of every page."""
    _ = translator(lang)
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)  # else letters with two accents fall back to another font
    style.paragraph_format.space_after = Pt(4)
    moment = dt.datetime(*DATE)  # noqa: DTZ001 (a constant, in no zone)
    properties = paper.core_properties
    properties.title = _("Dự kiến đề nghị khen thưởng {period}").format(period=period_name(period, lang))
    properties.author = properties.last_modified_by = printable(data.scheme.issued_by.get(lang))
    properties.comments = ""
    properties.created = properties.modified = moment
    foot = section.footer.paragraphs[0]
    _write(foot, "; ".join(text for css, text in page_marks(data, period, lang) if css != "note"), CENTRE, size=Pt(9))


def _heading(paper: Paper, data: Dataset, lang: str) -> None:
    """Write who issues it beside the country's name and motto, a rule below each."""
    _ = translator(lang)
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = _widths(table.rows[0].cells, (100, 157))
    _write(left.paragraphs[0], data.scheme.issued_by.get(lang).upper(), CENTRE, bold=True)
    _write(left.add_paragraph(), "_______", CENTRE, size=Pt(8))
    _write(right.paragraphs[0], _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), CENTRE, bold=True)
    _write(right.add_paragraph(), _("Độc lập - Tự do - Hạnh phúc"), CENTRE, bold=True)
    _write(right.add_paragraph(), "____________________", CENTRE, size=Pt(8))


def _title(paper: Paper, data: Dataset, period: str, lang: str) -> None:
    _ = translator(lang)
    _write(paper.add_paragraph(), _("PHỤ LỤC"), CENTRE, bold=True, size=Pt(14))
    text = _("Danh sách dự kiến đề nghị khen thưởng {period}").format(period=period_name(period, lang))
    _write(paper.add_paragraph(), text, CENTRE, bold=True, size=Pt(14))
    _write(paper.add_paragraph(), data.scheme.title.get(lang), CENTRE)
    blank = _("(Kèm theo văn bản số ……………… ngày …… tháng …… năm ……… của ………………………………)")
    _write(paper.add_paragraph(), blank, CENTRE, italic=True)
    for _css, mark in page_marks(data, period, lang):
        _write(paper.add_paragraph(), mark, CENTRE, italic=True, size=SMALL)


def _award(paper: Paper, scheme: Scheme, proposal: pd.DataFrame, award: Award, at: int, lang: str) -> None:
    """Write one award: its rule, what is proposed, what the council decides, and who hangs on that."""
    _ = translator(lang)
    _write(paper.add_heading(level=1), f"{at}. {award.name.get(lang)}", LEFT, bold=True, size=Pt(14))
    for rule in award_words.rules(scheme, award, lang):
        _write(paper.add_paragraph(), rule, LEFT)
    rows = of_award(proposal, award)
    chosen = rows[rows["status"] == "proposed"]
    if chosen.empty:
        _write(paper.add_paragraph(), _("Chưa đề nghị đối tượng nào."), LEFT)
    else:
        _candidates(paper, scheme, award, chosen, lang)
    if rows.empty:
        return
    points = award_words.open_points(scheme, rows, lang)
    undecided = rows[rows["status"].isin(["open", "conditional"])]
    if points:
        _write(paper.add_heading(level=2), _("Việc Hội đồng quyết định"), LEFT, bold=True)
        for point in points:
            _write(paper.add_paragraph(), f"- {point}", LEFT)
    if len(undecided):
        _write(paper.add_heading(level=2), _("Đối tượng tùy quyết định của Hội đồng"), LEFT, bold=True)
        _candidates(paper, scheme, award, undecided, lang)


def _candidates(paper: Paper, scheme: Scheme, award: Award, rows: pd.DataFrame, lang: str) -> None:
    """Write a numbered table of candidates."""
    _ = translator(lang)
    to = _("Tập thể") if award.to == "collective" else _("Họ và tên, chức vụ")
    labels = (_("STT"), to, _("Đơn vị, nhóm"), _("Thứ tự"), _("Số liệu, thành tích"), _("Lý do; điểm cần lưu ý"))
    table = paper.add_table(rows=1, cols=len(labels))
    table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _repeat(table)
    for grid, width in zip(table.columns, WIDTHS, strict=True):  # LibreOffice goes by these, Word by the cells
        grid.width = Mm(width)
    for cell, label in zip(_widths(table.rows[0].cells, WIDTHS), labels, strict=True):
        _write(cell.paragraphs[0], label, CENTRE, bold=True, size=SMALL)
    row: Any  # pandas-stubs cannot know the columns
    for at, row in enumerate(rows.itertuples(), start=1):
        texts = (number(at, 0, lang), *_texts(scheme, row, lang))
        line = table.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # no name is torn between two sheets
        for column, (cell, text) in enumerate(zip(_widths(line.cells, WIDTHS), texts, strict=True)):
            _write(cell.paragraphs[0], text, CENTRE if column in (0, 3) else LEFT, size=SMALL)
    _write(paper.add_paragraph(), "", LEFT, size=Pt(6))


def _texts(scheme: Scheme, row: Any, lang: str) -> Iterable[str]:
    group = scheme.group(row.group).label(lang) if row.group else ""
    unit = "" if row.is_unit else getattr(row, f"unit_{lang}")
    yield _joined([getattr(row, f"name_{lang}"), row.position], ", ")
    yield _joined([unit, group], "; ")
    yield "" if is_missing(row.place) else place(row.place, row.n_places, lang)
    yield _joined([*award_words.figures(scheme, row, lang), row.achievement], "; ")
    yield _joined([award_words.reason(scheme, row, lang), *award_words.doubts(row, lang)], "; ")


def _joined(texts: Sequence[str], between: str) -> str:
    return between.join(text for text in texts if text)


def _signature(paper: Paper, lang: str) -> None:
    """Leave room for whoever signs; the document does not know who that is."""
    _ = translator(lang)
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    _left, right = _widths(table.rows[0].cells, (137, 120))
    _write(right.paragraphs[0], _("……………, ngày …… tháng …… năm ………"), CENTRE, italic=True)
    _write(right.add_paragraph(), _("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"), CENTRE, bold=True)
    _write(right.add_paragraph(), _("(Chữ ký, dấu; họ và tên)"), CENTRE, italic=True)
    for _line in range(3):
        right.add_paragraph()


def _write(paragraph: Paragraph, text: str, alignment: Any, **style: Any) -> None:
    """Write plain text into a paragraph: whatever signs it holds, nothing of it is a field or a link."""
    paragraph.alignment = alignment
    run = paragraph.add_run(printable(text))
    run.font.name, run.font.size = FONT, style.get("size", SIZE)
    run.font.color.rgb = RGBColor(0, 0, 0)  # the headings of the template are blue
    run.bold, run.italic = style.get("bold", False), style.get("italic", False)


def _widths(row: Sequence[_Cell], widths: Sequence[int]) -> Sequence[_Cell]:
    """Set the widths of a row's cells in mm: Word goes by the cells, whatever the columns say."""
    for cell, width in zip(row, widths, strict=True):
        cell.width = Mm(width)
    return row


def _repeat(table: Table) -> None:
    """Print the head of a table again on each page."""
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
