"""The applicant's questions about corrections, with what departments answered."""

from datetime import datetime

from pydantic import Field

from kaigong.domain.flow import questions
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Office
from kaigong.domain.model.packet import Packet, Status
from kaigong.domain.model.text import Model


class QuestionShown(Model):
    """What the applicant asked about a correction, and the answer."""

    question: str = Field(description="What an answer names.")
    matter: Code
    text: str = Field(repr=False)
    at: datetime
    answer: str | None = Field(default=None, repr=False)
    answered_at: datetime | None = None
    answer_by: datetime | None = Field(default=None, description="Until when it is to be answered; none once it is.")


def asked(packet: Packet, office: Office, matter: Code | None = None) -> tuple[QuestionShown, ...]:
    """The applicant's questions, about one matter or all, oldest first."""
    useful = packet.header is not None and packet.header.status in (Status.IN_REVIEW, Status.CORRECTING)
    return tuple(
        QuestionShown(
            question=act.subject,
            matter=act.matter,
            text=act.reason,
            at=act.at,
            answer=answer.reason if answer else None,
            answered_at=answer.at if answer else None,
            answer_by=questions.due(act.at, office).at if useful and not answer else None,
        )
        for act, answer in packet.questions()
        if matter in (None, act.matter)
    )
