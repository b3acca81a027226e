"""What a ledger entry records, in words: what was done, and by whom.

An entry holds codes, versions and hashes, and never a person's name; so an officer is told here by the department, and
the window by its name. Source: mission 14 (the ledger), 7 (no passing the buck).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kaigong.domain.flow.acts import REFUSALS, ActRefusal
from kaigong.domain.flow.result import OUTCOMES, PARTIAL
from kaigong.domain.flow.rules import RULES
from kaigong.domain.flow.step import TITLES
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.model import naming
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.clock import PAUSE_NAMES
from kaigong.domain.model.messages import Channel, RevocationKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import NoticeKind, ResultCode
from kaigong.domain.model.text import Model, Text

from .matters import MatterState
from .words import CHANNELS, MATTER_STATES

SHORT = 12  # characters of a hash that people compare at a glance


class Line(Model):
    """One thing that an entry records: what, and by whom. `notice` is the number of a notice that can be read."""

    text: Text
    by: Text
    notice: int | None = None


def said(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    """An event in words. A packet is read for years: what is not known any more, or was forged, is told by its code."""
    name = str(event.get("event", ""))
    try:
        return EVENTS[name](event, catalogue)
    except (KeyError, TypeError, ValueError):
        return Line(text=Text(zh=f"其他记录：{name or '-'}", en=f"Another record: {name or '-'}"), by=naming.SYSTEM)


# who


def _department(matter: str, catalogue: Catalogue) -> Text:
    entry = catalogue.matters.get(matter)
    return name_of(catalogue.departments, entry.department if entry else "")


_WINDOW_OR_DEPARTMENT = Text(zh="综合受理窗口或部门", en="the window or a department")


# what


def _matters(codes: Iterable[str], catalogue: Catalogue) -> Text:
    return joined(name_of(catalogue.matters, code) for code in codes)


def _materials(codes: Iterable[str], catalogue: Catalogue) -> Text:
    return joined(name_of(catalogue.materials, code) for code in codes)


def _together(parts: Iterable[Text]) -> Text:
    there = list(parts)
    return Text(zh="；".join(p.zh for p in there) + "。", en="; ".join(p.en for p in there) + ".")


def _submitted(event: Mapping[str, Any], _: Catalogue) -> Line:
    matters, papers = len(event["matters"]), len(event["papers"])
    text = Text(
        zh=f"第 {event['round']} 次提交：{matters} 个事项，{papers} 份材料。",
        en=f"Submission {event['round']}: {matters} matter(s), {papers} paper(s).",
    )
    return Line(text=text, by=naming.APPLICANT)


def _accepted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    channel = CHANNELS[Channel(event["channel"])]
    parts = [Text(zh=f"受理，{channel.zh}", en=f"Accepted, {channel.en}")]
    if event["gaps"]:
        gaps = _materials(event["gaps"], catalogue)
        parts.append(Text(zh=f"容缺后补：{gaps.zh}", en=f"promised for later: {gaps.en}"))
    if event["commitments"]:
        committed = _matters((c["matter"] for c in event["commitments"]), catalogue)
        parts.append(Text(zh=f"告知承诺：{committed.zh}", en=f"by commitment: {committed.en}"))
    if event["doubts"]:
        doubts = joined(DOUBTS.get(code, Text(zh=code, en=code)) for code in event["doubts"])
        parts.append(Text(zh=f"待核实：{doubts.zh}", en=f"to be looked at: {doubts.en}"))
    return Line(text=_together(parts), by=naming.SYSTEM)


def _resubmitted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    if not event["complete"]:
        text = Text(
            zh=f"第 {event['round']} 次提交补正材料，尚不齐全。",
            en=f"Submission {event['round']} of corrected papers, not complete yet.",
        )
        return Line(text=text, by=naming.APPLICANT)
    reopened = _matters(event["reopened"], catalogue)
    text = Text(
        zh=f"第 {event['round']} 次提交，补正齐全，继续审查：{reopened.zh}。",
        en=f"Submission {event['round']}, corrected in full; reviewed again: {reopened.en}.",
    )
    return Line(text=text, by=naming.APPLICANT)


def _reviews(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    opened, decided, never = (_matters(event[k], catalogue) for k in ("opened", "decided", "never"))
    parts = []
    if event["opened"]:
        parts.append(Text(zh=f"开始审查：{opened.zh}", en=f"Reviews begin: {opened.en}"))
    if event["decided"]:
        parts.append(Text(zh=f"由规则当场决定：{decided.zh}", en=f"Decided by rules at once: {decided.en}"))
    if event["never"]:
        zh, en = f"前置事项未获批准，不再审查：{never.zh}", f"Never reviewed, what comes before was refused: {never.en}"
        parts.append(Text(zh=zh, en=en))
    return Line(text=_together(parts), by=naming.SYSTEM)


def _by_rules(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    name = name_of(catalogue.matters, event["matter"])
    rules = joined(RULES[rule["rule"]].name for rule in event["rules"])
    text = Text(
        zh=f"{name.zh}：符合规则（{rules.zh}），通过。", en=f"{name.en}: its rules hold ({rules.en}): approved."
    )
    return Line(text=text, by=naming.SYSTEM)


def _decided(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    name, state = name_of(catalogue.matters, event["matter"]), MATTER_STATES[MatterState(event["state"])]
    text = Text(
        zh=f"{name.zh}：第 {event['round']} 轮审查，{state.zh}。",
        en=f"{name.en}: round {event['round']}, {state.en.lower()}.",
    )
    return Line(text=text, by=_department(event["matter"], catalogue))


def _procedure_started(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    name, kind = name_of(catalogue.matters, event["matter"]), PAUSE_NAMES[event["kind"]]
    text = Text(zh=f"{name.zh}：{kind.zh}开始，时限暂停。", en=f"{name.en}: {kind.en} begins, the time limit rests.")
    return Line(text=text, by=_department(event["matter"], catalogue))


def _procedure_ended(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    names, kind = _matters(event["matters"], catalogue), PAUSE_NAMES[event["kind"]]
    by = joined({d.zh: d for m in event["matters"] if (d := _department(m, catalogue))}.values())
    text = Text(
        zh=f"{names.zh}：{kind.zh}结束，时限继续计算。", en=f"{names.en}: {kind.en} is over, the limit runs again."
    )
    return Line(text=text, by=by)


def _overdue(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    names = _matters(event["matters"], catalogue)
    return Line(text=Text(zh=f"超过办理期限：{names.zh}。", en=f"Past the time limit: {names.en}."), by=naming.SYSTEM)


def _notice(event: Mapping[str, Any], _: Catalogue) -> Line:
    title = TITLES[NoticeKind(event["kind"])]
    text = Text(zh=f"发出《{title.zh}》。", en=f"Notice sent: {title.en}.")
    return Line(text=text, by=naming.SYSTEM, notice=int(event["number"]))


def _result(event: Mapping[str, Any], _: Catalogue) -> Line:
    codes = {ResultCode(code) for _, code in event["matters"]}
    partial = ResultCode.NOT_APPROVED in codes and len(codes) > 1
    outcome = PARTIAL if partial else OUTCOMES[ResultCode(event["code"])]
    return Line(
        text=Text(
            zh=f"汇总 {len(event['matters'])} 个事项的决定，作出联合审批结果：{outcome.zh}。",
            en=f"Decisions on {len(event['matters'])} matter(s) make the joint result: {outcome.en}.",
        ),
        by=naming.SYSTEM,
    )


def _issued(event: Mapping[str, Any], _: Catalogue) -> Line:
    digest = event["sha256"][:SHORT]
    text = Text(zh=f"出具联合审批结果（校验值 {digest}…）。", en=f"The joint result is issued (SHA-256 {digest}…).")
    return Line(text=text, by=naming.SYSTEM)


def _approval_ended(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    name, recalled = name_of(catalogue.matters, event["matter"]), event["kind"] == RevocationKind.RECALL
    text = Text(
        zh=f"{name.zh}：批准已{'撤回' if recalled else '撤销'}。",
        en=f"{name.en}: the approval was {'recalled' if recalled else 'revoked'}.",
    )
    return Line(text=text, by=_department(event["matter"], catalogue))


def _withdrawn(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=Text(zh="撤回申请。", en="The application is withdrawn."), by=naming.APPLICANT)


def _withdrawal_refused(_: Mapping[str, Any], __: Catalogue) -> Line:
    zh, en = "要求撤回申请；已过可以撤回的阶段，未予撤回。", "Asked to withdraw; it was too late for that."
    return Line(text=Text(zh=zh, en=en), by=naming.APPLICANT)


def _slots(zh: str, en: str, by: Text) -> Callable[[Mapping[str, Any], Catalogue], Line]:
    """What happened to promised materials."""

    def line(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
        names = _materials(event["slots"], catalogue)
        return Line(text=Text(zh=f"{zh}：{names.zh}。", en=f"{en}: {names.en}."), by=by)

    return line


def _act(zh: str, en: str, by: Text) -> Callable[[Mapping[str, Any], Catalogue], Line]:
    """What a person put on record; where it could not be, why."""

    def line(event: Mapping[str, Any], _: Catalogue) -> Line:
        why = REFUSALS[ActRefusal(event["refused"])] if event["refused"] else None
        text = (
            Text(zh=f"{zh}；未予登记：{why.zh}", en=f"{en}; not taken: {why.en}")
            if why
            else Text(zh=f"{zh}。", en=f"{en}.")
        )
        return Line(text=text, by=by)

    return line


EVENTS: dict[str, Callable[[Mapping[str, Any], Catalogue], Line]] = {
    "submitted": _submitted,
    "accepted": _accepted,
    "resubmitted": _resubmitted,
    "reviews": _reviews,
    "decided-by-rules": _by_rules,
    "decided": _decided,
    "procedure-started": _procedure_started,
    "procedure-ended": _procedure_ended,
    "reviews-overdue": _overdue,
    "notice": _notice,
    "result": _result,
    "issued": _issued,
    "approval-ended": _approval_ended,
    "withdrawn": _withdrawn,
    "withdrawal-refused": _withdrawal_refused,
    "gaps-closed": _slots("补齐容缺材料", "Promised materials came", naming.APPLICANT),
    "gaps-still-open": _slots("补交的容缺材料不合格", "Promised materials that cannot be used", naming.APPLICANT),
    "gaps-reminded": _slots("提醒补交容缺材料", "Reminded of promised materials", naming.SYSTEM),
    "gaps-overdue": _slots(
        "容缺材料逾期，记入失信记录", "Promised materials overdue, on record as a breach", naming.SYSTEM
    ),
    "override-doubt": _act("核实身份信息疑点", "A doubt about an identity was settled", naming.WINDOW),
    "first-asked": _act("登记首问责任人", "The officer first asked is on record", _WINDOW_OR_DEPARTMENT),
    "appoint-visit": _act("约定联合踏勘时间", "The date of the joint site visit is set", naming.WINDOW),
    "pick-up": _act("登记帮办人", "The officer who helps is on record", naming.WINDOW),
}
