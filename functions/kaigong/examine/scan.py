"""What scanners write beside JPEG and PNG: TIFF of many pages, and WebP.

Memory is bounded as in `image`: what would not fit is not decoded. Then its parts must at least lie within the file.
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - loaded before the fork

from kaigong.domain.model.features import Found, Limit, Opens

from .child import Emit
from .limits import MB, Limits, OverLimit
from .picture import Broken, decoded, is_even, measured
from .places import Places

_PAGES = 500  # choice: of one TIFF
TIFF_DECODED = 24 * MB  # a larger TIFF is not decoded: it would have to be fetched whole
_COPIED = 512 * MB  # bytes that decoding its pages may copy and make: each page reads the file anew
_NOT_A_PAGE = 0b101  # a smaller copy of a page, or its mask (TIFF 6.0, NewSubfileType)
_SUBFILE, _STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 254, 273, 279, 324, 325
_WEBP_COPIES = 8  # bytes a pixel: its decoder keeps two canvases of four


def pages_of(image: Any) -> Iterator[int]:
    """The frames of a TIFF that are pages, each as it is come to. Raises OverLimit for too many."""
    for frame in range(_PAGES + 1):
        try:
            image.seek(frame)
        except EOFError:
            return
        if frame == _PAGES:
            raise OverLimit(Limit.PAGES)
        if not image.tag_v2.get(_SUBFILE, 0) & _NOT_A_PAGE:
            yield frame


def tiff(stream: BinaryIO, emit: Emit, limits: Limits) -> None:
    """Report size and pages, which are blank and which do not decode. Raises Broken, and what Pillow raises."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    with Image.open(stream, formats=["TIFF"]) as opened:
        image: Any = opened
        frames = []
        for frame in pages_of(image):
            if not _lies_within(image.tag_v2, size):
                raise Broken(truncated=True)
            frames.append((frame, image.size))
    if not frames:
        raise Broken(truncated=False)
    small, (width, height) = min(enumerate((s for _, s in frames), 1), key=lambda page: min(page[1]))
    emit(width=width, height=height, pages=len(frames))
    places = Places(emit)
    places.note(Found.SMALL_PAGES, small)
    if max(w * h for _, (w, h) in frames) > limits.pixels:
        raise OverLimit(Limit.PIXELS)
    if size > TIFF_DECODED:
        emit(opens=Opens.YES, limits=[Limit.BYTES])
        return
    stream.seek(0)
    _look_at(io.BytesIO(stream.read()), size, [frame for frame, _ in frames], emit, places, limits)


def _lies_within(tags: Any, size: int) -> bool:
    """Whether the parts of a page lie within the file."""
    offsets, sizes = tags.get(_STRIPS) or tags.get(_TILES), tags.get(_STRIP_SIZES) or tags.get(_TILE_SIZES)
    if not offsets or not sizes or len(offsets) != len(sizes):
        return bool(offsets)
    return max(map(sum, zip(offsets, sizes, strict=True))) <= size


def _look_at(whole: BinaryIO, size: int, frames: list[int], emit: Emit, places: Places, limits: Limits) -> None:
    blank = broken = looked = spent = 0
    with Image.open(whole, formats=["TIFF"]) as image:
        for number, frame in enumerate(frames, 1):
            image.seek(frame)
            made = decoded(image)
            spent += size + made
            if spent > _COPIED:
                emit(limits=[Limit.BYTES])
                break
            if made > limits.decoded_picture:
                continue
            try:
                even = is_even(image)
            except MemoryError:
                raise
            except Exception:  # libtiff's and Pillow's errors on broken data are of every kind
                broken += 1
                looked += 1
                places.note(Found.UNREADABLE_PAGES, number)
                continue
            looked += even is not None
            if even:
                blank += 1
                places.note(Found.BLANK_PAGES, number)
    if broken == len(frames):
        raise Broken(truncated=False)
    if broken:
        emit(damaged=True, unreadable_pages=broken)
    emit(opens=Opens.YES)
    if looked == len(frames):
        emit(blank_pages=blank, all_pages_blank=blank == len(frames))


def webp(stream: BinaryIO, emit: Emit, limits: Limits) -> bool | None:
    """Whether it is blank; None where that was not looked at. Raises Broken, and what Pillow raises."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(8)
    if int.from_bytes(head[4:], "little") + 8 > size:
        raise Broken(truncated=True)
    stream.seek(0)
    with Image.open(stream, formats=["WEBP"]) as image:
        measured(image.size, emit, limits)
        if image.size[0] * image.size[1] * _WEBP_COPIES > limits.decoded_picture:
            return None
        return is_even(image)
