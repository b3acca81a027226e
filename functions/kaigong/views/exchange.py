"""A day's changes in the shape of the national data-sharing standard for construction-project approval
(工程建设项目审批管理系统数据共享交换标准), as public code of vendors has its tables and columns.

Nothing of it is in the rules: everything is read from the packet and from what its ledger says of that day, and the
status codes stand in views/national. What is uncertain of the standard is named in docs/exchange.md.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field

from kaigong.domain.flow.review import CORRECTION
from kaigong.domain.intake import prerequisites
from kaigong.domain.model.catalogue import Catalogue, Code, Route
from kaigong.domain.model.clock import Pause
from kaigong.domain.model.daily import ExchangeFile
from kaigong.domain.model.documents import RESULT, DocumentKind
from kaigong.domain.model.ledger import fingerprint
from kaigong.domain.model.messages import ProcedureKind
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Header, LedgerEntry, NoticeKind, Packet, Review, ReviewState, Status
from kaigong.domain.model.states import PacketEvent, ReviewEvent
from kaigong.domain.model.supervision import SupervisionEvent, SupervisionFact
from kaigong.domain.model.text import Model
from kaigong.domain.words import documents, names

from .national import OF_EVENT, NationalCode

# The tables, by what they are about; their names are the standard's.
PROJECTS = "spgl_xmjbxxb"  # 项目基本信息表
HANDLING = "spgl_xmspsxblxxb"  # 项目审批事项办理信息表
STEPS = "spgl_xmspsxblxxxxb"  # 项目审批事项办理详细信息表
APPROVALS = "spgl_xmspsxpfwjxxb"  # 项目审批事项批复文件信息表
PROCEDURES = "spgl_xmspsxbltbcxxxb"  # 项目审批事项办理特别程序信息表
COMMITMENTS = "spgl_gzcnzbjjgxxb"  # 告知承诺制办件监管信息表
TABLES = (PROJECTS, HANDLING, STEPS, APPROVALS, PROCEDURES, COMMITMENTS)

VALID, INVALID = 1, 0  # sjyxbs, 数据有效标识
NEW = 0  # sjsczt, 数据上传状态: to be taken over
HELD = -1  # kept here, since something that is wanted is missing; sbyy says what
OTHER_PROCEDURE = 8  # tbcx, 特别程序: 其他, as a vendor has it; the name says which
WORKING_DAYS = 1  # tbcxsxlx, 特别程序时限类型
WANTED = {"gcdm": "工程代码", "xmmc": "项目名称"}  # without these a row says nothing to the other side

Values = dict[str, str | int | None]
_C = NationalCode
# What a decision ends of what its review still rested for: a special procedure, or a correction.
_ENDED = {False: OF_EVENT[ReviewEvent.PROCEDURES_ENDED], True: OF_EVENT[ReviewEvent.DOUBTS_CLEARED]}


class Row(NamedTuple):
    """A row of one table. Its key (`dfsjzj`) is the same whenever the same thing is told."""

    table: str
    values: Values

    @property
    def key(self) -> str:
        return str(self.values["dfsjzj"])

    @property
    def packet(self) -> str:
        """The packet that a row is of."""
        return packet_of(self.key)


def packet_of(key: str) -> str:
    """The packet that the row with this key is of."""
    return key.partition(".")[0]


class ExchangeManifest(Model):
    """What a day's exchange consists of. It is put last: whoever finds it finds every file that it names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/exchange/1"] = Field(default="kaigong/exchange/1", alias="schema")
    day: date = Field(description="The city's day of whose changes the rows tell.")
    region: str = Field(description="行政区划代码 of the city.")
    run: str = Field(description="What its files lie under: the same packets, the same run.")
    resend: bool = Field(default=False, description="Whether these are rows that were refused, sent again.")
    packets: int
    files: tuple[ExchangeFile, ...]
    made_at: datetime


class _Moved(NamedTuple):
    """A matter came to a state of the standard."""

    matter: Code
    code: NationalCode
    at: datetime
    seq: int


def region_code(catalogue: Catalogue) -> str:
    """行政区划代码 of the city, six digits; empty where the catalogue names no region, and nothing is exchanged."""
    return catalogue.region.ljust(6, "0") if catalogue.region else ""


def rows(
    packet: Packet,
    entries: Iterable[LedgerEntry],
    since: datetime,
    until: datetime,
    catalogue: Catalogue,
    region: str,
    zone: tzinfo,
) -> list[Row]:
    """The rows that tell what the packet's ledger has from `since` on and before `until`, by the clock of the hall."""
    header, days = packet.header, [entry for entry in entries if since <= entry.at < until]
    if header is None or not days:
        return []
    moved = list(dict.fromkeys(each for entry in days for each in _moved(entry, packet)))
    found = [Row(PROJECTS, _project(packet, header, region, zone))]
    found += [Row(HANDLING, _handling(packet, m, catalogue)) for m in dict.fromkeys(each.matter for each in moved)]
    found += [Row(STEPS, _step(each, packet, catalogue, zone)) for each in moved]
    for entry in days:
        for event in entry.events:
            found += _of_event(event, entry, packet, catalogue, zone)
    common: Values = {"xzqhdm": region, "gcdm": header.project.code}
    state: Values = {"sjyxbs": VALID, "sjwxyy": None, "sjsczt": NEW, "sbyy": None}
    return [_checked(Row(row.table, {**common, **state, **row.values})) for row in found]


def _checked(row: Row) -> Row:
    missing = [name for column, name in WANTED.items() if column in row.values and not row.values[column]]
    if not missing:
        return row
    return Row(row.table, {**row.values, "sjsczt": HELD, "sbyy": f"缺少{'、'.join(missing)}"})


def resent(found: Iterable[Row], failed: Mapping[str, str]) -> Iterator[Row]:
    """Of these rows those that the other side refused, as vendors send them again: first the row as one that does not
    count, with why, then the row as it is now.
    """
    for row in found:
        if row.key in failed and row.values["sjsczt"] == NEW:
            why = f"重新上报：{failed[row.key]}"
            yield Row(row.table, {**row.values, "sjyxbs": INVALID, "sjwxyy": why})
            yield row


def lines(found: Iterable[Row]) -> bytes:
    """Rows as lines of JSON; columns in order, so that the same rows are the same bytes."""
    return b"".join(json.dumps(row.values, ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in found)


# what happened to matters


def _moved(entry: LedgerEntry, packet: Packet) -> Iterator[_Moved]:
    """The states of the standard that an entry brought matters to."""
    for matter in _goes_on(packet, entry.at):
        yield _Moved(matter, OF_EVENT[ReviewEvent.DOUBTS_CLEARED], entry.at, entry.seq)
    for event in entry.events:
        for matter, code in _codes(event, entry, packet):
            yield _Moved(matter, code, entry.at, entry.seq)


def _codes(event: Mapping[str, Any], entry: LedgerEntry, packet: Packet) -> Iterator[tuple[Code, NationalCode]]:
    submitted = next((each["matters"] for each in entry.events if each.get("event") == "submitted"), None)
    everything = submitted or list(packet.routes)
    match event.get("event"):
        case "submitted":
            again = entry.seq > 1  # it was sent back before; what is accepted as more came is of the same round
            yield from ((m, _C.CORRECTION_ENDED if again else _C.RECEIVED) for m in event["matters"])
        case "notice" if event["kind"] == NoticeKind.RETURNED:
            yield from ((m, OF_EVENT[PacketEvent.RETURNED]) for m in everything)
        case "notice" if event["kind"] == NoticeKind.CORRECTION:
            asked = {matter for _, matter, _ in event["items"]}  # whose own departments did, and were told as that
            yield from ((m, OF_EVENT[ReviewEvent.DOUBT_CONFIRMED]) for m in _rests(packet, entry.at) if m not in asked)
        case "accepted":
            yield from ((m, OF_EVENT[PacketEvent.ACCEPTED]) for m in everything)
        case "reviews":
            yield from ((m, OF_EVENT[ReviewEvent.OPENED]) for m in event["opened"])
            yield from ((m, OF_EVENT[ReviewEvent.NEVER_OPENS]) for m in event["never"])
        case "decided-by-rules":
            yield event["matter"], _approved(event["matter"], entry.at, packet)
        case "decided":
            yield from ((event["matter"], _ENDED[kind == CORRECTION]) for kind in event.get("ended", ()))
            yield event["matter"], _decided(event, entry.at, packet)
        case "resubmitted" if event["complete"]:
            yield from ((m, OF_EVENT[ReviewEvent.CORRECTED]) for m in event["reopened"])
        case "retracted" if not event["refused"]:
            if event.get("state") == ReviewState.CORRECTION:
                yield event["matter"], OF_EVENT[PacketEvent.CORRECTIONS_RETRACTED]
            yield event["matter"], OF_EVENT[ReviewEvent.RETRACTED]
        case "procedure-started":
            yield event["matter"], OF_EVENT[ReviewEvent.PROCEDURE_STARTED]
        case "visit-asked":
            yield from ((m, OF_EVENT[ReviewEvent.PROCEDURE_STARTED]) for m in event["matters"])
        case "procedure-ended" | "visit-over":
            yield from ((m, OF_EVENT[ReviewEvent.PROCEDURES_ENDED]) for m in event["matters"])
        case "withdrawn" | "correction-lapsed":
            yield from ((m, OF_EVENT[PacketEvent.WITHDRAWN]) for m in everything if _withdrawn(packet.reviews.get(m)))
        case "approval-ended":
            recalled = event["kind"] == "recall"
            yield event["matter"], OF_EVENT[ReviewEvent.RECALLED if recalled else ReviewEvent.REVOKED]


def _rests(packet: Packet, at: datetime) -> Iterator[Code]:
    """The matters whose limits rest for a correction since a moment. A doubt found true has those rest that are under
    review: its entry names none of them.
    """
    return (m for m, review in packet.reviews.items() if any(p.since == at for p in _corrections(review)))


def _goes_on(packet: Packet, at: datetime) -> Iterator[Code]:
    """The matters that do not rest for a correction any more since a moment: it came, or a doubt was cleared up."""
    return (m for m, review in packet.reviews.items() if any(p.until == at for p in _corrections(review)))


def _corrections(review: Review) -> Iterator[Pause]:
    return (pause for pause in review.pauses if pause.kind == CORRECTION)


def _withdrawn(review: Review | None) -> bool:
    return review is None or review.state is ReviewState.WITHDRAWN


def _decided(event: Mapping[str, Any], at: datetime, packet: Packet) -> NationalCode:
    match ReviewState(event["state"]):
        case ReviewState.APPROVED:
            return _approved(event["matter"], at, packet)
        case ReviewState.CORRECTION:
            return OF_EVENT[ReviewEvent.CORRECTION_ASKED]
        case _:
            return OF_EVENT[ReviewEvent.REJECTED]


def _approved(matter: Code, at: datetime, packet: Packet) -> NationalCode:
    """With gaps where something that was promised for it was still to come then."""
    waits = any(matter in gap.matters and (gap.closed_at is None or gap.closed_at > at) for gap in packet.gaps.values())
    return _C.APPROVED_WITH_GAPS if waits else _C.APPROVED


# rows


def _local(at: datetime | None, zone: tzinfo) -> str | None:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else None


def _instance(packet: Packet, matter: Code) -> str:
    """审批事项实例编码: the id of the review, which everybody uses."""
    return f"{packet.packet}.{matter}"


def _project(packet: Packet, header: Header, region: str, zone: tzinfo) -> Values:
    values = packet.form.values if packet.form else {}
    over = header.status in (Status.ISSUED, Status.WITHDRAWN)
    return {
        "dfsjzj": packet.packet,
        "xmdm": header.project.code,
        "xmmc": header.project.name,
        "gcfw": values.get("construction-content"),
        "jsdd": header.project.address,
        "jsddxzqh": region,
        "jsdw": header.enterprise.name,
        "jsdwdm": header.enterprise.uscc,
        "gbhy": values.get("industry"),
        "ztze": values.get("total-investment"),
        "ydmj": values.get("site-area"),
        "jzmj": values.get("floor-area"),
        "nkgsj": values.get("planned-start"),
        "njcsj": values.get("planned-end"),
        "splcbm": header.process,
        "sbsj": _local(header.submitted_at, zone),
        "xmsfwqbj": int(over),
        "xmwqbjsj": _local(header.withdrawn_at or header.decided_at, zone) if over else None,
    }


def _handling(packet: Packet, matter: Code, catalogue: Catalogue) -> Values:
    entry, review = catalogue.matters.get(matter), packet.reviews.get(matter)
    committed = packet.routes.get(matter) is Route.COMMITMENT
    department = entry.department if entry else ""
    return {
        "dfsjzj": _instance(packet, matter),
        "spsxslbm": _instance(packet, matter),
        "spsxbm": ((committed and entry.commitment_number) or entry.number) if entry else matter,
        "splcbm": packet.header.process if packet.header else None,
        "blspslbm": packet.packet,
        "spbmbm": department,
        "spbmmc": name_of(catalogue.departments, department).zh,
        "sxblsx": review.working_days if review else (entry.promised_days if entry else None),
        "sxgzcnzspqk": int(committed),
    }


def _step(moved: _Moved, packet: Packet, catalogue: Catalogue, zone: tzinfo) -> Values:
    entry, review = catalogue.matters.get(moved.matter), packet.reviews.get(moved.matter)
    name = name_of(catalogue.departments, entry.department if entry else "").zh
    ended = moved.code in (_C.APPROVED, _C.APPROVED_WITH_GAPS, _C.NOT_APPROVED) and review is not None
    said = [*(reason.text for reason in review.reasons), *review.conditions] if ended and review else []
    return {
        "dfsjzj": f"{_instance(packet, moved.matter)}.{moved.seq}.{moved.code.value}",
        "spsxslbm": _instance(packet, moved.matter),
        "blcs": name,
        "blzt": int(moved.code),
        "blyj": "；".join(said) or None,
        "blsj": _local(moved.at, zone),
        "dwmc": name,
    }


def _of_event(
    event: Mapping[str, Any], entry: LedgerEntry, packet: Packet, catalogue: Catalogue, zone: tzinfo
) -> Iterator[Row]:
    """Rows beside the steps: special procedures, approval files, and how commitments were kept."""
    began = _local(entry.at, zone)
    match event.get("event"):
        case "procedure-started":
            kind, number = ProcedureKind(event["kind"]), event["number"]
            yield Row(PROCEDURES, _procedure(packet, event["matter"], kind, event["round"], number, began))
        case "visit-asked":
            for matter in event["matters"]:
                pause = next(p for p in packet.reviews[matter].pauses if p.visit == event["visit"])
                visit = ProcedureKind.SITE_VISIT
                yield Row(PROCEDURES, _procedure(packet, matter, visit, pause.round, pause.number, began))
        case "documents" if event["occasion"] == RESULT:
            for code, sha256 in event["files"]:
                matter = code.removeprefix(f"{DocumentKind.CERTIFICATE.value}-")
                if matter != code and (review := packet.reviews.get(matter)):
                    yield Row(APPROVALS, _file(packet, review, sha256, catalogue, zone))
        case "approval-ended":
            occasion = packet.documents.get(RESULT)
            for made in occasion.documents if occasion else ():
                if made.name.kind is DocumentKind.CERTIFICATE and made.name.subject == event["matter"]:
                    values = _file(packet, packet.reviews[event["matter"]], made.sha256, catalogue, zone)
                    why = "许可已撤回" if event["kind"] == "recall" else "许可已撤销"
                    yield Row(APPROVALS, {**values, "sjyxbs": INVALID, "sjwxyy": why})
        case "supervised" if packet.routes.get(event["matter"]) is Route.COMMITMENT:
            known = (fact for fact in packet.supervised.values() if fingerprint(fact) == event["fact"])
            yield from (Row(COMMITMENTS, _verified(packet, fact, catalogue, zone)) for fact in known)


def _procedure(
    packet: Packet, matter: Code, kind: ProcedureKind, round_: int, number: int, began: str | None
) -> Values:
    instance = _instance(packet, matter)
    return {
        "dfsjzj": f"{instance}.{round_}.{kind.value}.{number}",
        "spsxslbm": instance,
        "tbcx": OTHER_PROCEDURE,
        "tbcxmc": names.PROCEDURES[kind].zh,
        "tbcxkssj": began,
        "tbcxsxlx": WORKING_DAYS,
        "tbcxsx": 0,  # none of ours has a term of its own
    }


def _file(packet: Packet, review: Review, sha256: str, catalogue: Catalogue, zone: tzinfo) -> Values:
    entry, at = catalogue.matters.get(review.matter), packet.decided_at(review.matter)
    code = f"{DocumentKind.CERTIFICATE.value}-{review.matter}"
    title = (entry.certificate or entry.name).zh if entry else review.matter
    until = prerequisites.end_of_term(review.matter, at, catalogue, zone) if at else None
    return {
        "dfsjzj": f"{_instance(packet, review.matter)}.{code}",
        "spsxslbm": _instance(packet, review.matter),
        "pfrq": at.astimezone(zone).date().isoformat() if at else None,
        "pfwh": documents.number(packet.packet, DocumentKind.CERTIFICATE, review.matter),
        "pfwjbt": title,
        "pfwjyxqx": until.date().isoformat() if until else None,
        "fjmc": f"{title}.pdf",
        "fjlx": "pdf",
        "fjid": sha256,
        "dzzzwjlj": f"issued/{packet.packet}/{code}.pdf",
    }


_KEPT = {SupervisionEvent.FULFILLED: 1, SupervisionEvent.BREACH: 0}  # sflxgzcn; of others it is not known yet


def _verified(packet: Packet, fact: SupervisionFact, catalogue: Catalogue, zone: tzinfo) -> Values:
    entry = catalogue.matters.get(fact.matter)
    department = (entry.supervisor or entry.department) if entry else ""
    return {
        "dfsjzj": f"{_instance(packet, fact.matter)}.supervision.{fact.version}",
        "spsxbm": _instance(packet, fact.matter),
        "jcbh": _instance(packet, fact.matter),
        "jcsj": _local(fact.at, zone),
        "jcbmmc": name_of(catalogue.departments, department).zh,
        "jcyjhsm": fact.basis or None,
        "sflxgzcn": _KEPT.get(fact.event),
        "gzcnlxqk": fact.text or names.SUPERVISION_EVENTS[fact.event].zh,
    }
