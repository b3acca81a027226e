"""What a reader may report. A child that a file has taken over can say anything: what does not fit is not believed."""

from pydantic import Field, ValidationError

from kaigong.domain.model.facts import SEALS, Active, Fonts, Limit, OnPages, Opens, Seal, Unseen
from kaigong.domain.model.text import Model

from .parent import Outcome


class Report(Model):
    """Everything any reader reports; what it did not come to stays unset. Most of it becomes `Facts` as it is."""

    opens: Opens | None = None
    pages: int | None = Field(default=None, ge=0)
    encrypted: bool = False
    damaged: bool = False
    truncated: bool = False
    javascript: bool = False
    scripts: bool = False
    launch: bool = False
    launch_unasked: bool = False
    active: tuple[Active, ...] = ()
    unseen: Unseen | None = None
    embedded_files: bool = False
    seals: tuple[Seal, ...] = Field(default=(), max_length=SEALS)
    signed: bool = False
    incremental_updates: int = Field(default=0, ge=0)
    blank_pages: int | None = Field(default=None, ge=0)
    all_pages_blank: bool | None = None
    unreadable_pages: int = Field(default=0, ge=0)
    on_pages: OnPages = Field(default_factory=dict)
    width: int | None = Field(default=None, ge=0)
    height: int | None = Field(default=None, ge=0)
    limits: tuple[Limit, ...] = ()  # of ours, that the reader ran into

    strict: bool = False  # it opened as it is, without repair
    unreadable: bool = False  # some object could not be read as it stands
    tame: bool = False  # the text reader may have the first page
    words: bool = False  # the first page shows text
    drawing: str | None = None  # a digest of what the first page draws
    signatures: int | None = None
    covered: int = Field(default=0, ge=0)  # up to which byte a signature says it reaches
    fonts: tuple[Fonts, ...] = ()  # of the first page: what makes its text hard to read
    notes: str = ""  # in filled fields, stamps and notes, normalised
    annotated: bool = False  # something is drawn over the first page
    xfa: bool = False  # it carries a form of the XFA kind
    objects: int | None = None  # that the first page draws, as the text reader counts
    text: str | None = None  # of the first page, normalised
    drawn: str | None = None  # the same with what is stamped on it and filled in
    rubbish: bool = False  # that text is not what is seen
    failed: bool = False  # the second reader cannot read the file


def believed(outcome: Outcome) -> Report:
    """What a reader reported, if it can be. The limit that ended it, if one did, stands last in `limits`."""
    try:
        report = Report.model_validate(outcome.facts)
    except ValidationError:
        return Report(limits=(Limit.CRASH,))
    ended = (outcome.limit,) if outcome.limit and outcome.limit not in report.limits else ()
    return report.changed(limits=(*report.limits, *ended))
