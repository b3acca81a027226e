"""From one state to the next, by a table that has every way there is: of packets, reviews, supervision and benefits."""

from collections.abc import Mapping
from enum import StrEnum

from kaigong.errors import Bug


class Impossible(Bug):
    """A way that the table does not have."""


def after[S: StrEnum, E: StrEnum](table: Mapping[tuple[S | None, E], S], state: S | None, event: E, what: str) -> S:
    """The state of a thing after an event. Raises Impossible where the table knows no such way; `what` it is then
    said of.
    """
    try:
        return table[state, event]
    except KeyError as error:
        raise Impossible(f"a {what} that is {state or 'not there yet'} cannot be {event}") from error
