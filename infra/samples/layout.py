"""Sets a sample paper as a PDF. The same input gives the same bytes.

The font is STSong-Light, one of the Chinese fonts that PDF viewers bring themselves, so the files stay small; the text
is stored with its characters and can be extracted whether or not the machine has the font. One limit: pdfium on a
machine without the font leaves out a line of a single character, so a name that wraps may lose its last one there.
"""

import io
from collections.abc import Callable
from xml.sax.saxutils import escape

from kaigong.domain.model.manifest import Enterprise, Project
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

from .figures import Drawing
from .papers import Kind, Paper

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

_RED = HexColor("#b3261e")
_GOLD = HexColor("#b08d3c")
_GREY = HexColor("#7a858c")
_PALE = HexColor("#f3f5f6")
_LINE = HexColor("#a9b4ba")
_DATE = "2026年3月6日"
_LEGAL_EFFECT = "演示用样本，不具法律效力　Demonstration paper without legal effect"


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=FONT, fontSize=size, leading=size * 1.7, wordWrap="CJK", **more)


_TITLE = _style("title", 22, alignment=TA_CENTER, spaceAfter=8 * mm)
_COVER = _style("cover", 28, alignment=TA_CENTER, spaceAfter=20 * mm)
_BODY = _style("body", 12, firstLineIndent=24, spaceAfter=2 * mm)
_CELL = _style("cell", 11)
_SMALL = _style("small", 9)
_RIGHT = _style("right", 12, alignment=TA_RIGHT)


class _Seal(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """The place where a seal goes: a dashed red circle."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = 34 * mm
        self.hAlign = "RIGHT"

    def draw(self) -> None:
        canvas, middle = self.canv, self.width / 2
        canvas.setStrokeColor(_RED)
        canvas.setFillColor(_RED)
        canvas.setDash(4, 3)
        canvas.circle(middle, middle, middle - 2)
        canvas.setFont(FONT, 10)
        canvas.drawCentredString(middle, middle - 4, "（盖章处）")


class _Sheet:
    """Fills a paper's text with the names of one enterprise and project, and sets it."""

    def __init__(self, title: str, paper: Paper, enterprise: Enterprise, project: Project) -> None:
        self.title, self.paper = title, paper
        self.enterprise, self.project = enterprise, project
        self.values = {
            "enterprise": enterprise.name,
            "uscc": enterprise.uscc,
            "legal": enterprise.legal_representative or "（签字）",
            "project": project.name,
            "code": project.code or "（待赋码）",
            "address": project.address or "（见项目备案信息）",
        }

    def story(self) -> list[Flowable]:
        make: dict[Kind, Callable[[], list[Flowable]]] = {
            Kind.FORM: self._form,
            Kind.CERTIFICATE: self._certificate,
            Kind.CONTRACT: self._contract,
            Kind.REPORT: self._report,
            Kind.DRAWING: self._drawing,
            Kind.LETTER: self._letter,
        }
        return make[self.paper.kind]()

    def _text(self, text: str, style: ParagraphStyle = _BODY) -> Paragraph:
        return Paragraph(escape(text.format(**self.values)), style)

    def _table(self, rows: list[tuple[str, str]], widths: tuple[float, float] = (42 * mm, 118 * mm)) -> Table:
        cells = [[self._text(label, _CELL), self._text(value, _CELL)] for label, value in rows]
        grid = [("GRID", (0, 0), (-1, -1), 0.6, _LINE), ("BACKGROUND", (0, 0), (0, -1), _PALE)]
        return Table(cells, colWidths=widths, style=[*grid, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])

    def _identity(self) -> list[tuple[str, str]]:
        return [("单位名称", "{enterprise}"), ("统一社会信用代码", "{uscc}")]

    def _about(self) -> list[tuple[str, str]]:
        return [*self._identity(), ("项目名称", "{project}"), ("项目代码", "{code}"), ("建设地点", "{address}")]

    def _signature(self) -> list[Flowable]:
        author = self.paper.author or "{enterprise}"
        return [Spacer(1, 8 * mm), self._text(f"{author}（盖章）", _RIGHT), self._text(_DATE, _RIGHT), _Seal()]

    def _clauses(self) -> list[Flowable]:
        return [self._text(f"第{'一二三四五六七八九'[i]}条　{line}") for i, line in enumerate(self.paper.body)]

    def _form(self) -> list[Flowable]:
        rows = self._table([*self._about(), *self.paper.fields])
        statement = [self._text(line) for line in self.paper.body]
        return [self._text(self.title, _TITLE), rows, Spacer(1, 6 * mm), *statement, *self._signature()]

    def _certificate(self) -> list[Flowable]:
        about = [("项目名称", "{project}")] if self.paper.names_project else []
        rows = [(self.paper.role, "{enterprise}"), ("统一社会信用代码", "{uscc}"), *about, *self.paper.fields]
        cells = [[self._text(label, _CELL), self._text(value, _CELL)] for label, value in rows]
        table = Table(cells, colWidths=(42 * mm, 110 * mm), style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
        body = [self._text(line) for line in self.paper.body]
        return [Spacer(1, 20 * mm), self._text(self.title, _COVER), table, Spacer(1, 6 * mm), *body, *self._signature()]

    def _contract(self) -> list[Flowable]:
        (first, first_name), (second, second_name) = self.paper.fields
        return [
            self._text(self.title, _TITLE),
            self._table([*self._about(), *self.paper.fields]),
            Spacer(1, 6 * mm),
            self._text("双方依照有关法律、法规，在平等、自愿的基础上订立本合同。"),
            *self._clauses(),
            PageBreak(),
            self._text("本合同自双方盖章之日起生效，一式四份，双方各执两份。"),
            Spacer(1, 10 * mm),
            self._text(f"{first}（盖章）：{first_name}", _RIGHT),
            _Seal(),
            self._text(f"{second}（盖章）：{second_name}", _RIGHT),
            _Seal(),
            self._text(f"签订日期：{_DATE}", _RIGHT),
        ]

    def _report(self) -> list[Flowable]:
        author = self.paper.author or "{enterprise}"
        return [
            Spacer(1, 35 * mm),
            self._text("{project}", _TITLE),
            self._text(self.title, _COVER),
            Spacer(1, 15 * mm),
            self._table([("建设单位", "{enterprise}"), ("统一社会信用代码", "{uscc}"), ("编制单位", author)]),
            Spacer(1, 10 * mm),
            self._text(_DATE, _style("date", 13, alignment=TA_CENTER)),
            PageBreak(),
            self._text(self.title, _TITLE),
            *[self._text(f"{number}　{line}") for number, line in enumerate(self.paper.body, start=1)],
            Spacer(1, 6 * mm),
            self._text("编制单位对本文件的内容和结论负责。"),
            *self._signature(),
        ]

    def _drawing(self) -> list[Flowable]:
        figure_title, number = self.paper.body
        block = [
            [
                self._text(text, _SMALL)
                for text in ("设计单位", self.paper.author or "{enterprise}", "图名", figure_title)
            ],
            [self._text(text, _SMALL) for text in ("建设单位", "{enterprise}", "图号", number)],
            [self._text(text, _SMALL) for text in ("统一社会信用代码", "{uscc}", "项目名称", "{project}")],
        ]
        widths = (32 * mm, 98 * mm, 22 * mm, 98 * mm)
        grid = [("GRID", (0, 0), (-1, -1), 0.6, _LINE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        heading = self._text(self.title, _style("sheet", 14, alignment=TA_CENTER, spaceAfter=2 * mm))
        return [
            heading,
            Drawing(self.paper.figure, 250 * mm, 118 * mm, FONT),
            Table(block, colWidths=widths, style=grid),
        ]

    def _letter(self) -> list[Flowable]:
        paragraphs = [self._text(line) for line in self.paper.body]
        rows = self._table(self._identity())
        return [self._text(self.title, _TITLE), rows, Spacer(1, 6 * mm), *paragraphs, *self._signature()]


def pdf(title: str, paper: Paper, enterprise: Enterprise, project: Project, mark: str | None = None) -> bytes:
    """The paper as a PDF of one or two pages. `mark` is written across every page."""
    size = landscape(A4) if paper.kind is Kind.DRAWING else A4
    width, height = size

    def around(canvas: Canvas, _: BaseDocTemplate) -> None:
        if paper.kind in (Kind.CERTIFICATE, Kind.DRAWING):
            canvas.setStrokeColor(_GOLD if paper.kind is Kind.CERTIFICATE else _GREY)
            for inset, line in ((12 * mm, 2.0), (14 * mm, 0.6)):
                canvas.setLineWidth(line)
                canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
        if mark:
            canvas.saveState()
            canvas.setFillColor(HexColor("#eceff1"))
            canvas.setFont(FONT, 80)
            canvas.translate(width / 2, height / 2)
            canvas.rotate(35)
            canvas.drawCentredString(0, -30, mark)
            canvas.restoreState()
        canvas.setFillColor(_GREY)
        canvas.setFont(FONT, 8)
        canvas.drawCentredString(width / 2, 7 * mm, _LEGAL_EFFECT)

    target = io.BytesIO()
    document = BaseDocTemplate(target, pagesize=size, title=title, author="Kaigong", invariant=1, pageCompression=0)
    frame = Frame(22 * mm, 16 * mm, width - 44 * mm, height - 34 * mm, id="page")
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=around))
    document.build(_Sheet(title, paper, enterprise, project).story())
    return target.getvalue()
