"""Ordinary papers, made with the usual libraries."""

import io
from collections.abc import Sequence

import pikepdf
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def paper(*pages: Sequence[str]) -> bytes:
    """A PDF with these lines of Chinese text on each page."""
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=(595, 842))
    for lines in pages:
        drawing.setFont("STSong-Light", 12)
        for row, line in enumerate(lines):
            drawing.drawString(72, 760 - 20 * row, line)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


def protected(pdf: bytes, *, user: str = "", owner: str = "owner") -> bytes:
    """The same PDF with a user password, an owner password, or both."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def linearized(pdf: bytes) -> bytes:
    """The same PDF, laid out for the web: with two cross-reference sections from the start."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, linearize=True)
    return out.getvalue()


def picture(format_: str, width: int = 1240, height: int = 1754, *, blank: bool = False) -> bytes:
    """A scan as JPEG or PNG: lines on white, or an empty sheet."""
    image = Image.new("RGB", (width, height), "white")
    if not blank:
        draw = ImageDraw.Draw(image)
        for row in range(0, height, 40):
            draw.line((100, row, width - 100, row), fill="black", width=8)
    out = io.BytesIO()
    image.save(out, format_)
    return out.getvalue()
