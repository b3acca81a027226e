"""What an officer answers at the workbench, and the message that it becomes: what a department's own system sends too.

One path for all decisions: the queue of decisions, with the review's reply token. Source: design.md, "Contracts";
行政许可法 §38 (a refusal says its reasons), §45 (a special procedure is told in writing).
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from kaigong.domain.model.catalogue import Matter
from kaigong.domain.model.facts import Seal, ShownKind
from kaigong.domain.model.manifest import CodeRef
from kaigong.domain.model.messages import (
    LONGEST_ANSWER,
    NOTE,
    Decision,
    DecisionReason,
    Outcome,
    Procedure,
    ProcedureAction,
    ProcedureKind,
    too_long,
)
from kaigong.domain.model.packet import Proposal, Review
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.values import Lines, Moment

from .acts import Account

_Words = Annotated[Lines, Field(min_length=1, max_length=2000)]
_Basis = Annotated[Lines, Field(min_length=1, max_length=500)]


class _Asked(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    round: int = Field(ge=1, le=9999, description="The round that the officer saw.")


class DeskReason(Model):
    """Why: which material it concerns (if one), in words, and on what basis."""

    slot: CodeRef | None = None
    text: _Words
    basis: _Basis | None = None


class DeskDecision(_Asked):
    """An officer's decision. A correction and a rejection say why, a rejection also on what basis.

    All its words together have 3,000 characters at most, so that they fit on record and into the one notice.
    """

    identity: Moment | None = Field(
        default=None,
        description="`identity_at` of the task that the officer saw: enterprise and project may be corrected while it "
        "is open. Left out: there was none.",
    )
    outcome: Outcome
    reasons: tuple[DeskReason, ...] = Field(default=(), max_length=50)
    conditions: tuple[Annotated[_Words, Field(max_length=1000)], ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _fits_on_record(self) -> Self:
        if too_long(map(_as_sent, self.reasons), self.conditions):
            raise ValueError(f"has more than {LONGEST_ANSWER} characters in all")
        return self


class DeskRetraction(_Asked):
    """An officer takes the department's decision of this round back, while nobody acted on it."""

    turn: int = Field(
        default=1,
        ge=1,
        le=9999,
        description="That of the decision which the officer saw (`decided`): each decision of a round that was taken "
        "back makes another one.",
    )
    reason: Annotated[
        _Words, Field(max_length=1000, description="Why: it is put on record, and the applicant is told.")
    ]


class DeskProcedureRequest(_Asked):
    """An officer starts or ends a special procedure."""

    kind: ProcedureKind
    action: ProcedureAction
    note: Annotated[Lines, Field(min_length=1, max_length=500, description=NOTE)]
    appointment: Moment | None = Field(default=None, description="When it takes place, with its time zone.")


class DeskSignature(_Asked):
    """A second officer signs what a colleague proposed, or sends it back and says why."""

    proposal: str = Field(min_length=1, max_length=64, description="Id of the proposal that the officer saw.")
    action: Literal["sign", "send-back"]
    reason: Annotated[Lines, Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.action == "send-back" and self.reason is None:
            raise ValueError("to send it back needs a reason")
        return self


class DeskLeaseRequest(Model):
    """Take a review (again: for longer), or give it back."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    action: Literal["take", "give-back"]


class DeskSent(Model):
    """An answer is on its way to the record. What came of it is told where `see` leads."""

    review_id: str
    round: int
    id: str = Field(description="Of the message.")
    sent_at: datetime
    see: str
    proposed: bool = Field(
        default=False, description="Nothing is decided yet: another officer of the department is to sign it."
    )


class Extract(Model):
    """What is known of a paper that no browser shows, an OFD document: an extract, not the paper itself."""

    text: str = Field(repr=False, description="Of the first page, as it is compared: without white space.")
    pages: int | None = None
    seals: tuple[Seal, ...] = ()
    attachments: bool = Field(default=False, description="It carries files, which were not examined.")


class PaperAddress(Model):
    """Where a browser finds a paper of a review, for a while. It opens for whoever has it: pass it to nobody."""

    slot: str
    address: str = Field(repr=False)
    kind: ShownKind = Field(description="What lies at the address.")
    extract: Extract | None = None
    seals: tuple[Seal, ...] = Field(default=(), description="Electronic seals and signatures, with what each is worth.")
    until: datetime
    original: str | None = Field(
        default=None,
        repr=False,
        description="Of a paper that browsers cannot draw: where it lies as it was uploaded. `address` is then of a "
        "copy to look at: smaller, or drawn anew from an OFD document.",
    )
    original_kind: ShownKind | None = None


def _as_sent(reason: DeskReason) -> DecisionReason:
    return DecisionReason(slot=reason.slot, text=reason.text, basis=reason.basis)


def fault(decision: DeskDecision, matter: Matter) -> Text | None:
    """What is wrong with a decision before it is sent, in words; None: nothing."""
    slots = {entry.material for entry in matter.materials}
    if any(reason.slot is not None and reason.slot not in slots for reason in decision.reasons):
        return Text(
            zh="所指材料不属于该事项，请从材料清单中选择。",
            en="A reason names a paper that this matter does not ask for: choose one of its list.",
        )
    match decision.outcome:
        case Outcome.APPROVE if decision.reasons:
            return Text(
                zh="通过不需要理由；需要申请人注意的，请写为附带条件。",
                en="An approval takes no reasons; what the applicant is to mind goes into the conditions.",
            )
        case Outcome.CORRECT | Outcome.REJECT if decision.conditions:
            return Text(zh="只有通过时才能附带条件。", en="Conditions go with an approval only.")
        case Outcome.CORRECT if not decision.reasons:
            return Text(
                zh="请至少写明一项需要补正的内容，申请人才知道怎么改。",
                en="Say at least one thing that is to be corrected, so that the applicant knows what to do.",
            )
        case Outcome.REJECT if not decision.reasons or any(reason.basis is None for reason in decision.reasons):
            return Text(
                zh="不予通过须写明理由和依据（行政许可法第三十八条）。",
                en="A rejection says its reasons and their basis (Administrative Licensing Law, art. 38).",
            )
    return None


def proposal(asked: DeskDecision, packet: str, review: Review, officer: Account, id_: str, now: datetime) -> Proposal:
    """What an officer proposes, for another one to sign."""
    return Proposal(
        id=id_,
        packet=packet,
        matter=review.matter,
        round=review.round,
        outcome=asked.outcome,
        reasons=tuple(map(_as_sent, asked.reasons)),
        conditions=asked.conditions,
        officer=officer.called,
        by=officer.name,
        account=officer.account,
        at=now,
    )


def signed(proposal: Proposal, review: Review, signed_by: str, id_: str, now: datetime) -> Decision:
    """The message of a decision that a second officer signed."""
    return Decision(
        schema_="kaigong/decision/1",
        id=id_,
        packet=proposal.packet,
        sent_at=now,
        review_id=review.review_id,
        round=review.round,
        reply_token=review.reply_token,
        outcome=proposal.outcome,
        reasons=proposal.reasons,
        conditions=proposal.conditions,
        officer=proposal.officer,
        signed_by=signed_by,
    )


def decision(asked: DeskDecision, packet: str, review: Review, officer: str, id_: str, now: datetime) -> Decision:
    """The message of a decision."""
    return Decision(
        schema_="kaigong/decision/1",
        id=id_,
        packet=packet,
        sent_at=now,
        review_id=review.review_id,
        round=review.round,
        reply_token=review.reply_token,
        outcome=asked.outcome,
        reasons=tuple(map(_as_sent, asked.reasons)),
        conditions=asked.conditions,
        officer=officer,
    )


def procedure(
    asked: DeskProcedureRequest, number: int, packet: str, review: Review, officer: str, id_: str, now: datetime
) -> Procedure:
    """The message of a special procedure's start or end."""
    return Procedure(
        schema_="kaigong/procedure/1",
        id=id_,
        packet=packet,
        sent_at=now,
        review_id=review.review_id,
        round=review.round,
        reply_token=review.reply_token,
        kind=asked.kind,
        number=number,
        action=asked.action,
        note=asked.note,
        appointment=asked.appointment,
        officer=officer,
    )
