"""What is said of a supervision record at the portal: by who supervises, and by the enterprise.

`version` is that of the record as it was seen: whoever was slower is told, and nothing is lost.
"""

from pydantic import ConfigDict, Field

from kaigong.domain.model.roster import Inspectors
from kaigong.domain.model.supervision import EnterpriseSays, SupervisorSays
from kaigong.domain.model.text import Model


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: int = Field(ge=1, description="Of the record as it was seen.")


class SupervisionRequest(_Asked):
    """What a person of the supervising department says, by the signed-in account's name."""

    says: SupervisorSays


class EnterpriseRequest(_Asked):
    """What the enterprise says: that it put right what was found, or that it contests that."""

    says: EnterpriseSays


class RosterRequest(Inspectors):
    """A department's whole roster of inspectors, in the place of the one before."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: int = Field(ge=0, description="Of the roster as it was seen; 0: there was none.")
