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
from .scan import TIFF_DECODED, pages_of
from .sheets import pages_of_ofd

_SIDE = 2200  # pixels of the longer side; choice: an A4 sheet then has 190 dpi
_QUALITY = 72
_PAGES = 40  # choice
_POINTS = 842  # length of an A4 sheet, of a PDF's page
_WEB = {"1": "L", "L": "L", "I;16": "L"}  # every other mode becomes RGB


def warm_up() -> None:
    """Have what reads and writes pictures loaded: a child could not."""
    Image.preinit()
    Image.new("RGB", (8, 8)).save(io.BytesIO(), "JPEG")


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
        return _jpeg(image)[0] if heic_fits(image.size) else None


def _pages(stream: BinaryIO, limits: Limits) -> bytes | None:
    if stream.seek(0, io.SEEK_END) > TIFF_DECODED:
        return None
    stream.seek(0)
    whole, out = io.BytesIO(stream.read()), io.BytesIO()
    with Image.open(whole, formats=["TIFF"]) as image, pikepdf.new() as pdf:
        for _ in pages_of(image):
            large = image.size[0] * image.size[1] * max(1, len(image.getbands())) > limits.decoded_picture
            if large or len(pdf.pages) == _PAGES:
                return None
            _add_page(pdf, *_jpeg(image))
        pdf.save(out)
    return out.getvalue()


def _jpeg(image: Any) -> tuple[bytes, tuple[int, int], str]:
    """A picture small enough to look at, with its size and mode."""
    small = image.convert(_WEB.get(image.mode, "RGB"))
    small = small.reduce(-(-max(small.size) // _SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), small.size, small.mode


def _add_page(pdf: Any, jpeg: bytes, size: tuple[int, int], mode: str) -> None:
    width, height = (side * _POINTS / max(size) for side in size)
    picture = pikepdf.Stream(
        pdf,
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=pikepdf.Name.DeviceGray if mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=(width, height))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=picture))
    page.Contents = pdf.make_stream(f"{width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do".encode())


_DRAWN_BY = {Kind.HEIC: _photo, Kind.TIFF: _pages, Kind.OFD: pages_of_ofd}
