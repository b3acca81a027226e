"""A question about a correction (补正咨询): the applicant asks the department that wants it, and is answered in the
packet.

Both are acts. An unanswered one has a limit and stands in the list of limits. The correction's own limit goes on:
choice, since a question must not be a way to gain time. Source: mission 7 (一次性告知: what is to be done is said so
that it can be done).
"""

import hashlib
from datetime import datetime

from kaigong.domain import words
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Due, Office, limit
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import (
    MOST_QUESTIONS,
    Act,
    ActRefusal,
    NoticeItem,
    NoticeKind,
    Packet,
    ReviewState,
    Status,
)

from .step import Step

ANSWER_DAYS = 2  # choice: working days in which a question is answered
ORDER = "question"  # of the outbox: `question:<subject>`


def subject(matter: Code, text: str) -> str:
    """What tells one question from another: its words, so that the same one asked twice is one."""
    return f"{matter}.{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def why_not_ask(packet: Packet, matter: Code) -> ActRefusal | None:
    """Why nothing can be asked about this matter now; None: it can."""
    review, status = packet.reviews.get(matter), packet.header.status if packet.header else None
    if status is not Status.CORRECTING or review is None or review.state is not ReviewState.CORRECTION:
        return ActRefusal.NOTHING_ASKED
    asked = sum(act.matter == matter for act, _ in packet.questions())
    return ActRefusal.TOO_OFTEN if asked >= MOST_QUESTIONS else None


def why_not_answer(packet: Packet, act: Act) -> ActRefusal | None:
    known = any(asked.subject == act.subject for asked, _ in packet.questions())
    return None if known else ActRefusal.NO_SUCH_QUESTION


def due(asked_at: datetime, office: Office) -> Due:
    return limit(asked_at, ANSWER_DAYS, office)


def asked(step: Step, act: Act) -> None:
    """Have the department told."""
    step.orders.append(f"{ORDER}:{act.subject}")


def answered(step: Step, act: Act) -> None:
    """Tell the applicant, in the words of the answer."""
    name = name_of(step.around.catalogue.matters, act.matter)
    text = words.questions.answered(name, act.reason)
    step.notify(NoticeKind.ANSWERED, (NoticeItem(code="answered", text=text, matter=act.matter),))
