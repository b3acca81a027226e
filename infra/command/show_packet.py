"""What people see of a packet: where it is, who has it, until when, why. Chinese first, English second."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from .called import called
from .show import both, moment
from .terminal import table

_MAY_MOVE = "可能变动 may move"  # the year's holidays are not published yet


def outcome(console: Console, found: dict[str, Any], reasons: Sequence[dict[str, str]]) -> None:
    """What became of a submission, with every reason."""
    _line(console, f"{found['packet']}: {called('phase', found['status'])}")
    if reasons:
        rows = [(reason["where"], reason["code"], both(reason)) for reason in reasons]
        console.print(table("须补正 / to be put right", ("处 where", "代码 code", "说明 what to do"), rows))
    else:
        console.print(matters(found))


def status(console: Console, found: dict[str, Any]) -> None:
    """Everything that is told of a packet, the next step first."""
    channel = called("channel", found["channel"]) if found.get("channel") else ""
    parts = [
        found["packet"],
        called("phase", found["status"]),
        f"第 {found['round']} 轮 round {found['round']}",
        channel,
    ]
    console.print(" · ".join(part for part in parts if part), style="bold", markup=False, highlight=False)
    _next(console, found["next"])
    if found["matters"]:
        console.print(matters(found))
    _points(console, found["responsibility"]["points"])
    _gaps(console, found["gaps"])
    _commitments(console, found["commitments"])
    _background(console, found)
    for notice in found["notices"]:
        _notice(console, notice)
    if found.get("refusal"):
        points = [(reason["where"], both(reason["text"])) for reason in found["refusal"]["reasons"]]
        console.print(table("未予接收的原因 / why the manifest was not taken", ("处 where", "说明 what to do"), points))
    if found.get("result"):
        result = found["result"]
        console.print(f"{result['outcome']['zh']} / {result['outcome']['en']}（{result['code']}）", style="bold")


def matters(found: dict[str, Any]) -> Table:
    """The matters of a packet and how each stands, with its code of the national standard."""
    rows = [
        (
            matter["national"]["code"],
            f"{matter['name']['zh']}\n{matter['department_name']['zh']} · {called('route', matter['route'])}",
            "\n".join(_stands(matter)),
            _when(matter),
        )
        for matter in found["matters"]
    ]
    headings = ("国标", "事项 matter", "状态 state", "办结或期限 due")
    return table("事项 / matters", headings, rows, whole=(0, 3))


def _stands(matter: dict[str, Any]) -> Iterable[str]:
    yield called("matter", matter["state"])
    if matter["code"] == "12":
        yield called("result", matter["code"], "\n")
    if matter["by_rules"]:
        yield "规则当场决定 by rules"
    for rest in matter["rests"]:
        yield f"{rest['name']['zh']} {rest['name']['en']}"
        yield f"自 since {moment(rest['since'])}"
    for before in matter["waits_for"]:
        yield f"←{before['name']['zh']}"


def _when(matter: dict[str, Any]) -> str:
    if matter["decided_at"] and not matter["rests"]:
        return moment(matter["decided_at"])
    return _until(matter["due"], matter["due_certain"], matter["overdue"])


def _until(date: str | None, certain: bool, overdue: bool) -> str:
    said = [f"至 {moment(date)}"] if date else []
    return "\n".join([*said, *([] if certain else [_MAY_MOVE]), *([_overdue()] if overdue else [])])


def _overdue() -> str:
    return called("light", "red")


def _next(console: Console, step: dict[str, Any]) -> None:
    zh = f"下一步：{step['holder_name']['zh']}：{step['action']['zh']}{step['why']['zh']}"
    en = f"Next: {step['holder_name']['en']}: {step['action']['en']} {step['why']['en']}"
    _both(console, {"zh": zh, "en": en})
    if step.get("by"):
        marks = [
            f"期限 by {moment(step['by'])}",
            "" if step["by_certain"] else _MAY_MOVE,
            _overdue() if step["overdue"] else "",
        ]
        _line(console, "，".join(mark for mark in marks if mark))


def _points(console: Console, points: Sequence[dict[str, Any]]) -> None:
    if points:
        rows = [
            (p["owner"]["name"]["zh"], both(p["text"]), _until(p["by"], p["by_certain"], p["overdue"])) for p in points
        ]
        headings = ("谁 who", "做什么 what", "期限 until")
        console.print(table("待办 / open points", headings, rows, whole=(0, 2)))


def _gaps(console: Console, gaps: Sequence[dict[str, Any]]) -> None:
    if gaps:
        rows = [
            (gap["slot"], gap["name"]["zh"], _until(gap["due"], gap["due_certain"], False), "\n".join(_followed(gap)))
            for gap in gaps
        ]
        headings = ("代码 code", "材料 paper", "期限 due", "补齐 closed")
        console.print(table("容缺材料 / promised papers", headings, rows, whole=(0, 2)))


def _followed(gap: dict[str, Any]) -> Iterable[str]:
    if not gap["open"]:
        yield moment(gap["closed_at"])
    elif not gap["owed"]:
        yield "无需再补 no longer owed"
    else:
        yield _overdue() if gap["overdue"] else "待补 open"
    if gap["breach"]:
        yield "已记失信 a breach"
        yield f"可修复 repair from {moment(gap['repairable_from'])[:10]}"


def _commitments(console: Console, commitments: Sequence[dict[str, Any]]) -> None:
    if commitments:
        rows = [
            (
                moment(c["accepted_at"]),
                c["name"]["zh"],
                "\n".join(_letter(c)),
                _until(c["verify_by"], c["verify_by_certain"], c["verify_overdue"]),
            )
            for c in commitments
        ]
        headings = ("承诺 accepted", "事项 matter", "承诺书 letter", "核查 verified")
        console.print(table("告知承诺 / commitments", headings, rows, whole=(0, 3)))


def _letter(commitment: dict[str, Any]) -> Iterable[str]:
    yield called("signing", commitment["signing"], "\n")
    yield called("signature", commitment["level"], "\n")
    if who := commitment["signer"]:
        yield who["name"] + (f"（{called('role', who['role'])}）" if who["role"] else "")
    if commitment["version"]:
        yield f"第 {commitment['version']} 版 version {commitment['version']}"


def _notice(console: Console, notice: dict[str, Any]) -> None:
    title = f"{moment(notice['at'])} {notice['title']['zh']} / {notice['title']['en']}"
    points = [(item.get("slot") or item.get("matter") or "", both(item["text"])) for item in notice["items"]]
    if points:
        console.print(table(title, ("处 where", "说明 what is told"), points))
    else:
        _line(console, title)


def _background(console: Console, found: dict[str, Any]) -> None:
    """Why this channel, how long it takes, and who answers for it."""
    who = found["responsibility"]
    if found.get("why"):
        _both(console, found["why"])
        if found.get("why_since"):
            _line(console, f"认定时间 judged: {moment(found['why_since'])}")
        if found["privileges"]:
            zh, en = ([p["name"][language] for p in found["privileges"]] for language in ("zh", "en"))
            _both(console, {"zh": f"可享受：{'、'.join(zh)}。", "en": f"Open: {', '.join(en)}."})
    if found.get("plan"):
        _both(console, found["plan"]["text"])
    for visit in found["visits"]:
        _visit(console, visit)
    for doubt in found["doubts"]:
        found_true = "属实，须更正 true, to be corrected" if doubt["confirmed"] else "待核实 to be checked"
        _line(console, f"{found_true}: {doubt['name']['zh']} / {doubt['name']['en']}")
    _both(console, who["team"]["text"])
    _both(console, who["first_asked"]["text"])
    if who.get("helper"):
        _both(console, who["helper"]["text"])


def _visit(console: Console, visit: dict[str, Any]) -> None:
    names = "、".join(department["name"]["zh"] for department in visit["departments"])
    when = "时间待定 no date yet"
    if visit["held_at"]:
        when = f"{moment(visit['held_at'])} 已结束 over"
    elif visit["appointment"]:
        when = moment(visit["appointment"])
    _line(console, f"联合踏勘 joint site visit {visit['number']}：{names}；{when}")
    for finding in visit["findings"]:
        who = f"{finding['department']['name']['zh']}（{finding['matter']['name']['zh']}）"
        _line(console, f"  {who}{moment(finding['at'])}：{finding['text']}")


def _both(console: Console, text: dict[str, str]) -> None:
    """Chinese has no spaces to break a line at: the terminal does it."""
    console.print(text["zh"], markup=False, highlight=False, soft_wrap=True)
    _line(console, text["en"])


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False)
