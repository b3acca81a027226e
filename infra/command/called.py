"""What things are called, as the command writes it: Chinese, then English. The names are those of the pages."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from kaigong.domain.model.text import Text

Table = Literal[
    "channel",
    "light",
    "matter",
    "phase",
    "reminder",
    "replacement",
    "result",
    "risk",
    "route",
    "role",
    "signature",
    "signing",
    "stuck",
    "verdict",
]


@cache
def _tables() -> dict[Table, Mapping[Any, "Text"]]:
    from kaigong.domain.words import names  # the models come with it: only who shows something waits for them
    from kaigong.views import states

    return {
        "channel": names.CHANNELS,
        "light": names.LIGHTS,
        "matter": states.MATTER_STATES,
        "phase": states.PHASES,
        "reminder": names.REMINDERS,
        "replacement": names.REPLACEMENTS,
        "result": names.RESULTS,
        "risk": names.RISKS,
        "route": names.ROUTES,
        "role": names.ROLES,
        "signature": names.SIGNATURE_LEVELS,
        "signing": names.SIGNINGS,
        "stuck": names.STUCK,
        "verdict": names.VERDICTS,
    }


def called(table: Table, code: str, apart: str = " ") -> str:
    """A name in both languages; `apart` stands between them. Raises KeyError for a code that has none."""
    from kaigong.domain.words.names import within

    name = within(_tables()[table][code])
    return f"{name.zh}{apart}{name.en}"
