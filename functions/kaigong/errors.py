"""One error tree. Every error is one of three: told to people, worth another try, or a bug of ours; nothing beside.

What people are told says what happened, why, and what they can do next, in Chinese and English.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the `kaigong` command ends with. A bug ends as Python ends it: with a traceback."""

    DONE = 0
    REFUSED = 1  # with its reason; also where another try may help
    USAGE = 2  # as every Unix command says that it was called wrongly


class KaigongError(Exception):
    """Base of every error that Kaigong raises on purpose; what is raised is always one of the three kinds below."""

    exit_code: ClassVar[ExitCode] = ExitCode.REFUSED

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class Refused(KaigongError):
    """Told to people: what was asked for is not done, and will not be as it was asked for."""


class TryAgain(KaigongError):
    """What was asked for may be done another time: somebody was faster, or a part of the system does not answer."""


class Bug(KaigongError):
    """An error of ours, never of who uses the system. `what` is for the log and for who corrects it."""

    def __init__(self, what: str) -> None:
        super().__init__("系统内部出错，不是您的操作有误；请联系管理部门。", what)


class NewerVersionExists(TryAgain):
    """Another worker changed it first. Look at it again; nothing was written."""


class NotSealed(TryAgain):
    """A document cannot be sealed now. It is sealed later, and nothing is lost."""


class DeliveryFailed(TryAgain):
    """A queue or topic did not take a message. Nothing is lost: the outbox still holds the order."""
