"""The photos of iPhones, by libheif, in a limited child. Import this before the fork; it takes a tenth of a second."""

import io
from typing import BinaryIO

import pi_heif
from PIL import Image

from .child import Emit
from .limits import MB, Limits
from .picture import Broken, is_even, measured

_COPIES = 8  # bytes a pixel while it is decoded: brightness and colours apart, and twice as RGB
_DECODED = 224 * MB  # 28 million pixels; what telephones make by default has 24

pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


def heic(stream: BinaryIO, emit: Emit, limits: Limits) -> bool | None:
    """Whether it is blank; None where that was not looked at. Raises Broken, and what Pillow raises."""
    size = stream.seek(0, io.SEEK_END)
    if not _boxes_lie_within(stream, size):
        raise Broken(truncated=True)
    stream.seek(0)
    with Image.open(stream, formats=["HEIF"]) as image:
        measured(image.size, emit, limits)
        return is_even(image) if heic_fits(image.size) else None


def heic_fits(size: tuple[int, int]) -> bool:
    """Whether a photo of this size is decoded."""
    width, height = size
    return width * height * _COPIES <= _DECODED


def _boxes_lie_within(stream: BinaryIO, size: int) -> bool:
    """Whether the boxes at the top of the file end within it (ISO 14496-12, 4.2)."""
    at = 0
    while at < size:
        stream.seek(at)
        head = stream.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:  # up to the end
            return True
        if length < 8:
            return False
        at += length
    return at == size
