"""The form as a DOCX, for corrections by hand; it says what the PDF says.

Word brings its own fonts, so a character that the PDF cannot print stands here as it is.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from consumers.printed_form.code import code_png
from consumers.printed_form.filled import Box, FilledForm, Tick
from consumers.printed_form.page_words import (
    CONFLICTS_HEAD,
    CONFLICTS_TITLE,
    SOURCES_HEAD,
    SOURCES_TITLE,
    footer,
)
from exchange.domain.policy_files.form_layout import FormLayout

SONG: Final = "宋体"
HEI: Final = "黑体"
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)
_WIDTH_MM: Final = 180


def docx_of(form: FilledForm, layout: FormLayout) -> bytes:
    """Return the form as a DOCX; the same form gives the same bytes."""
    paper = docx.Document()
    _set_page(paper, form, layout)
    _write_head(paper, form, layout)
    _write_table(paper, form, layout)
    _write(paper.add_paragraph(), layout.below.note, size=7.5)
    _write_below(paper, form, layout)
    paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _write_rows(paper, SOURCES_TITLE, SOURCES_HEAD, form.sources)
    if form.conflicts:
        _write_rows(paper, CONFLICTS_TITLE, CONFLICTS_HEAD, form.conflicts)
    return _dateless(paper)


def _set_page(paper: Paper, form: FilledForm, layout: FormLayout) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(13), Mm(13)
    normal = paper.styles["Normal"]
    normal.paragraph_format.space_after = Pt(2)
    told = paper.core_properties
    told.title, told.author, told.comments = layout.title, "", ""
    told.created = told.modified = form.as_of.replace(tzinfo=None)
    _write(section.footer.paragraphs[0], footer(form.case_id, form.as_of), size=7.5)


def _write_head(paper: Paper, form: FilledForm, layout: FormLayout) -> None:
    head = paper.add_table(rows=1, cols=3)
    _set_widths(head, (25, _WIDTH_MM - 50, 25))
    left, middle, right = head.rows[0].cells
    _write(left.paragraphs[0], layout.annex, font=HEI)
    _write(middle.paragraphs[0], layout.title, size=19, bold=True)
    middle.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    right.paragraphs[0].add_run().add_picture(BytesIO(code_png(form.case_id)), width=Mm(17))
    right.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _write(paper.add_paragraph(), "".join(form.about), size=8)


def _write_table(paper: Paper, form: FilledForm, layout: FormLayout) -> None:
    table = paper.add_table(rows=len(layout.table), cols=len(layout.columns_mm), style="Table Grid")
    _set_widths(table, layout.columns_mm)
    for row, told in zip(table.rows, layout.table, strict=True):
        row.height, row.height_rule = Mm(told.height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
    cells = [row.cells for row in table.rows]  # once: asked for one cell, the table reads itself anew
    for box in form.boxes:
        first = cells[box.row][box.column]
        last = cells[box.row + box.cell.rows - 1][box.column + box.cell.columns - 1]
        _write_box(first if last is first else first.merge(last), box)


def _write_box(cell: _Cell, box: Box) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    size = 8.5 if box.cell.small else 10.5
    _write(paragraph, box.text, size=size, font=HEI if box.cell.heading or box.conflict else SONG)
    if box.remark:
        remark = cell.add_paragraph() if box.text else paragraph
        remark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _write(remark, box.remark, size=6)


def _write_below(paper: Paper, form: FilledForm, layout: FormLayout) -> None:
    below = layout.below
    height = -(-len(form.ticks) // 2)
    table = paper.add_table(rows=height + 1, cols=3, style="Table Grid")
    _set_widths(table, (12, (_WIDTH_MM - 12) / 2, (_WIDTH_MM - 12) / 2))
    _write(table.cell(0, 0).merge(table.cell(height - 1, 0)).paragraphs[0], below.matters, font=HEI)
    for at, tick in enumerate(form.ticks):
        _write(table.cell(at // 2, 1 + at % 2).paragraphs[0], _ticked(tick), size=8)
    _write(table.cell(height, 0).paragraphs[0], below.signatures, font=HEI)
    for at, names in enumerate(below.signed_by, 1):
        for index, name in enumerate(names):
            cell = table.cell(height, at)
            _write(cell.add_paragraph() if index else cell.paragraphs[0], name)
    table.rows[height].height = Mm(below.height_mm)


def _ticked(tick: Tick) -> str:
    return f"{'☑' if tick.chosen else '□'} {tick.number}. {tick.name}　{tick.state}"


def _write_rows(paper: Paper, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    _write(paper.add_paragraph(), title, size=12, font=HEI)
    table = paper.add_table(rows=0, cols=len(head), style="Table Grid")
    for at, row in enumerate((head, *rows)):
        for cell, word in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], word, size=8, font=SONG if at else HEI)


def _set_widths(table: Table, widths_mm: Iterable[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        for cell in column.cells:
            cell.width = Mm(width)


def _write(
    paragraph: Paragraph, text: str, *, size: float = 10.5, font: str = SONG, bold: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    # Chinese characters take their font from an attribute of their own.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _dateless(paper: Paper) -> bytes:
    """Return the file without the moment at which each part was packed."""
    packed, out = BytesIO(), BytesIO()
    paper.save(packed)
    with ZipFile(packed) as parts, ZipFile(out, "w", ZIP_DEFLATED) as kept:
        for name in parts.namelist():
            kept.writestr(ZipInfo(name, _OLDEST), parts.read(name), ZIP_DEFLATED)
    return out.getvalue()
