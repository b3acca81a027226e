"""The states that views work out beside the packet's own, each with what it is called.

What the domain has a name for already goes by that: no state is called two things. Names of everything else:
kaigong/domain/words/names.py.
"""

from enum import StrEnum

from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.messages import Replacement
from kaigong.domain.model.packet import ReviewState
from kaigong.domain.model.text import Text
from kaigong.domain.words import names


class Phase(StrEnum):
    """Where a packet is, for who reads it."""

    DRAFT = "draft"  # papers lie there; no manifest has submitted them yet
    SUBMITTED = "submitted"  # waits for the examination of its papers
    REFUSED = "refused"  # the newest manifest was refused; it submitted nothing
    RETURNED = "returned"
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    ISSUED = "issued"


PHASES = {
    Phase.DRAFT: Text(zh="草稿", en="Draft"),
    Phase.SUBMITTED: Text(zh="已提交", en="Submitted"),
    Phase.REFUSED: Text(zh="未予接收", en="Not taken in"),
    **{Phase(status.value): name for status, name in names.STATUSES.items()},
}


class MatterState(StrEnum):
    """Where one matter is."""

    APPLIED = "applied"  # the packet is not accepted yet
    WAITING = "waiting"  # for a matter that has to be approved before it
    OPEN = "open"
    PAUSED = "paused"  # a special procedure: the time limit rests
    APPROVED = "approved"
    CORRECTION = "correction"
    REJECTED = "rejected"
    UNOPENED = "unopened"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"  # 撤回批准, after the approval
    REVOKED = "revoked"  # 撤销批准, after the approval


MATTER_STATES = {
    MatterState.APPLIED: Text(zh="已申请", en="Applied for"),
    MatterState.WAITING: Text(zh="待前置事项", en="Waiting for another matter"),
    **{MatterState(state.value): name for state, name in names.REVIEW_STATES.items()},
}


class SlotState(StrEnum):
    """What a material needs, at a glance."""

    EXAMINING = "examining"  # uploaded, and not examined yet
    VALID = "valid"
    WARNING = "warning"  # counts; an officer will look at what was noticed
    DEFICIENT = "deficient"
    PROMISED = "promised"
    MISSING = "missing"
    BY_COMMITMENT = "by-commitment"  # a commitment takes its place
    SHARED = "shared"  # the system fetches it
    BY_RESULT = "by-result"  # the approval of the matter whose certificate it is takes its place
    BY_FORM = "by-form"  # the form, filled in here, takes its place
    OPTIONAL = "optional"  # letters signed on paper, where nothing asks for them


SLOT_STATES = {
    SlotState.EXAMINING: Text(zh="正在检查", en="Being checked"),
    SlotState.VALID: names.VERDICTS[Verdict.VALID],
    SlotState.WARNING: names.VERDICTS[Verdict.WARNING],
    SlotState.DEFICIENT: names.VERDICTS[Verdict.DEFICIENT],
    SlotState.PROMISED: names.REPLACEMENTS[Replacement.GAP],
    SlotState.MISSING: Text(zh="待上传", en="Upload needed"),
    SlotState.BY_COMMITMENT: names.REPLACEMENTS[Replacement.COMMITMENT],
    SlotState.SHARED: names.REPLACEMENTS[Replacement.SHARED],
    SlotState.BY_RESULT: names.REPLACEMENTS[Replacement.RESULT],
    SlotState.BY_FORM: names.REPLACEMENTS[Replacement.FORM],
    SlotState.OPTIONAL: Text(zh="可选", en="Optional"),
}


class BarKind(StrEnum):
    """What happened to a time limit in a stretch of time."""

    RUNNING = "running"
    RESTING = "resting"  # 补正 or a special procedure: it does not count
    LATE = "late"
    LEFT = "left"  # from now to the end of the limit


BARS = {
    BarKind.RUNNING: Text(zh="办理", en="under review"),
    BarKind.RESTING: names.within(names.REVIEW_STATES[ReviewState.PAUSED]),
    BarKind.LATE: Text(zh="逾期", en="overdue"),
    BarKind.LEFT: Text(zh="剩余时限", en="time left"),
}


class DocumentState(StrEnum):
    """What a document is worth."""

    CURRENT = "current"
    SUPERSEDED = "superseded"  # ours, and what it says was overtaken: a gap was closed, a newer one was issued
    REVOKED = "revoked"  # ours, and an approval in it was taken back
    CHANGED = "changed"  # it has a number of ours, and is not the file that we issued
    UNKNOWN = "unknown"


GENUINE = (DocumentState.CURRENT, DocumentState.SUPERSEDED)  # ours, unchanged, and nothing in it was taken back
DOCUMENT_STATES = {
    DocumentState.CURRENT: Text(
        zh="真实有效：这是我们签发的文件，目前有效", en="Genuine: we issued this document, and it stands"
    ),
    DocumentState.SUPERSEDED: Text(
        zh="真实，但已有更新：这是我们签发的文件，之后情况有变",
        en="Genuine, but overtaken: we issued this document, and things have changed since",
    ),
    DocumentState.REVOKED: Text(
        zh="真实，但批准已收回：这是我们签发的文件，其中的批准不再有效",
        en="Genuine, but taken back: we issued this document, and an approval in it holds no longer",
    ),
    DocumentState.CHANGED: Text(zh="不是我们签发的那份文件", en="This is not the file that we issued"),
    DocumentState.UNKNOWN: Text(zh="查无此文件", en="We know of no such document"),
}
