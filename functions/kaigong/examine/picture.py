"""What readers of pictures share: their errors, their bounds, and whether a picture shows anything."""

from collections.abc import Iterator
from typing import Any

from PIL import Image

from kaigong.domain.model.features import Limit

from .child import Emit
from .limits import MB, Limits, OverLimit, Unreadable

_EVEN = 12  # of 255: brightness that differs by less over the whole picture is an empty sheet
_OF_DEEP = 5  # bytes a pixel of 16 or 32 bits, with what it becomes in 8


class Broken(Unreadable):
    """The picture's own data are not those of a whole picture."""

    def __init__(self, *, truncated: bool) -> None:
        super().__init__()
        self.truncated = truncated


def measured(size: tuple[int, int], emit: Emit, limits: Limits) -> None:
    """Report a picture of one page. Raises OverLimit for one with more pixels than are looked at."""
    width, height = size
    emit(width=width, height=height, pages=1)
    if width * height > limits.pixels:
        raise OverLimit(Limit.PIXELS)


def decoded(image: Any) -> int:
    """Bytes that it takes in memory: an estimate from what it says of itself."""
    pixels: int = image.size[0] * image.size[1]
    return pixels * (_OF_DEEP if _is_deep(image) else max(1, len(image.getbands())))


def is_even(image: Any) -> bool | None:
    """Whether the picture is of one brightness, on white paper where it lets something through; None where that cannot
    be said, which is nothing against it. Raises what Pillow raises where the picture does not decode.
    """
    image.load()
    try:
        return _is_even(image)
    except MemoryError:
        raise
    except Exception:  # Pillow knows modes that it turns into no other one
        return None


def _is_even(image: Any) -> bool:
    image = image.getchannel("L") if image.mode == "LAB" else in_8_bits(image)  # lightness; its A is no alpha
    small = image.reduce(2) if image.size[0] * image.size[1] > MB and image.mode not in ("1", "P") else image
    if "A" in small.getbands() or "transparency" in small.info:
        seen = small.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    low, high = small.convert("L").getextrema()
    return bool(high - low < _EVEN)


def in_8_bits(image: Any) -> Any:
    """A grey picture of 16 or 32 bits a pixel in 8, by its own brightest: which of their bits scanners use differs, and
    the usual conversion cuts off what is above 255. Another picture as it is.
    """
    if not _is_deep(image):
        return image
    lows, highs = zip(*(strip.getextrema() for _, strip in _strips(image)), strict=True)
    low, high = min(0, *lows), max(highs)
    scale = 255 / (high - low) if high > low else 1
    grey = Image.new("L", image.size)
    for top, strip in _strips(image):
        grey.paste(strip.point(lambda value: value * scale - low * scale).convert("L"), (0, top))
    return grey


def _is_deep(image: Any) -> bool:
    return bool(image.mode.startswith(("I", "F")))


def _strips(image: Any) -> Iterator[tuple[int, Any]]:
    """A deep picture from top to bottom in modes that can be scaled, each strip with where it begins: all of it so
    would take twice its memory.
    """
    width, height = image.size
    step = max(1, MB // width)
    for top in range(0, height, step):
        strip = image.crop((0, top, width, min(top + step, height)))
        yield top, strip if image.mode == "F" else strip.convert("I")
