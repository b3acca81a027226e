"""The packets table: one Query reads a packet, one transaction changes it.

`advance` is the only one that changes a packet (`save`). The other functions add facts as items of their own, each
with a condition that makes a repetition harmless.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any, TypedDict

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from kaigong.domain.model.arrivals import Awaited, Examined, Refusal, Submission
from kaigong.domain.model.benefits import BenefitFact
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.deadline import Pressed
from kaigong.domain.model.documents import DocumentSet
from kaigong.domain.model.form import FormTaken
from kaigong.domain.model.hand_out import HandOut
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import (
    Act,
    Breach,
    Caution,
    Commitment,
    DecisionFact,
    Drawn,
    Fact,
    Gap,
    Header,
    Issued,
    JointResult,
    LedgerEntry,
    Notice,
    Outbox,
    Packet,
    Papers,
    Prior,
    ProcedureFact,
    Proposal,
    Replaced,
    Review,
    ReviewState,
    RevocationFact,
    Rights,
    Signature,
    SiteVisit,
    Status,
    standing,
)
from kaigong.domain.model.supervision import SupervisionFact
from kaigong.domain.model.text import BUILT_LATER, Model
from kaigong.domain.model.waiting import HAND_OUTS, Wait
from kaigong.errors import NewerVersionExists, Refused
from kaigong.settings import settings

from . import arrivals, figures, intermediaries, keys
from .clients import client
from .items import (
    LATER,
    Item,
    all_of,
    dump,
    fields,
    item_at,
    key,
    packed,
    put_once,
    queried,
    size,
    to_attributes,
    transact,
    unpacked,
)

# DynamoDB's limits: actions and bytes of a transaction, bytes of an item.
MOST_WRITES, LARGEST_CHANGE, LARGEST_ITEM = 100, 4_000_000, 400_000
_LEAVES_A_MARK = (keys.LATE, keys.PAPERS)  # what went and comes again finds its own mark there
_PART = 300_000  # bytes of what is stored as one, in an item; choice: of hundreds of files it takes several
NOTED = timedelta(days=90)  # choice: how long it is told that a message was refused


class _Change(Model):
    """What one change of a packet says once and for all: its entry of the ledger, the notices that it gave, and what it
    wants delivered. They are one item, since each item of a transaction costs two writes.
    """

    entry: LedgerEntry
    notices: tuple[Notice, ...] = ()
    outbox: Outbox | None = None


class _WithThePapers(TypedDict, total=False):
    """What is stored as one item: it changes rarely, and together."""

    __pydantic_config__ = BUILT_LATER  # type: ignore[misc]  # pydantic reads it here

    papers: Papers
    gaps: dict[Code, Gap]
    commitments: dict[Code, Commitment]
    visits: dict[int, SiteVisit]
    breaches: dict[str, Breach]
    supervised_to: dict[Code, int]
    benefited_to: dict[Code, int]
    drawn: dict[str, Drawn]
    pressed: dict[str, Pressed]
    priors: dict[Code, Prior]
    cautions: dict[Code, Caution]
    hand_out: HandOut


class _Applied(TypedDict, total=False):
    """What is applied for, and by what right: one item as well."""

    __pydantic_config__ = BUILT_LATER  # type: ignore[misc]  # pydantic reads it here

    rights: Rights
    form: FormTaken


_APPLIED, _APPLIED_READ = set(_Applied.__annotations__), TypeAdapter(_Applied)
_WITH_THE_PAPERS, _WITH_THE_PAPERS_READ = set(_WithThePapers.__annotations__), TypeAdapter(_WithThePapers)


def _json(value: Model, **more: Any) -> str:
    return value.model_dump_json(exclude_defaults=True, **more)


def load(packet: str) -> Packet:
    """Everything of a packet that a decision needs, in one Query. Consistent: a stream may be ahead of replicas."""
    return _read(packet, keys.AFTER_PACKET)


def load_shown(packet: str) -> Packet:
    """The same with the history that pages show (notices, earlier submissions, decisions and procedures) and with what
    is still to be delivered.
    """
    return _read(packet, keys.OLD)


def load_with_ledger(packet: str) -> tuple[Packet, list[LedgerEntry]]:
    """What pages show of a packet, and the entries of its ledger that are read with it, in order; as a replica has it:
    for runs that look at a day which is over.
    """
    bound = {":pk": keys.packet_pk(packet), ":end": keys.OLD}
    items = list(queried("pk = :pk AND sk < :end", bound, consistent=False))
    return assembled(packet, items), _entries(item for item in items if item["sk"]["S"].startswith(keys.LEDGER))


def load_without_uploads(packet: str) -> Packet:
    """The same as `load` without the uploads, which are half of a packet and say nothing of its reviews."""
    return _read(packet, keys.UPLOAD)


def with_uploads(packet: Packet) -> Packet:
    """The packet with its uploads, where it was read without them."""
    bound = {":pk": keys.packet_pk(packet.packet), ":from": keys.UPLOAD, ":end": keys.AFTER_PACKET}
    found = assembled(packet.packet, list(queried("pk = :pk AND sk BETWEEN :from AND :end", bound)))
    return packet.changed(uploads=found.uploads)


def _read(packet: str, end: str) -> Packet:
    bound = {":pk": keys.packet_pk(packet), ":end": end}
    return assembled(packet, list(queried("pk = :pk AND sk < :end", bound)))


def papers_of(names: Iterable[str]) -> dict[str, Papers]:
    """The papers of packets, by id and in the order asked for, in one request for each hundred."""
    wanted, found = list(names), dict[str, Papers]()
    for item in all_of([key(name, keys.PAPERS) for name in wanted], consistent=False):
        name, content = keys.packet_of(item["pk"]["S"]), fields(item)["content"]
        if len(content) == _PART:  # there are more
            found[name] = load(name).papers
        else:
            found[name] = _WITH_THE_PAPERS_READ.validate_json(unpacked(content), extra=LATER).get("papers", Papers())
    return {name: found[name] for name in wanted if name in found}


def with_put_by(packet: Packet, awaited: Iterable[Awaited]) -> Packet:
    """The packet with uploads that were put by, and that a submission names all the same."""
    wanted = [key(packet.packet, keys.OLD + keys.slot_sk(a.slot, a.mark)) for a in awaited]
    if not packet.put_by or not wanted:
        return packet
    found: dict[tuple[Code, str], Examined] = {}
    for item in all_of(wanted):
        upload = arrivals.as_put_by(fields(item))
        found[upload.slot, upload.mark] = upload
    return packet.changed(uploads={**packet.uploads, **found})


class TooMuch(Refused):
    """A change that the table cannot take: too many items at once, or one that is too large."""


def save(before: Packet, after: Packet, entry: LedgerEntry, waits: Mapping[Wait, datetime]) -> None:
    """Write what changed, in one transaction. `waits`: what of the packet waits for the window, to be listed there.

    Raises NewerVersionExists when another worker changed the packet since it was read, TooMuch when the table cannot
    take the change; nothing is written then.
    """
    transact(writes(before, after, entry, waits))


def writes(before: Packet, after: Packet, entry: LedgerEntry, waits: Mapping[Wait, datetime]) -> list[Item]:
    """What `save` writes. Raises TooMuch when the table cannot take it."""
    table, pk = settings().table_name, keys.packet_pk(after.packet)
    old, new = _advanced_items(before, {}), _advanced_items(after, waits)
    new |= {
        keys.replaced_sk(round_): {"content": packed(_json(replaced))}
        for round_, replaced in after.replaced.items()
        if round_ not in before.replaced
    }
    puts: list[Item] = []
    for sk, item in new.items():
        if item == old.get(sk):
            continue
        put: Item = {"Item": {"pk": pk, "sk": sk, **item}}
        if sk == keys.HEADER:
            put |= _unchanged_since(before)
        elif sk not in old and keys.kind_of(sk) not in _LEAVES_A_MARK:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        puts.append(put)
    # Nobody is late any more, or the papers take fewer parts: the mark stays, out of the index and empty. A review that
    # may open again is not there yet.
    gone = old.keys() - new
    again = sorted(sk for sk in gone if keys.kind_of(sk) == keys.REVIEW)
    puts += [{"Item": {"pk": pk, "sk": sk, **_emptied(sk)}} for sk in gone.difference(again)]
    puts += [{"Item": item} for item in _elsewhere(before, after)]
    puts.append({"Item": _change_item(before, after, entry), "ConditionExpression": "attribute_not_exists(pk)"})
    updates = [
        {"Update": _taken(table, after.packet, submission)}
        for version, submission in after.submissions.items()
        if submission != before.submissions[version]
    ]
    updates += [{"Delete": {"TableName": table, "Key": key(after.packet, sk)}} for sk in again]
    _check_fits([put["Item"] for put in puts], len(puts) + len(updates))
    return [{"Put": {"TableName": table, **put, "Item": to_attributes(put["Item"])}} for put in puts] + updates


def _change_item(before: Packet, after: Packet, entry: LedgerEntry) -> Item:
    """While it is in the index `due` to be looked after, what it wants delivered is not delivered. The first change of
    a day is in there for the anchor too: at once where it sends nothing, else from when that is delivered.
    """
    outbox, first = after.outbox.get(entry.seq), _first_of_its_day(before.header, entry)
    notices = tuple(notice for number, notice in after.notices.items() if number not in before.notices)
    place = {"pk": keys.packet_pk(after.packet), "sk": keys.ledger_sk(entry.seq)}
    if outbox is not None:
        outbox = outbox.changed(first_of_day=first)
        place |= {"sk": keys.outbox_sk(entry.seq), **keys.due_index(after.packet, outbox.at + arrivals.PATIENCE)}
    elif first:
        place |= keys.moved_index(after.packet, entry.at)
    return {**place, "content": packed(_json(_Change(entry=entry, notices=notices, outbox=outbox)))}


def _first_of_its_day(before: Header | None, entry: LedgerEntry) -> bool:
    """Whether the packet moved for the first time on this day: the anchor finds it by that mark."""
    moved = before.moved_at if before else None
    return moved is None or moved.astimezone(UTC).date() != entry.at.astimezone(UTC).date()


def _check_fits(items: list[Item], writes: int) -> None:
    """Raises TooMuch. The limits of every contract are set so that this does not happen."""
    sizes = [size(item) for item in items]
    if writes > MOST_WRITES or max(sizes) > LARGEST_ITEM or sum(sizes) > LARGEST_CHANGE:
        raise TooMuch(
            "该材料包内容过多，无法登记，请联系窗口。",
            "This packet holds more than can be put on record; please turn to the window.",
        )


def put_by(packet: str, facts: Sequence[Fact]) -> None:
    """Move facts that are settled into the history, in transactions of their own: it does not matter when."""
    table = settings().table_name
    for some in batched(facts, MOST_WRITES // 2 - 1):
        writes: list[Item] = []
        for fact in some:
            sk, history = _places(fact)
            kept = to_attributes({"pk": keys.packet_pk(packet), "sk": history, **_kept(fact)})
            delete: Item = {"TableName": table, "Key": key(packet, sk)}
            if isinstance(fact, Examined):
                delete |= arrivals.as_it_was_read(fact)
            writes += [{"Put": {"TableName": table, "Item": kept}}, {"Delete": delete}]
        if any(isinstance(fact, Examined) for fact in some):
            writes.append({"Put": {"TableName": table, "Item": key(packet, keys.PUT_BY)}})
        with suppress(NewerVersionExists):  # somebody else does it now, or the next look at the packet does
            transact(writes)


def _kept(fact: Fact) -> Item:
    """What the history has of a fact."""
    return arrivals.put_by_item(fact) if isinstance(fact, Examined) else {"content": packed(_json(fact, by_alias=True))}


def _places(fact: Fact) -> tuple[str, str]:
    """Where a fact is, and where it goes in the history."""
    match fact:
        case Submission():
            sk = keys.submission_sk(fact.version)
        case DecisionFact():
            sk = keys.decision_sk(fact.matter, fact.round, fact.turn)
        case ProcedureFact():
            sk = keys.procedure_sk(fact.name)
        case DocumentSet():
            sk = keys.documents_sk(fact.occasion)
        case Examined():
            sk = keys.slot_sk(fact.slot, fact.mark)
            return sk, keys.OLD + sk
    return sk, keys.HISTORY + sk


def _emptied(sk: str) -> Item:
    """What stays at a place that nothing is to be read from any more."""
    return {"content": b""} if keys.kind_of(sk) == keys.PAPERS else {}


def _unchanged_since(before: Packet) -> Item:
    if before.header is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": to_attributes({":version": before.header.version}),
    }


def _taken(table: str, packet: str, submission: Submission) -> Item:
    """A submission that was looked at leaves the index of things to look after."""
    return {
        "TableName": table,
        "Key": key(packet, keys.submission_sk(submission.version)),
        "UpdateExpression": "SET taken = :round REMOVE gsi3pk, gsi3sk",
        "ExpressionAttributeValues": to_attributes({":round": submission.taken}),
    }


def _advanced_items(packet: Packet, waits: Mapping[Wait, datetime]) -> dict[str, Item]:
    """The items that `advance` writes, by sort key. The header, in which `waits` stands, differs at every change."""
    items: dict[str, Item] = {}
    if packet.header:
        items[keys.HEADER] = {**dump(packet.header), **_header_indexes(packet.header, waits)}
    if packet.rights or packet.form:
        items[keys.APPLIED] = {"content": packed(_json(packet, include=_APPLIED))}
    papers = _json(packet, include=_WITH_THE_PAPERS)
    if papers != "{}":
        parts = batched(packed(papers), _PART)
        items |= {keys.papers_sk(number): {"content": bytes(part)} for number, part in enumerate(parts)}
    if packet.result:
        items[keys.RESULT] = {"content": packed(_json(packet.result))}
    if packet.header and packet.header.late_since:
        items[keys.LATE] = keys.late_index(packet.packet, packet.header.late_since)
    items |= {keys.review_sk(code): dump(r) | _waiting(packet, r) for code, r in packet.reviews.items()}
    return items


def _header_indexes(header: Header, waits: Mapping[Wait, datetime]) -> Item:
    found: Item = keys.applicant_index(header.enterprise.uscc, header.submitted_at)
    if waits:
        about = {"enterprise": header.enterprise.name, "project": header.project.name}
        place = keys.hand_out_index if HAND_OUTS.issuperset(waits) else keys.window_index
        found |= place(header.packet, min(waits.values()))
        found["gsi2about"] = {**about, "waits": {wait.value: since.isoformat() for wait, since in waits.items()}}
    return found | (keys.due_index(header.packet, header.wake_at) if header.wake_at else {})


def _waiting(packet: Packet, review: Review) -> Item:
    """What shows a review on its department's desk while it is there to be decided or the applicant asks about it; and
    among what waits for applicants while a correction does.
    """
    header, corrects = packet.header, review.state is ReviewState.CORRECTION
    if header is None or not (review.pending or (corrects and header.status in _ON_ITS_WAY)):
        return {}
    asked = [act.at for act in packet.open_questions() if act.matter == review.matter]
    if corrects and not asked:
        place = keys.correcting_index(review.review_id, review.department, review.decided_at or review.opened_at)
    else:
        due, priority = asked[0] if asked else review.due.at, header.channel is Channel.GREEN
        place = keys.department_index(review.review_id, review.department, due, priority=priority)
    about = {"enterprise": header.enterprise.name, "project": header.project.name, "process": header.process}
    has = {"assigned": dump(review.assigned)} if review.assigned else {}
    return {**place, "gsi2about": about | has | ({"asked": asked[0].isoformat()} if asked else {})}


_ON_ITS_WAY = (Status.IN_REVIEW, Status.CORRECTING)


def _elsewhere(before: Packet, after: Packet) -> list[Item]:
    """What the packet's enterprise and project are to know of it: new breaches; that the packet is there, which of its
    gaps bar joint acceptance, what it has under review, what came of that in the end, and what its form says. And what
    it is found by.

    Only `advance` writes these, in the packet's own transaction, so that they never differ from it.
    """
    assert after.header is not None  # noqa: S101 - only packets with a header are saved
    pk = keys.credit_pk(after.header.enterprise.uscc)
    found: list[Item] = []
    if after.breaches != before.breaches:
        breaches = [dump(breach) for breach in after.breaches.values()]
        found.append({"pk": pk, "sk": keys.breach_sk(after.packet), "breaches": breaches})
    sought = after.header.sought_by
    if before.header is None or before.header.sought_by != sought:
        place = keys.submitted_key(after.packet, after.header.submitted_at)
        found.append({**place, "sought_by": sought})
    code, told = after.header.project.code, _told_of(after)
    earlier = before.header.project.code if before.header else None
    if code and not (earlier == code and told == _told_of(before)):
        found.append(_of_project(code, after.header, told))
    if earlier and earlier != code:  # it was another's: nothing of this packet counts there
        found.append(_of_project(earlier, after.header, {"gaps": []}))
    return found


def _of_project(code: str, header: Header, told: Item) -> Item:
    place = {"pk": keys.project_pk(code), "sk": keys.project_packet_sk(header.packet)}
    content = packed(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    return {**place, "packet": header.packet, "uscc": header.enterprise.uscc, "content": content}


def _told_of(packet: Packet) -> Item:
    """What a project knows of a packet. Single decisions are not told: they count once the packet is at its end."""
    gaps = [{"slot": gap.slot, "due": gap.due.model_dump(mode="json")} for gap in packet.owed().values()]
    under_review, approved = packet.under_review(), packet.approvals()
    return {
        "gaps": gaps,
        **({"under_review": list(under_review)} if under_review else {}),
        **({"approved": {code: at.isoformat() for code, at in approved.items()}} if approved else {}),
        **({"let_in": list(packet.let_in())} if packet.let_in() else {}),
        **_form_told(packet),
    }


def _form_told(packet: Packet) -> Item:
    """From when the packet says whose the project is, and what later applications for it are filled in with."""
    header = packet.header
    if header is None or header.accepted_at is None:
        return {}
    return {"accepted_at": header.accepted_at.isoformat()} | ({"form": packet.form.values} if packet.form else {})


def assembled(packet: str, items: list[Item]) -> Packet:
    parts: Item = {name: {} for name in _COLLECTIONS.values()}
    decided: list[DecisionFact] = []
    papers = b""
    for item in items:  # in the order of their keys
        sk, values = item["sk"]["S"], fields(item)
        match keys.kind_of(sk):
            case keys.HEADER:
                parts["header"] = Header.model_validate(values, extra=LATER)
            case keys.APPLIED:
                parts |= _APPLIED_READ.validate_json(unpacked(values["content"]), extra=LATER)
            case keys.PAPERS:
                papers += values["content"]  # of a part that is not needed any more nothing
            case keys.RESULT:
                parts["result"] = JointResult.model_validate_json(unpacked(values["content"]), extra=LATER)
            case keys.ISSUED:
                parts["issued"] = Issued.model_validate(values, extra=LATER)
            case keys.DOCUMENTS:
                made = _fact(DocumentSet, sk, values)
                parts["documents"][made.occasion] = made
            case keys.UPLOAD:
                upload = arrivals.as_upload(packet, sk, values)
                parts["uploads"][upload.slot, upload.mark] = upload
            case keys.PUT_BY:
                parts["put_by"] = True
            case keys.COUNTED:
                parts["counted"] = figures.counted(values)
            case keys.SUBMISSION:
                handed_in = arrivals.as_submission(sk, values)
                parts["submissions"][handed_in.version] = handed_in
            case keys.REFUSAL:
                parts["refusal"] = Refusal.model_validate(values, extra=LATER)
            case keys.SIGNED:
                parts["signatures"][values["matter"]] = Signature.model_validate(values, extra=LATER)
            case keys.REVIEW:
                parts["reviews"][values["matter"]] = Review.model_validate(values, extra=LATER)
            case keys.DECISION:
                decided.append(_fact(DecisionFact, sk, values))
            case keys.PROPOSAL:
                proposal = Proposal.model_validate({"packet": packet, **values}, extra=LATER)
                parts["proposals"][proposal.matter, proposal.round] = proposal
            case keys.PROCEDURE:
                fact = _fact(ProcedureFact, sk, values)
                parts["procedures"][fact.name] = fact
            case keys.REVOCATION:
                parts["revocations"][values["matter"]] = RevocationFact.model_validate(values, extra=LATER)
            case keys.SUPERVISED:
                told = SupervisionFact.model_validate(values, extra=LATER)
                parts["supervised"][told.name] = told
            case keys.BENEFIT:
                given = BenefitFact.model_validate(values, extra=LATER)
                parts["benefits"][given.name] = given
            case keys.ACT:
                act = Act.model_validate(values, extra=LATER)
                parts["acts"][act.name] = act
            case keys.LEDGER | keys.OUTBOX:
                change = _Change.model_validate_json(unpacked(values["content"]), extra=LATER)
                parts["notices"] |= {notice.number: notice for notice in change.notices}
                if change.outbox and keys.is_due(item):
                    parts["outbox"][change.outbox.version] = change.outbox
            case keys.REPLACED:
                replaced = Replaced.model_validate_json(unpacked(values["content"]), extra=LATER)
                parts["replaced"][replaced.round] = replaced
    parts["decisions"] = stands = standing(decided, parts["reviews"])
    gone = (fact for fact in decided if stands.get((fact.matter, fact.round)) != fact)
    parts["retracted"] = {(fact.matter, fact.round, fact.turn): fact for fact in gone}
    if papers:
        parts |= _WITH_THE_PAPERS_READ.validate_json(unpacked(papers), extra=LATER)
    return Packet(packet=packet, **parts)


_COLLECTIONS = {
    keys.UPLOAD: "uploads",
    keys.DOCUMENTS: "documents",
    keys.SUBMISSION: "submissions",
    keys.SIGNED: "signatures",
    keys.REVIEW: "reviews",
    keys.PROPOSAL: "proposals",
    keys.PROCEDURE: "procedures",
    keys.REVOCATION: "revocations",
    keys.SUPERVISED: "supervised",
    keys.BENEFIT: "benefits",
    keys.ACT: "acts",
    keys.LEDGER: "notices",
    keys.REPLACED: "replaced",
    keys.OUTBOX: "outbox",
}


def _fact[F: Model](kind: type[F], sk: str, values: Item) -> F:
    """A fact as whoever recorded it wrote it, or as `advance` put it by. That is told by its place alone: who may put
    things by must not be able to record what others do.
    """
    if keys.is_put_by(sk):
        return kind.model_validate_json(unpacked(values["content"]), extra=LATER)
    return kind.model_validate(values, extra=LATER)


# facts that other functions add


def record_signature(packet: str, signature: Signature) -> None:
    """Keep that a person accepted a letter at the portal; the newest of a matter counts."""
    item = {"pk": keys.packet_pk(packet), "sk": keys.signed_sk(signature.matter), **dump(signature)}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def record_issued(packet: str, issued: Issued) -> None:
    put_once(packet, keys.ISSUED_RESULT, dump(issued))


def record_documents(packet: str, made: DocumentSet) -> None:
    """Keep that the documents of an occasion were issued; the first word stays."""
    put_once(packet, keys.documents_sk(made.occasion), dump(made))


def record_decision(packet: str, fact: DecisionFact, counted: Sequence[Item] = ()) -> DecisionFact | None:
    """Keep the first decision of a matter, round and turn, and what it adds elsewhere (`counted`) with it: all or
    nothing. Returns the one that was there before, if any.
    """
    sk = keys.decision_sk(fact.matter, fact.round, fact.turn)
    if counted:
        put = {"TableName": settings().table_name, "Item": to_attributes({**_at(packet, sk), **dump(fact)})}
        put["ConditionExpression"] = "attribute_not_exists(pk)"
        try:
            transact([{"Put": put}, *({"Update": update} for update in counted)])
        except NewerVersionExists:
            there = _get(key(packet, sk))
            if there is None:  # the same officer's figures change at this moment: the message comes again
                raise
            return DecisionFact.model_validate(there, extra=LATER)
        return None
    old = put_once(packet, sk, dump(fact))
    return DecisionFact.model_validate(old, extra=LATER) if old else None


def _at(packet: str, sk: str) -> Item:
    return {"pk": keys.packet_pk(packet), "sk": sk}


def record_procedure(packet: str, fact: ProcedureFact) -> None:
    """Keep the start or end of a special procedure; a repetition changes nothing, also once the first is history."""
    sk = keys.procedure_sk(fact.name)
    if _get(key(packet, keys.HISTORY + sk)) is None:
        put_once(packet, sk, dump(fact))


def record_revocation(packet: str, fact: RevocationFact) -> RevocationFact | None:
    """Keep the first word that takes a matter's approval back. Returns the one that was there before, if any."""
    old = put_once(packet, keys.revocation_sk(fact.matter), dump(fact))
    return RevocationFact.model_validate(old, extra=LATER) if old else None


def record_refused(about: str, message_id: str, reason: str, at: datetime, department: str = "") -> None:
    """Note that a message was refused; outside the packet, so that whoever sends rubbish cannot make a packet heavy.

    `about` is the packet, or whoever sent it where it names none; `department` the one that sent it, where that is
    known. The note goes after three months.
    """
    index = keys.refused_index(at, reason, department, message_id)
    item = {**keys.refused_key(about, message_id), **index, "expires_at": int((at + NOTED).timestamp())}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def load_review(packet: str, matter: str) -> Review | None:
    item = _get(key(packet, keys.review_sk(matter)))
    return Review.model_validate(item, extra=LATER) if item else None


def ledger(packet: str) -> list[LedgerEntry]:
    """The ledger's entries as they are stored, in order. Strongly consistent."""
    bound = {":pk": keys.packet_pk(packet), ":ledger": keys.LEDGER}
    return _entries(queried("pk = :pk AND begins_with(sk, :ledger)", bound))


def _entries(items: Iterable[Item]) -> list[LedgerEntry]:
    entries = [_Change.model_validate_json(unpacked(fields(item)["content"]), extra=LATER).entry for item in items]
    return sorted(entries, key=lambda entry: entry.seq)


def delivered(packet: str, outbox: Outbox) -> None:
    """The orders of one change of the packet are delivered: they leave the index of things to look after. What the
    change counts of intermediaries is added in the same transaction; of more than fit into one, in several, of which
    each notes that it was made.

    Raises NewerVersionExists where another packet adds to the same record just now: then the orders go out again.
    """
    parts = list(batched(intermediaries.additions(outbox.counted), MOST_WRITES - 1)) or [()]
    for number, part in enumerate(parts, 1):
        changed = _struck_off(packet, outbox) if number == len(parts) else _counted(number)
        bound = changed.pop("bound", {}) | {":due": keys.DUE}
        update: Item = {
            "TableName": settings().table_name,
            "Key": key(packet, keys.outbox_sk(outbox.version)),
            "ExpressionAttributeValues": to_attributes(bound),
            **changed,
        }
        _strike_off(update, list(part))


def _struck_off(packet: str, outbox: Outbox) -> Item:
    """The first change of a day stays in the index, as the mark that the packet moved."""
    update: Item = {"UpdateExpression": "REMOVE gsi3pk, gsi3sk", "ConditionExpression": _UNDELIVERED}
    if not outbox.first_of_day:
        return update
    mark = keys.moved_index(packet, outbox.at)
    bound = {":pk": mark["gsi3pk"], ":sk": mark["gsi3sk"]}
    return {**update, "UpdateExpression": "SET gsi3pk = :pk, gsi3sk = :sk", "bound": bound}


def _counted(part: int) -> Item:
    once = f"{_UNDELIVERED} AND (attribute_not_exists(counted) OR counted < :part)"
    return {"UpdateExpression": "SET counted = :part", "ConditionExpression": once, "bound": {":part": part}}


_UNDELIVERED = "begins_with(gsi3pk, :due)"


def _strike_off(update: Item, additions: list[Item]) -> None:
    """Does nothing where it was done already, by another worker or before we died. Raises NewerVersionExists."""
    try:
        if additions:
            client("dynamodb").transact_write_items(TransactItems=[{"Update": update}, *additions])
        else:
            client("dynamodb").update_item(**update)
    except ClientError as error:
        reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
        if "ConditionalCheckFailed" in reasons or error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return
        if error.response["Error"]["Code"] in ("TransactionCanceledException", "TransactionConflictException"):
            raise NewerVersionExists("正在登记，请稍后再试。", "It is being put on record; try again later.") from error
        raise


class Limited(Model):
    """An item of the index `due`: whose, by which item, and when something is to be done about it, or since when it is
    late.
    """

    packet: str
    sk: str
    at: str  # as `keys.utc` has it


def overdue(now: datetime, days: int = 2) -> list[tuple[str, str]]:
    """Packets that should have moved on by now, and those whose supervision should have, each with the sort key of the
    item that says so.

    Looks at the index by deadline for today and the days before, `days` in all.
    """
    return [(found.packet, found.sk) for found in coming(now - timedelta(days=days - 1), now)]


def coming(since: datetime, until: datetime) -> Iterator[Limited]:
    """What something is to be done about on these days, by then, in that order; a day is read when it is asked for."""
    for ahead in range((until.date() - since.date()).days + 1):
        day = (since + timedelta(days=ahead)).date()
        buckets = range(keys.DUE_BUCKETS)
        yield from _merged(_due_in(keys.due_pk(day, bucket), "0", until) for bucket in buckets)


def late(now: datetime, since: datetime | None = None, most: int | None = None) -> list[Limited]:
    """What is late since then, the oldest first; so many at most."""
    first = keys.utc(since) if since else ""
    return _merged(_due_in(keys.late_pk(bucket), first or "0", now, most) for bucket in range(keys.DUE_BUCKETS))[:most]


def _merged(found: Iterable[list[Limited]]) -> list[Limited]:
    return sorted((one for some in found for one in some), key=lambda one: (one.at, one.packet, one.sk))


def _due_in(pk: str, first: str, until: datetime, most: int | None = None) -> list[Limited]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            IndexName="due",
            KeyConditionExpression="gsi3pk = :pk AND gsi3sk BETWEEN :first AND :until",
            ExpressionAttributeValues=to_attributes({":pk": pk, ":first": first, ":until": keys.utc(until)}),
            PaginationConfig={"MaxItems": most},
        )
    )
    return [
        Limited(packet=packet, sk=item["sk"]["S"], at=item["gsi3sk"]["S"])
        for page in pages
        for item in page["Items"]
        if (packet := keys.packet_of(item["pk"]["S"]) or keys.supervised_of(item["pk"]["S"]))
    ]


class Watched(Model):
    """How far `watch` has come: the object key its sweep of storage goes on behind, and the last day it looked at."""

    after: str = ""
    day: date | None = None
    sweeps: int = 0  # that came to their end


def watched() -> Watched:
    return Watched.model_validate(_get(to_attributes(keys.SWEEP)) or {}, extra=LATER)


def record_watched(done: Watched) -> None:
    item = to_attributes({**keys.SWEEP, **dump(done)})
    client("dynamodb").put_item(TableName=settings().table_name, Item=item)


def _get(primary_key: Item) -> Item | None:
    item = item_at(primary_key)
    return fields(item) if item else None
