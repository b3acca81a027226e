"""What is said of a benefit at the portal: by the enterprise, and by who pays.

`version` is that of the benefit as it was seen: whoever was slower is told, and nothing is lost.
"""

from pydantic import ConfigDict, Field

from kaigong.domain.model.benefits import Decline, PayerSays
from kaigong.domain.model.text import Model


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: int = Field(ge=1, description="Of the benefit as it was seen.")


class BenefitRequest(_Asked):
    """What a person of the department that pays says, by the signed-in account's name."""

    says: PayerSays


class DeclineRequest(_Asked):
    """The enterprise does not want it."""

    says: Decline
