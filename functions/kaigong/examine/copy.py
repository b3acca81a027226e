"""A copy of a TIFF or HEIC for browsers, which cannot draw these: a JPEG, or a PDF of its pages, in a limited child.

It is to look at: smaller than what was uploaded, which stays the paper. Where the bounds do not suffice there is none.
"""

import io
import warnings
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, Literal

import pikepdf
from PIL import Image

from kaigong.domain.model.facts import Facts, Kind

from .child import Emit, run_limited
from .heic import heic_fits
from .limits import MB, Limits
from .scan import TIFF_DECODED, pages_of
from .source import Blocks, RangeSource

CopyKind = Literal["jpeg", "pdf"]

_SIDE = 2200  # pixels of the longer side; choice: an A4 sheet then has 190 dpi
_QUALITY = 72
_PAGES = 40  # choice
_LARGEST = 10 * MB
_POINTS = 842  # length of an A4 sheet, of a PDF's page
_WEB = {"1": "L", "L": "L", "I;16": "L"}  # every other mode becomes RGB


def drawn(source: RangeSource, facts: Facts, limits: Limits) -> tuple[CopyKind, bytes] | None:
    """The copy and what it is; None: it does not fit the bounds. Raises only what `source.read` raises."""
    limits = replace(limits, cpu=8, wall=15.0, answer=2 * _LARGEST, threads=facts.kind is Kind.HEIC)
    if facts.kind is Kind.TIFF and (source.size > TIFF_DECODED or (facts.pages or 0) > _PAGES):
        return None
    kind: CopyKind = "jpeg" if facts.kind is Kind.HEIC else "pdf"
    outcome = run_limited(partial(_draw, kind=kind, limits=limits), Blocks(source, limits), limits)
    said = outcome.facts.get("copy")
    if outcome.limit is not None or not isinstance(said, str):
        return None
    with suppress(NotBase64):
        return kind, b64decode(said, validate=True)
    return None


def _draw(stream: BinaryIO, emit: Emit, kind: CopyKind, limits: Limits) -> None:
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    try:
        made = _photo(stream) if kind == "jpeg" else _pages(io.BytesIO(stream.read()), limits)
    except MemoryError:
        raise
    except Exception:  # whatever a file makes the readers raise: then there is no copy
        return
    if made and len(made) <= _LARGEST:
        emit(copy=b64encode(made).decode())


def _photo(stream: BinaryIO) -> bytes | None:
    with Image.open(stream, formats=["HEIF"]) as image:
        return _jpeg(image)[0] if heic_fits(image.size) else None


def _pages(whole: BinaryIO, limits: Limits) -> bytes | None:
    out = io.BytesIO()
    with Image.open(whole, formats=["TIFF"]) as image, pikepdf.new() as pdf:
        for _ in pages_of(image):
            if image.size[0] * image.size[1] * max(1, len(image.getbands())) > limits.decoded_picture:
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
