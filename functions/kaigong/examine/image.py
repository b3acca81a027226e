"""A scan as JPEG or PNG, by Pillow, in a limited child."""

import os
from typing import BinaryIO

from PIL import Image, JpegImagePlugin, PngImagePlugin  # noqa: F401 - the two formats, loaded before the fork

from kaigong.domain.model.facts import Kind, Limit, Opens

from .child import Emit
from .limits import Limits

_EVEN = 12  # of 255: brightness that differs by less over the whole picture is an empty sheet


def read_image(stream: BinaryIO, emit: Emit, kind: Kind, limits: Limits) -> None:
    """Report the picture's size, whether it decodes to its end, and whether it shows anything."""
    Image.MAX_IMAGE_PIXELS = None  # the bound below comes before any decoding
    name = kind.value.upper()
    try:
        with Image.open(stream, formats=[name]) as image:
            width, height = image.size
            emit(width=width, height=height, pages=1)
            if width * height > limits.pixels:
                emit(limits=[Limit.PIXELS])
                return
            if kind is Kind.PNG:
                image.verify()
        if kind is Kind.PNG and width * height > limits.decode_pixels:
            emit(opens=Opens.YES)
            return
        stream.seek(0)
        with Image.open(stream, formats=[name]) as image:
            image.draft("L", (max(1, width // 8), max(1, height // 8)))  # JPEG: an eighth of the size, all of the data
            image.load()
            shades = image.convert("L").histogram()
        used = [shade for shade, count in enumerate(shades) if count]
        blank = used[-1] - used[0] < _EVEN
        emit(opens=Opens.YES, all_pages_blank=blank, blank_pages=int(blank))
    except MemoryError:
        raise
    except Exception:  # Pillow's plugins raise OSError, SyntaxError, ValueError, struct.error and more on broken files
        emit(opens=Opens.NO, damaged=True, truncated=not _has_end(stream, kind))


def _has_end(stream: BinaryIO, kind: Kind) -> bool:
    """Whether the mark that ends such a picture is there. Cameras append data of their own to a JPEG."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 65536))
    return (b"\xff\xd9" if kind is Kind.JPEG else b"IEND") in stream.read(65536)
