"""Pictures as copies for browsers have them: small enough to look at, and as a PDF draws them."""

import io
import zlib
from typing import Any

from pikepdf import Name, Stream

from .limits import Limits
from .picture import decoded

MOST_PAGES = 40  # choice: of one copy
_SIDE = 2200  # pixels of the longer side; choice: an A4 sheet then has 190 dpi
_QUALITY = 72
_SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}


def too_large(image: Any, limits: Limits) -> bool:
    """Whether it would take more memory, decoded, than there is for one."""
    return decoded(image) > limits.decoded_picture


def reduced(image: Any) -> Any:
    """By a whole number, so that it is small enough."""
    return image.reduce(-(-max(image.size) // _SIDE))


def jpeg(image: Any) -> bytes:
    """`image`: grey or in colours, as JPEG has them."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def drawable(pdf: Any, image: Any, *, photo: bool) -> Any:
    """A grey or coloured picture as an object of a PDF: a `photo` as JPEG, another pixel by pixel."""
    return pdf.make_indirect(
        Stream(
            pdf,
            jpeg(image) if photo else zlib.compress(image.tobytes()),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.size[0],
            Height=image.size[1],
            ColorSpace=_SPACES[image.mode],
            BitsPerComponent=8,
            Filter=Name.DCTDecode if photo else Name.FlateDecode,
        )
    )
