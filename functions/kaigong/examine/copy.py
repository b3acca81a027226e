"""A copy of a TIFF, HEIC or OFD for browsers, which cannot draw these: a JPEG, or a PDF of pages, in a limited child.

It is to look at: smaller than what was uploaded, which stays the paper. Where the bounds do not suffice there is none.
"""

import io
import warnings
from base64 import b64encode
from typing import Any, BinaryIO

import pikepdf
from PIL import Image

from kaigong.domain.model.features import Kind

from .child import Emit
from .heic import heic_fits
from .limits import Limits
from .picture import in_8_bits
from .raster import MOST_PAGES, drawable, jpeg, reduced, too_large
from .scan import TIFF_DECODED, pages_of
from .sheets import pages_of_ofd

_POINTS = 842  # length of an A4 sheet, of a PDF's page
_WEB = {"1": "L", "L": "L"}  # every other mode becomes RGB


def warm_up() -> None:
    """Have what reads and writes pictures loaded: a child could not."""
    Image.preinit()
    Image.new("LAB", (8, 8)).convert("RGB").save(io.BytesIO(), "JPEG")  # the profiles of colours, too


def draw(stream: BinaryIO, emit: Emit, limits: Limits, kind: str) -> None:
    """Report the copy, in base 64; nothing where there is none."""
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    try:
        made = _DRAWN_BY[Kind(kind)](stream, limits)
    except MemoryError:
        raise
    except Exception:  # whatever a file makes the readers raise: then there is no copy
        return
    if made and len(made) <= limits.copy:
        emit(copy=b64encode(made).decode())


def _photo(stream: BinaryIO, _: Limits) -> bytes | None:
    with Image.open(stream, formats=["HEIF"]) as image:
        return jpeg(_small(image)) if heic_fits(image.size) else None


def _pages(stream: BinaryIO, limits: Limits) -> bytes | None:
    if stream.seek(0, io.SEEK_END) > TIFF_DECODED:
        return None
    stream.seek(0)
    whole, out = io.BytesIO(stream.read()), io.BytesIO()
    with Image.open(whole, formats=["TIFF"]) as image, pikepdf.new() as pdf:
        for _ in pages_of(image):
            if too_large(image, limits) or len(pdf.pages) == MOST_PAGES:
                return None
            _add_page(pdf, _small(image))
        pdf.save(out)
    return out.getvalue()


def _small(image: Any) -> Any:
    shown = in_8_bits(image)
    return reduced(shown.convert(_WEB.get(shown.mode, "RGB")))


def _add_page(pdf: Any, image: Any) -> None:
    width, height = (side * _POINTS / max(image.size) for side in image.size)
    page = pdf.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=drawable(pdf, image, photo=True)))
    page.Contents = pdf.make_stream(f"{width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do".encode())


_DRAWN_BY = {Kind.HEIC: _photo, Kind.TIFF: _pages, Kind.OFD: pages_of_ofd}
