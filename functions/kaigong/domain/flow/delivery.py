"""What the outbox's orders become: the messages that go out. Built from the packet as it now is.

Source: design.md, "Contracts".
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kaigong.domain import words
from kaigong.domain.intake import form
from kaigong.domain.intake.prerequisites import told
from kaigong.domain.model.catalogue import Catalogue, Code, Route, Source
from kaigong.domain.model.deadline import matter_in
from kaigong.domain.model.form import FormField, FormTaken
from kaigong.domain.model.messages import (
    BreachMessage,
    Channel,
    DocumentsRequest,
    IssueRequest,
    NoticeMessage,
    Recipient,
    Replacement,
    ReviewTask,
    SupervisionTask,
    TaskCaution,
    TaskCommitment,
    TaskField,
    TaskFile,
    TaskFinding,
    TaskMaterial,
    TaskResult,
)
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import (
    Breach,
    Caution,
    Commitment,
    NoticeKind,
    Packet,
    Paper,
    Review,
    ReviewState,
    Told,
    breach_key,
)
from kaigong.domain.model.people import Person, Wanted
from kaigong.domain.model.supervision import SupervisionRecord
from kaigong.domain.model.text import Text
from kaigong.domain.words import names

from . import questions, withdrawal

MOST_NAMED = 3  # files for each thing noticed; choice
OF_A_SYSTEM = "department:"  # before its code, in place of an account: its own system decided
REFUSED = "message-refused"  # the kind of notice that tells a department that its message did not count


def review_queue(department: Code, channel: Channel) -> str:
    """Short name of the queue that a department's tasks of a channel belong on."""
    return f"review-{department}" + ("-priority" if channel is Channel.GREEN else "")


def tasks(packet: Packet, orders: tuple[str, ...], catalogue: Catalogue, now: datetime) -> list[ReviewTask]:
    """The review tasks among the orders, in the state that departments shall see. One that was withdrawn before it went
    out is not asked for any more; that it is taken back is said all the same, since it may have gone out.
    """
    asked = [packet.reviews[m] for kind, m in map(_parted, orders) if kind == "review"]
    ended = [packet.reviews[m] for kind, m in map(_parted, orders) if kind == "withdrawn"]
    open_ = [_task(packet, review, catalogue, now) for review in asked if review.state is not ReviewState.WITHDRAWN]
    return open_ + [_withdrawn(packet, _task(packet, review, catalogue, now)) for review in ended]


def _withdrawn(packet: Packet, task: ReviewTask) -> ReviewTask:
    return task.changed(id=f"{task.id}.withdrawn", withdrawn=withdrawal.of_task(packet))


def _parted(order: str) -> tuple[str, str]:
    kind, _, what = order.partition(":")
    return kind, what


def notices(packet: Packet, messages: Iterable[Told], now: datetime) -> list[NoticeMessage]:
    """The messages of notices: one for the applicant, and one for each department that is told as well."""
    return [
        message
        for told in messages
        for message in (
            _to_applicant(packet, told, now),
            *(_to_department(packet, told, department, now) for department in told.departments),
        )
    ]


def _to_applicant(packet: Packet, told: Told, now: datetime) -> NoticeMessage:
    notice = packet.notices.get(told.number)
    limits = [item.due.at for item in notice.items if item.due] if notice else []
    return NoticeMessage(
        id=f"{packet.packet}.notice.{told.number}",
        packet=packet.packet,
        sent_at=now,
        kind=told.kind.value,
        round=told.round,
        title=names.NOTICES[told.kind],
        sms=words.notices.sms(packet.packet, told.kind),
        text=words.notices.long(packet.packet, told.kind, min(limits, default=None)),
        link=f"/packets/{packet.packet}/notices/{told.number}",
        language=(packet.header and packet.header.language) or "zh",
    )


_ASKING = frozenset(
    (
        NoticeKind.RETURNED,
        NoticeKind.CORRECTION,
        NoticeKind.CORRECTION_REMINDER,
        NoticeKind.GAP_REMINDER,
        NoticeKind.GAP_OVERDUE,
        NoticeKind.GAPS_STILL_OPEN,
        NoticeKind.SUPERVISION,
        NoticeKind.TO_COLLECT,
        NoticeKind.ANSWERED,
    )
)


def addressed(messages: Iterable[NoticeMessage], people: Sequence[Person]) -> list[NoticeMessage]:
    """The messages with who of the enterprise wants each, where somebody chose. One that nobody wants goes as if nobody
    had chosen: an enterprise is told all the same.
    """
    return [message.changed(people=_who_wants(message, people)) for message in messages]


def _who_wants(message: NoticeMessage, people: Sequence[Person]) -> tuple[Recipient, ...]:
    if message.department or message.to or not any(person.chosen for person in people):
        return ()
    asks = message.kind in _ASKING or message.kind.startswith("supervision-")
    wants = {Wanted.ALL, Wanted.ASKS} if asks else {Wanted.ALL}
    return tuple(
        Recipient(account=person.account, language=person.language or message.language)
        for person in people
        if person.wants in wants
    )


def _to_department(packet: Packet, told: Told, department: Code, now: datetime) -> NoticeMessage:
    return NoticeMessage(
        id=f"{packet.packet}.notice.{told.number}.{department}",
        packet=packet.packet,
        sent_at=now,
        kind=told.kind.value,
        round=told.round,
        title=names.NOTICES[told.kind],
        department=department,
        slots=told.slots,
        **said_to_department(packet.packet, names.NOTICES[told.kind], "/desk"),
    )


def acts_on(review: Review, now: datetime) -> str | None:
    """The account of the officer who acts on a review now; None: whoever of the department takes it."""
    return review.assigned.has(now).account if review.assigned else None


def asked(packet: Packet, orders: Iterable[str], catalogue: Catalogue, now: datetime) -> list[NoticeMessage]:
    """What departments are told of the applicant's questions."""
    subjects = [subject for kind, subject in map(_parted, orders) if kind == questions.ORDER]
    return [_asked(packet, subject, catalogue, now) for subject in subjects]


def _asked(packet: Packet, subject: str, catalogue: Catalogue, now: datetime) -> NoticeMessage:
    review = packet.reviews[matter_in(subject)]
    title = words.questions.asked(name_of(catalogue.matters, review.matter), questions.ANSWER_DAYS)
    return NoticeMessage(
        id=f"{packet.packet}.question.{subject}",
        packet=packet.packet,
        sent_at=now,
        kind=questions.ORDER,
        round=review.round,
        title=title,
        department=review.department,
        officer=acts_on(review, now) or _decided_by(packet, review),
        **said_to_department(packet.packet, title, f"/desk/{packet.packet}/{review.matter}"),
    )


def _decided_by(packet: Packet, review: Review) -> str | None:
    """The account of the officer who asked for the correction; None: the department's own system did."""
    fact = packet.decisions.get((review.matter, review.round))
    return fact.by if fact and fact.by and not fact.by.startswith(OF_A_SYSTEM) else None


def said_to_department(packet: str, title: Text, link: str) -> dict[str, Any]:
    """What a message says to who works on packets; `link` is where."""
    return {
        "sms": words.notices.sms(packet, None),
        "text": words.notices.long_to_department(packet, title),
        "link": link,
    }


def refused(review: Review, packet: str, matter: Text, reason: str, message_id: str, now: datetime) -> NoticeMessage:
    """A department is told that its message did not count, since it believes that it has answered."""
    title = words.decision.refused(matter, reason)
    return NoticeMessage(
        id=refused_id(packet, message_id),
        packet=packet,
        sent_at=now,
        kind=REFUSED,
        round=review.round,
        title=title,
        department=review.department,
        **said_to_department(packet, title, "/desk"),
    )


def documents_request(packet: Packet, now: datetime) -> DocumentsRequest:
    return DocumentsRequest(id=f"{packet.packet}.documents", packet=packet.packet, sent_at=now)


def refused_id(packet: str, message_id: str) -> str:
    """The id of the notice that a message did not count: the same however often the message comes."""
    return f"{packet}.refused.{hashlib.sha256(message_id.encode()).hexdigest()[:16]}"


def breaches(packet: Packet, orders: Iterable[str], catalogue: Catalogue, now: datetime) -> list[BreachMessage]:
    """What the credit platform is told of promises that were not kept."""
    told = [packet.breaches[key] for kind, key in map(_parted, orders) if kind == "breach"]
    return [_breach(packet, breach, catalogue, now) for breach in told]


def _breach(packet: Packet, breach: Breach, catalogue: Catalogue, now: datetime) -> BreachMessage:
    header = packet.header
    assert header is not None  # noqa: S101 - promises are of accepted packets
    entries = catalogue.materials if breach.kind == "gap" else catalogue.matters
    return BreachMessage(
        id=f"{packet.packet}.breach.{breach_key(breach.subject, breach.kind)}",
        packet=packet.packet,
        sent_at=now,
        uscc=header.enterprise.uscc,
        enterprise=header.enterprise.name,
        kind=breach.kind,
        subject=breach.subject,
        name=name_of(entries, breach.subject),
        text=breach.text,
        basis=breach.basis,
        at=breach.at,
        repairable_from=breach.repairable_from,
    )


def supervision_queue(task: SupervisionTask) -> str:
    """Short name of the queue that a supervision task belongs on."""
    return f"supervision-{task.department}"


def supervision_task(packet: Packet, record: SupervisionRecord, catalogue: Catalogue, now: datetime) -> SupervisionTask:
    """The record of an approved matter, with what its inspector needs."""
    header, review = packet.header, packet.reviews[record.matter]
    assert header is not None  # noqa: S101 - a record exists only of a packet that ended
    return SupervisionTask(
        id=f"{record.name}.supervision",
        packet=packet.packet,
        sent_at=now,
        record=record.name,
        matter=record.matter,
        matter_name=name_of(catalogue.matters, record.matter),
        department=record.department,
        decided_by=record.decided_by,
        decided_at=record.decided_at,
        route=record.route,
        by_rules=review.by_rules,
        conditions=review.conditions,
        commitment=_commitment(packet, review),
        gaps=tuple(gap.slot for gap in packet.gaps.values() if gap.open and record.matter in gap.matters),
        enterprise=header.enterprise,
        project=header.project,
        drawn=record.drawn,
        inspectors=record.inspectors,
        claim_by=record.due.at,
        inspect_by=record.inspect_by.at,
        reply_token=record.token,
    )


def supervision_notice(
    record: SupervisionRecord, kind: str, department: Code, title: Text, now: datetime
) -> NoticeMessage:
    """Something that who supervises, or the lead, is told of a record. The same again has the same id."""
    return NoticeMessage(
        id=f"{record.name}.{kind}.{record.version}",
        packet=record.packet,
        sent_at=now,
        kind=kind,
        round=1,
        title=title,
        department=department,
        **said_to_department(record.packet, title, "/supervision"),
    )


def issue_request(packet: Packet, now: datetime) -> IssueRequest:
    return IssueRequest(id=f"{packet.packet}.joint-result", packet=packet.packet, sent_at=now)


def _task(packet: Packet, review: Review, catalogue: Catalogue, now: datetime) -> ReviewTask:
    header, matter = packet.header, catalogue.matters[review.matter]
    assert header is not None  # noqa: S101 - a review exists only in an accepted packet
    return ReviewTask(
        id=f"{review.review_id}.{review.round}" + (f".{review.turn}" if review.turn > 1 else ""),
        packet=packet.packet,
        sent_at=now,
        review_id=review.review_id,
        round=review.round,
        matter=review.matter,
        matter_name=matter.name,
        department=review.department,
        channel=header.channel,
        due=review.due.at,
        due_certain=review.due.certain,
        enterprise=header.enterprise,
        project=header.project,
        materials=materials(packet, review, catalogue),
        commitment=_commitment(packet, review),
        form=filled(packet, catalogue, review.matter),
        rests_on=rests_on(packet, review.matter, catalogue),
        cautions=cautions(packet, review.matter, catalogue),
        reply_token=review.reply_token,
        turn=review.turn if review.turn > 1 else None,
    )


def _commitment(packet: Packet, review: Review) -> TaskCommitment | None:
    made = packet.commitments.get(review.matter)
    return commitment(made) if made else None


def commitment(made: Commitment) -> TaskCommitment:
    """A commitment as departments and the joint result tell it."""
    return TaskCommitment(**{name: getattr(made, name) for name in TaskCommitment.model_fields})


def filled(packet: Packet, catalogue: Catalogue, *matters: Code) -> tuple[TaskField, ...]:
    """What these matters ask for on the application form, as far as it was filled in as data."""
    if packet.form is None:
        return ()
    found = form.applied(packet.form.values, packet.routes, (), catalogue)
    return tuple(
        _field(entry.field, packet.form, [problem.text for problem in found.odd if problem.field == entry.field.code])
        for entry in found.asked
        if entry.field.code in packet.form.values and set(matters) & set(entry.matters)
    )


def _field(field: FormField, taken: FormTaken, odd: list[Text]) -> TaskField:
    value, before = taken.values[field.code], taken.differing.get(field.code)
    said = words.form.differs(before.source, before.packet, words.form.told(field, before.value)) if before else None
    return TaskField(
        field=field.code,
        name=field.name,
        kind=field.kind,
        value=value,
        text=words.form.chosen(field, value),
        unit=field.unit,
        notes=(*odd, *([said] if said else [])),
    )


def rests_on(packet: Packet, matter: Code, catalogue: Catalogue) -> tuple[TaskResult, ...]:
    """The approvals of what comes before a matter: those of this packet, and earlier ones of the project."""
    found = (approval(packet, before, catalogue) for before in catalogue.before(matter))
    return tuple(result for result in found if result is not None)


def cautions(packet: Packet, matter: Code, catalogue: Catalogue) -> tuple[TaskCaution, ...]:
    """What the officer of a matter should look at beside its papers."""
    caution = packet.cautions.get(matter, Caution())
    return tuple(TaskCaution(code=item.code, text=item.text) for item in told(matter, caution, catalogue))


def approval(packet: Packet, matter: Code, catalogue: Catalogue) -> TaskResult | None:
    """The approval of a matter that this packet knows of; None: of none."""
    name, review, prior = name_of(catalogue.matters, matter), packet.reviews.get(matter), packet.priors.get(matter)
    if review is not None and review.state is ReviewState.APPROVED and review.decided_at:
        return TaskResult(matter=matter, name=name, packet=packet.packet, at=review.decided_at)
    if prior is None:
        return None
    where = {"packet": prior.packet or None, "number": prior.number or None}
    return TaskResult(matter=matter, name=name, **where, at=prior.at, until=prior.until)


def materials(packet: Packet, review: Review, catalogue: Catalogue) -> tuple[TaskMaterial, ...]:
    """What a review has before it, in the order in which its matter asks for it."""
    asked = catalogue.matters[review.matter].materials
    return tuple(_material(packet, review, entry.material, entry.main, catalogue) for entry in asked)


def _material(packet: Packet, review: Review, code: Code, main: bool, catalogue: Catalogue) -> TaskMaterial:
    material = catalogue.materials[code]
    papers = packet.papers.by_slot.get(code)
    if papers is None:
        return _replacement(packet, review, code, main, catalogue)
    first = papers[0]
    return TaskMaterial(
        slot=code,
        name=material.name,
        main=main,
        key=first.key,
        version=first.version,
        sha256=first.sha256,
        size=first.size,
        author=first.author,
        finding=_finding(papers),
        files=tuple(
            TaskFile(
                key=paper.key,
                version=paper.version,
                sha256=paper.sha256,
                size=paper.size,
                verdict=paper.verdict,
                codes=tuple(code for code, _ in paper.reasons),
            )
            for paper in papers
        ),
    )


def _finding(papers: Sequence[Paper]) -> TaskFinding:
    """The worst verdict on the files, and all that was noticed; where there are several, with the first of the files in
    which it was: a message has its bounds, and `files` says of each by code.
    """
    said: dict[tuple[str, Text], list[str]] = {}
    for paper in papers:
        for reason in paper.reasons:
            said.setdefault(reason, []).append(paper.name)
    return TaskFinding(
        verdict=max((paper.verdict for paper in papers), key=("valid", "warning", "deficient").index),
        codes=tuple(code for code, _ in said),
        reasons=tuple(
            words.finding.of_files(names[:MOST_NAMED], text, more=len(names) - MOST_NAMED) if len(papers) > 1 else text
            for (_, text), names in said.items()
        ),
    )


def _replacement(packet: Packet, review: Review, code: Code, main: bool, catalogue: Catalogue) -> TaskMaterial:
    """What stands in for a paper that was not handed in: data, a promise, or the commitment."""
    material, gap, due = catalogue.materials[code], packet.gaps.get(code), None
    if material.source is Source.SHARED:
        by = Replacement.SHARED
    elif material.by_form and packet.form and packet.form.complete and review.route is not Route.COMMITMENT:
        by = Replacement.FORM
    elif material.result_of and (result := approval(packet, material.result_of, catalogue)):
        return TaskMaterial(slot=code, name=material.name, main=main, replaced_by=Replacement.RESULT, result=result)
    elif gap is not None and review.route is not Route.COMMITMENT:
        by, due = Replacement.GAP, gap.due.at
    else:
        by = Replacement.COMMITMENT
    return TaskMaterial(slot=code, name=material.name, main=main, replaced_by=by, due=due)
