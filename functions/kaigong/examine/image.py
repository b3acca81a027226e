"""A scan or photo, by Pillow, in a limited child: JPEG and PNG here, what scanners and telephones write in `scan`.

What is bounded is memory, not the picture: a drawing of A0 at 300 dpi has 140 million pixels, a telephone's photo 108.
"""

import io
import os
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from PIL import (
    Image,
    ImageFile,
    JpegImagePlugin,  # noqa: F401 - the two formats, loaded before the fork
    MpoImagePlugin,  # noqa: F401 - likewise: a JPEG of several pictures, as drones and many telephones write it
    PngImagePlugin,  # noqa: F401 - likewise
)

from kaigong.domain.model.features import Kind, Opens

from . import scan
from .child import Emit
from .limits import Limits, OverLimit
from .picture import Broken, is_even, measured

Image.preinit()  # the plugins that Pillow looks through whatever it is told to open

_EIGHTH = 8  # JPEG decodes at an eighth of the size, from all of its data
_MISSING = 128  # what a JPEG's lines decode to that are not there
_END_OF_IMAGE = b"\xff\xd9"
_SHOWN = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # the parts of a PNG that make its picture
_MUST_HOLD = (b"IHDR", b"PLTE", b"IDAT")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by a PNG's colour type
_INFLATED_AT_ONCE = 1024 * 1024


def read_image(stream: BinaryIO, emit: Emit, limits: Limits, kind: str) -> None:
    """Report the picture's size, whether it decodes to its end, and whether it shows anything."""
    Image.MAX_IMAGE_PIXELS = None  # the bounds below come before any decoding
    warnings.simplefilter("ignore")  # Pillow's, about what it passes over
    try:
        reader = _heic if kind == Kind.HEIC else _READERS[Kind(kind)]
        blank = reader(stream, emit, limits)
    except MemoryError:
        raise
    except Broken as broken:
        emit(opens=Opens.NO, damaged=True, truncated=broken.truncated)
    except OverLimit as over:
        emit(limits=[over.limit])
    except Exception:  # Pillow's plugins raise OSError, SyntaxError, ValueError, struct.error and more on broken files
        emit(opens=Opens.NO, damaged=True, truncated=kind == Kind.JPEG and not _has_end(stream))
    else:
        emit(opens=Opens.YES)
        if blank is not None:
            emit(all_pages_blank=blank, blank_pages=int(blank))


def _jpeg(stream: BinaryIO, emit: Emit, limits: Limits) -> bool | None:
    """Whether it is blank; None where that was not looked at. Raises Broken, and what Pillow raises.

    Cameras that lose power leave the two bytes of the end away: where all lines are there, that is no loss.
    """
    with Image.open(stream, formats=["JPEG"]) as image:
        measured(image.size, emit, limits)
        progressive = bool(image.info.get("progressive"))
        ended = _has_end(stream)
        if progressive and image.size[0] * image.size[1] * 3 > limits.decoded_picture:
            if not ended:
                raise Broken(truncated=True)
            return None  # it has to be decoded whole: its end and its start are there
    stream.seek(0)
    whole = stream if ended or not progressive else io.BytesIO(stream.read() + _END_OF_IMAGE)
    with Image.open(whole, formats=["JPEG"]) as image:
        image.draft("L", (max(1, image.size[0] // _EIGHTH), max(1, image.size[1] // _EIGHTH)))
        if ended or progressive:
            image.load()
        else:
            _load_what_is_there(image)
        return is_even(image)


def _load_what_is_there(image: Image.Image) -> None:
    """Decode a picture without its end. Raises Broken where lines are missing: they come out as an even grey."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # the child reads one picture and ends
    image.load()
    width, height = image.size
    if image.convert("L").crop((0, height - 1, width, height)).getextrema() == (_MISSING, _MISSING):
        raise Broken(truncated=True)


def _has_end(stream: BinaryIO) -> bool:
    """Whether the mark that ends a JPEG is there. Cameras append data of their own."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 65536))
    return _END_OF_IMAGE in stream.read(65536)


def _png(stream: BinaryIO, emit: Emit, limits: Limits) -> bool | None:
    """Whether it is blank; None where that was not looked at. Raises Broken, and what Pillow raises.

    Only the parts that make the picture are looked at: what a scanner wrote beside them, nobody sees.
    """
    kept = io.BytesIO()
    kept.write(stream.read(8))
    lines = decodes = None
    for name, data, holds in _parts(stream):
        if name in _MUST_HOLD and not holds:
            raise Broken(truncated=False)
        if name == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack("!IIBBBBB", data)
            measured((width, height), emit, limits)
            if not interlaced:
                lines = _Lines(height * (1 + (width * depth * _CHANNELS.get(colour, 4) + 7) // 8))
            pixel = 1 if depth <= 8 and colour in (0, 3) else 4
            decodes = width * height * pixel <= limits.decoded_picture
        if name == b"IDAT" and lines:
            lines.take(data)
        if name in _SHOWN:
            kept.write(struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data)))
    if decodes is None:  # it does not say how large it is
        raise Broken(truncated=False)
    if lines and not lines.complete:
        raise Broken(truncated=True)
    if not decodes:
        return None  # its checksums hold and every line is there
    kept.seek(0)
    with Image.open(kept, formats=["PNG"]) as image:
        image.load()
        return is_even(image)


def _parts(stream: BinaryIO) -> Iterator[tuple[bytes, bytes, bool]]:
    """The parts of a PNG: name, data, and whether the checksum holds. Raises Broken where one is cut off."""
    while True:
        head = stream.read(8)
        if len(head) < 8:
            raise Broken(truncated=True)
        length, name = struct.unpack("!I4s", head)
        body = stream.read(length + 4)
        if len(body) < length + 4:
            raise Broken(truncated=True)
        data = body[:length]
        yield name, data, zlib.crc32(name + data) == struct.unpack("!I", body[length:])[0]
        if name == b"IEND":
            return


class _Lines:
    """Counts what the picture's data inflate to, and keeps none of it."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._inflater = zlib.decompressobj()
        self._got = 0

    def take(self, data: bytes) -> None:
        try:
            while data and not self._inflater.eof:
                self._got += len(self._inflater.decompress(data, _INFLATED_AT_ONCE))
                data = self._inflater.unconsumed_tail
        except zlib.error as error:
            raise Broken(truncated=False) from error

    @property
    def complete(self) -> bool:
        return self._got >= self._wanted


def _heic(stream: BinaryIO, emit: Emit, limits: Limits) -> bool | None:
    from .heic import heic  # what few files need; the parent has loaded it

    return heic(stream, emit, limits)


_READERS = {
    Kind.JPEG: _jpeg,
    Kind.PNG: _png,
    Kind.TIFF: scan.tiff,
    Kind.WEBP: scan.webp,
}
