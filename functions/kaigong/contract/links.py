"""The link to a packet's public progress, as the API takes and shows it; views/progress.py has what it opens."""

from datetime import datetime

from pydantic import ConfigDict, Field

from kaigong.domain.model.text import Model

TOKEN_PATTERN = r"^[A-Za-z0-9_-]{32}$"  # noqa: S105 - what a token looks like, not one


class LinkRequest(Model):
    """Asks for the link of a packet. The same link is given as often as one asks, unless a new one is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    renew: bool = Field(default=False, description="Withdraw the link that opens now, and give a new one.")


class LinkShown(Model):
    """The link of a packet: whoever has its address sees the progress, and nobody else's."""

    packet: str
    path: str | None = Field(description="The address within the portal; nothing: no link opens this packet.")
    since: datetime | None = None
