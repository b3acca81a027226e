"""Line drawings for the sample sheets: a site, a floor, a pipe network. Nothing is to scale."""

from enum import StrEnum

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

_INK = HexColor("#26323a")
_RED = HexColor("#b3261e")
_GREEN = HexColor("#4c7a4f")
_BLUE = HexColor("#1f5f8b")
_WALL = HexColor("#dfe5e8")


class Figure(StrEnum):
    """Which drawing a sheet shows."""

    SITE = "site"
    FLOOR = "floor"
    NETWORK = "network"


class Drawing(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """One figure, as a block of `width` by `height` points."""

    def __init__(self, figure: Figure, width: float, height: float, font: str) -> None:
        super().__init__()
        self.figure, self.width, self.height, self.font = figure, width, height, font

    def draw(self) -> None:
        pen = _Pen(self.canv, self.width, self.height, self.font)
        {Figure.SITE: pen.site, Figure.FLOOR: pen.floor, Figure.NETWORK: pen.network}[self.figure]()


class _Pen:
    """Draws in hundredths of the block's width and height."""

    def __init__(self, canvas: Canvas, width: float, height: float, font: str) -> None:
        self.canvas, self.dx, self.dy, self.font = canvas, width / 100, height / 100, font

    def box(self, x: float, y: float, w: float, h: float, line: Color = _INK, fill: Color | None = None) -> None:
        self.canvas.setStrokeColor(line)
        if fill:
            self.canvas.setFillColor(fill)
        self.canvas.rect(x * self.dx, y * self.dy, w * self.dx, h * self.dy, fill=int(fill is not None))

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Color = _INK) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.line(x1 * self.dx, y1 * self.dy, x2 * self.dx, y2 * self.dy)

    def dot(self, x: float, y: float, radius: float, line: Color = _INK, fill: Color | None = None) -> None:
        self.canvas.setStrokeColor(line)
        if fill:
            self.canvas.setFillColor(fill)
        self.canvas.circle(x * self.dx, y * self.dy, radius, fill=int(fill is not None))

    def label(self, x: float, y: float, text: str, colour: Color = _INK, size: float = 9) -> None:
        self.canvas.setFillColor(colour)
        self.canvas.setFont(self.font, size)
        self.canvas.drawCentredString(x * self.dx, y * self.dy, text)

    def site(self) -> None:
        self._boundary()
        for x, y, w, h, name in (
            (14, 48, 34, 30, "一号车间"),
            (54, 48, 30, 30, "二号车间"),
            (14, 18, 22, 18, "研发楼"),
            (44, 18, 18, 18, "仓库"),
            (68, 18, 16, 18, "动力站"),
        ):
            self.box(x, y, w, h, fill=_WALL)
            self.label(x + w / 2, y + h / 2 - 1, name)
        for x in range(12, 90, 6):
            self.dot(x, 88, 4, _GREEN)
        self.label(50, 2, "城 市 道 路")
        self.line(0, 6, 100, 6)
        self.line(0, 0, 100, 0)
        self._north()

    def floor(self) -> None:
        self.canvas.setLineWidth(2)
        self.box(12, 14, 72, 68)
        self.canvas.setLineWidth(0.6)
        for number, x in enumerate(range(12, 90, 12), start=1):
            self.canvas.setDash(6, 3)
            self.line(x, 10, x, 88, _BLUE)
            self.canvas.setDash()
            self.dot(x, 93, 8, _BLUE)
            self.label(x, 92, str(number), _BLUE, 8)
        for letter, y in zip("ABCD", (14, 36, 59, 82), strict=True):
            self.canvas.setDash(6, 3)
            self.line(8, y, 88, y, _BLUE)
            self.canvas.setDash()
            self.dot(5, y, 8, _BLUE)
            self.label(5, y - 0.8, letter, _BLUE, 8)
            for x in range(12, 90, 12):
                self.box(x - 0.6, y - 0.9, 1.2, 1.8, fill=_INK)
        self.line(48, 14, 48, 82)
        for x, y, name in ((30, 48, "发酵区"), (66, 48, "提取干燥区"), (66, 24, "包装区"), (30, 24, "备料区")):
            self.label(x, y, name)
        self.label(48, 5, "安全出口", _RED)

    def network(self) -> None:
        self._boundary()
        for y, colour, name in ((66, _BLUE, "雨水管 DN600"), (40, _RED, "污水管 DN400")):
            self.canvas.setLineWidth(1.6)
            self.line(14, y, 94, y, colour)
            for number, x in enumerate(range(18, 90, 12), start=1):
                self.canvas.setLineWidth(0.8)
                self.line(x, y, x, y + 12, colour)
                self.dot(x, y, 4, colour, HexColor("#ffffff"))
                self.label(x, y - 5, f"{'Y' if colour is _BLUE else 'W'}{number}", colour, 7)
            self.label(50, y + 15, name, colour)
        self.label(95, 52, "接市政管网")
        self._north()

    def _boundary(self) -> None:
        self.canvas.setLineWidth(1.4)
        self.canvas.setDash(10, 3)
        self.box(8, 11, 82, 83, _RED)
        self.canvas.setDash()
        self.canvas.setLineWidth(0.8)
        self.label(16, 95.5, "用地红线", _RED, 8)

    def _north(self) -> None:
        self.line(96, 80, 96, 94)
        self.line(96, 94, 95, 89)
        self.line(96, 94, 97, 89)
        self.label(96, 95.5, "北", size=10)
