"""What the window or operations may put on record of a project."""

from pydantic import ConfigDict, Field

from kaigong.domain.model.manifest import Uscc
from kaigong.domain.model.standing import EarlierApproval
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import Day, LastDay

MOST_APPROVALS = 50  # choice: more matters than any process has
MOST_ENTERPRISES = 50  # choice


class ApprovalRequest(EarlierApproval):
    """An approval that the project has from elsewhere, as it is put on record."""

    on: Day
    until: LastDay | None = None


class ProjectRequest(Model):
    """What the window or operations put on record of a project. Both are said each time: nothing stays by oversight."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    key_project: bool = Field(description="重点项目: whether the city has it on its list.")
    serviced_site: bool | None = Field(
        description="Whether the site has roads, power, water and drainage; null: the applicant's word counts."
    )
    approvals: tuple[ApprovalRequest, ...] | None = Field(
        default=None,
        max_length=MOST_APPROVALS,
        description="Approvals that the project has from elsewhere, all of them; left out: those on record stay.",
    )
    enterprises: tuple[Uscc, ...] | None = Field(
        default=None,
        max_length=MOST_ENTERPRISES,
        description="Who is on the project, all of them, by credit code; empty: who applied first, and whom that one "
        "lets in; left out: as it is on record.",
    )
