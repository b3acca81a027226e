"""Values that every contract shares: moments and days, and words that people type.

What passes here can be compared, told in any time zone, shown and stored, wherever it goes from there. The rest is
refused at the door, with its reason.
"""

import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

FIRST_YEAR, BEHIND = 1990, 2200
NO_END = datetime(9999, 1, 1, tzinfo=UTC)  # far enough from the end of time to be told in any zone
_KEPT = "\n\t"  # of control characters, in words of several lines
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
_UNSEEN = ("Cc", "Cf", "Cs")  # control characters, marks of format, halves of pairs
_JOINERS = "\u200c\u200d"  # they shape letters of some scripts; between others they are left out


def _in_our_time[At: date](at: At) -> At:  # a datetime is a date
    if not FIRST_YEAR <= at.year < BEHIND:
        raise PydanticCustomError(
            "moment_out_of_range",
            "a moment needs a year from {first} to {last}",
            {"first": FIRST_YEAR, "last": BEHIND - 1},
        )
    return at


def _open_ended(at: datetime) -> datetime:
    return NO_END if at.year >= BEHIND else _in_our_time(at)


def _open_ended_day(on: date) -> date:
    return NO_END.date() if on.year >= BEHIND else _in_our_time(on)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment with its time zone, from 1990 to 2199: another one is a slip."""

Until = Annotated[
    AwareDatetime,
    AfterValidator(_open_ended),
    Field(description="From the year 2200 on it is taken as: without an end (长期)."),
]
"""A moment at which something ends. Registers write 9999-12-31 and its like where there is no end: NO_END here."""


Day = Annotated[date, AfterValidator(_in_our_time)]
"""A day from 1990 to 2199, for whoever says one: what was stored before is read by `date`."""

LastDay = Annotated[
    date,
    AfterValidator(_open_ended_day),
    Field(description="From the year 2200 on it is taken as: without an end (长期)."),
]
"""The last day of what ends; NO_END's where it does not."""


def has_end(at: datetime) -> bool:
    """Whether this is the moment of an end, and not the sign for there being none."""
    return at < NO_END


def legible(text: str) -> str:
    """What people see of a text.

    Left out are characters that show nothing or change how others are shown: control characters but line breaks and
    tabs, marks of direction, blanks without width, fillers. A joiner stays between the letters that it shapes. Rare
    characters of names stay as they are, those that only a newer standard or a private area knows among them.
    """
    return "".join(c for at, c in enumerate(text) if _shows(c) or (c in _JOINERS and _shapes(text, at)))


def _shows(c: str) -> bool:
    return c in _KEPT or (c not in _BLANK and ord(c) & 0xFFFE != 0xFFFE and unicodedata.category(c) not in _UNSEEN)


def _shapes(text: str, at: int) -> bool:
    """Whether a joiner stands between letters or signs that are written together: not between Latin ones or Chinese."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return (
        len(around) == 2
        and all(unicodedata.category(c)[0] in "LMS" and ord(c) > 0x52F for c in around)
        and not any(unicodedata.name(c, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for c in around)
    )


def _lines(value: object) -> object:
    if not isinstance(value, str):
        return value
    lines = (" ".join(line.split()) for line in legible(value.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))
    return "\n".join(lines).strip()


def _line(value: object) -> object:
    return " ".join(legible(value).split()) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_line)]
"""Words on one line, as people see them (`legible`): runs of blanks are one space. Bounds stand beside it."""

Lines = Annotated[str, BeforeValidator(_lines)]
"""Words on several lines, as people see them."""
