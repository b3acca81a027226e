"""One error tree. Every error says what happened, why, and what the reader can do next, in Chinese and English."""

from typing import ClassVar


class KaigongError(Exception):
    """Base of every error that Kaigong raises on purpose.

    `exit_code` is what the `kaigong` command ends with: 1 for a refusal with its reason, 2 for wrong usage.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class NewerVersionExists(KaigongError):
    """Another worker changed the packet first. Look at the packet again; nothing was written."""


class DeliveryFailed(KaigongError):
    """A queue or topic did not take a message. Nothing is lost: the outbox still holds the order."""


class Silent(KaigongError):
    """A service that we rely on does not answer as it should. Try again later."""
