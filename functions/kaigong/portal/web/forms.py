"""A form of a page: what it asks for is done, or the page comes again with what was typed and why nothing was done."""

from collections.abc import Callable

from kaigong.domain.model.text import Text
from kaigong.portal import audit
from kaigong.portal.unanswered import Unanswered

from .messages import Message
from .response import Reply

_ELSEWHERE = {kind.code for kind in audit.REFUSALS}  # told on a page of its own, and audited: there is none to go on at
_MISFILLED = 422


def answered[Asked](
    read: Callable[[], Asked],
    act: Callable[[Asked], Reply],
    again: Callable[[Message | Text, int], Reply],
    lacks: Message | Text,
) -> Reply:
    """What comes of a form: `read` says what it asks for, `act` does that.

    Where either comes to nothing, its page comes `again`, for the reason and with the status of HTTP: by `lacks`, where
    `read` raises ValueError, as every pydantic model does (the error would quote what was typed); else by why it is
    refused.
    """
    try:
        asked = read()
    except ValueError:
        return again(lacks, _MISFILLED)
    try:
        return act(asked)
    except Unanswered as told:
        if told.problem.code in _ELSEWHERE:
            raise
        return again(told.text, told.problem.status)
