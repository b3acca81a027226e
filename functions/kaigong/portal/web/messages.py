"""What pages say themselves, in every language. What rules say is a Text, with its languages in it.

A message stands in Chinese where it is said, in a template or marked by `N_`. Each other language is one file of
`locale`, which `make messages` keeps up with them; what lies there is offered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from kaigong.domain.model.text import Text

LOCALE = Path(__file__).parent.parent / "locale"
SPOKEN = "zh"  # the language that messages are written in


@dataclass(frozen=True)
class Message:
    """A message that is put into the visitor's language once it is shown, with what is filled into it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


def N_(text: str, **values: object) -> Message:
    """Mark a message; `%(name)s` in it stands for a value, which may be a Text."""
    return Message(text, values)


@cache
def languages() -> tuple[str, ...]:
    """The languages that pages can be had in, looked up once: the one they are written in first."""
    return (SPOKEN, *sorted(file.parts[-3] for file in LOCALE.glob("*/LC_MESSAGES/portal.mo")))


def own_name(lang: str) -> str:
    """What a language calls itself: a message of its own file, so that who looks for it finds it on any page."""
    return catalogue(lang).pgettext("语言自称", "中文")


@cache
def catalogue(lang: str) -> NullTranslations:
    """The messages in a language, read once; one that its file has not is said in Chinese."""
    return NullTranslations() if lang == SPOKEN else translation("portal", LOCALE, [lang])


def say(message: Message, lang: str) -> str:
    """A message in a language. Rules speak two: in another, what they say stands in it in English."""
    values = {
        name: (value.zh if lang == SPOKEN else value.en) if isinstance(value, Text) else value
        for name, value in message.values.items()
    }
    return catalogue(lang).gettext(message.text) % values
