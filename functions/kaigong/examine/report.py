"""What a reader may report. A child that a file has taken over can say anything: what does not fit is not believed."""

from pydantic import Field, ValidationError

from kaigong.domain.model.facts import Limit, Opens
from kaigong.domain.model.text import Model

from .child import Outcome, Task, run_limited
from .limits import Limits
from .source import Blocks


class Report(Model):
    """Everything any reader reports; what it did not come to stays unset. Most of it becomes `Facts` as it is."""

    opens: Opens | None = None
    pages: int | None = Field(default=None, ge=0)
    encrypted: bool = False
    damaged: bool = False
    truncated: bool = False
    javascript: bool = False
    launch: bool = False
    embedded_files: bool = False
    signed: bool = False
    incremental_updates: int = Field(default=0, ge=0)
    blank_pages: int | None = Field(default=None, ge=0)
    all_pages_blank: bool | None = None
    unreadable_pages: int = Field(default=0, ge=0)
    width: int | None = Field(default=None, ge=0)
    height: int | None = Field(default=None, ge=0)
    limits: tuple[Limit, ...] = ()  # of ours, that the reader ran into

    strict: bool = False  # it opened as it is, without repair
    unreadable: bool = False  # some object could not be read as it stands
    tame: bool = False  # the text reader may have the first page
    words: bool = False  # the first page shows text
    drawing: str | None = None  # a digest of what the first page draws
    signatures: int | None = None
    text: str | None = None  # of the first page, normalised
    failed: bool = False  # the second reader cannot read the file


def read(task: Task, blocks: Blocks, limits: Limits) -> Report:
    """Let a reader loose on the file in its child. The limit that ended it, if one did, stands last in `limits`."""
    outcome: Outcome = run_limited(task, blocks, limits)
    try:
        report = Report.model_validate(outcome.facts)
    except ValidationError:
        return Report(limits=(Limit.CRASH,))
    ended = (outcome.limit,) if outcome.limit and outcome.limit not in report.limits else ()
    return report.changed(limits=(*report.limits, *ended))
