"""What readers of pictures share: their errors, their bounds, and whether a picture shows anything."""

from typing import Any

from PIL import Image

from kaigong.domain.model.features import Limit

from .child import Emit
from .limits import MB, Limits, OverLimit, Unreadable

_EVEN = 12  # of 255: brightness that differs by less over the whole picture is an empty sheet


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


def is_even(image: Any) -> bool:
    """Whether the picture is of one brightness, on white paper where it lets something through."""
    if image.mode.startswith("I"):  # 16 bits a pixel, which the usual conversion cuts off
        low, high = image.getextrema()
        return bool(high - low < _EVEN * 257)
    small = image.reduce(2) if image.size[0] * image.size[1] > MB and image.mode not in ("1", "P") else image
    if "A" in small.getbands() or "transparency" in small.info:
        seen = small.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    low, high = small.convert("L").getextrema()
    return bool(high - low < _EVEN)
