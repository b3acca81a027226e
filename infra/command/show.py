"""What people see of a command's answer: Chinese first, English second."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kaigong.domain.model.text import Text
from rich.console import Console

from infra.places import EXCHANGE

from .called import called
from .clock import local
from .terminal import entries, table

if TYPE_CHECKING:
    from kaigong.views.guide import Guide, GuideMaterial, GuideMatter
    from kaigong.views.needed import Needed
    from kaigong.views.search import FoundMatters

    from infra.local import Stack

    from .demo import Story


def moment(value: str | datetime | None) -> str:
    """A time as the clock of the hall shows it, to the minute."""
    return "" if value is None else f"{local(value):%Y-%m-%d %H:%M}"


def both(text: dict[str, str]) -> str:
    return f"{text['zh']}\n{text['en']}"


def stack(console: Console, found: "Stack") -> None:
    rows = [
        ("门户 portal", found.portal_url),
        ("AWS", found.endpoint_url),
        ("桶 bucket", found.bucket),
        ("表 table", found.table),
    ]
    console.print(table(f"{found.stack} 已启动 / is up", ("", ""), rows))
    accounts = [
        (u.username, u.password.get_secret_value(), ", ".join((*u.groups, *u.attributes.values()))) for u in found.users
    ]
    title = "演示账号，只在本机有效 / demo accounts, good on this machine alone"
    console.print(table(title, ("用户名 user", "密码 password", "身份 who"), accounts))


def guide(console: Console, found: "Guide") -> None:
    title = f"{found.process.name.zh}\n{found.process.name.en}" if found.process else "全部事项\nall matters"
    matters = [
        (
            matter.code,
            f"{matter.name.zh}\n{matter.department_name.zh} · {_days(matter).zh}\n"
            f"{matter.name.en}\n{matter.department_name.en}\n{_days(matter).en}\n"
            + "、".join(called("route", route.value) for route in matter.routes)
            + _fields(matter)
            + "\n",
        )
        for matter in found.matters
    ]
    console.print(f"{title}\n", markup=False, highlight=False, style="bold")
    console.print(entries(matters))
    papers = [
        (
            material.code,
            f"{material.name.zh}\n{material.name.en}\n"
            + " · ".join(filter(None, _asked(material)))
            + f"\n事项数 matters: {len(material.asked_by)}\n",
        )
        for material in found.materials
    ]
    console.print("材料，各交一次\npapers, each handed in once\n", markup=False, highlight=False, style="bold")
    console.print(entries(papers))


def _fields(matter: "GuideMatter") -> str:
    """What it asks for on the form, by the names that a manifest's `form` has."""
    listed = (
        f"{field.field} {field.name.zh}" + ("" if field.required else "（选填 optional）") for field in matter.form
    )
    return f"\n申请表 form: {'、'.join(listed)}" if matter.form else ""


def needed(console: Console, found: "Needed") -> None:
    """The matters that a project needs, each with its reasons, and the papers."""
    title = f"{found.process.name.zh}\n{found.process.name.en}\n"
    console.print(title, markup=False, highlight=False, style="bold")
    matters = [
        (
            matter.code,
            "\n".join((matter.name.zh, matter.name.en, *(f"{r.zh}\n{r.en}" for r in matter.reasons)))
            + f"\n{matter.department_name.zh} {matter.department_name.en} · {_promised(matter.promised_days)}\n",
        )
        for matter in found.matters
    ]
    console.print(entries(matters))
    papers = [
        (paper.code, f"{paper.name.zh}\n{paper.name.en}{' · 主要 main' if paper.main else ''}\n")
        for paper in found.materials
    ]
    console.print("材料，各交一次\npapers, each handed in once\n", markup=False, highlight=False, style="bold")
    console.print(entries(papers))
    if found.not_asked:
        console.print(
            f"另有 {found.not_asked} 个事项未在提问之列：kaigong guide --search / {found.not_asked} more matters are "
            "asked about nowhere: kaigong guide --search",
            markup=False,
        )


def listed(console: Console, found: "FoundMatters") -> None:
    """A page of the matters that were found."""
    rows = [
        (
            matter.code,
            f"{matter.name.zh}\n{matter.name.en}\n{matter.department_name.zh} {matter.department_name.en} · "
            f"{_promised(matter.promised_days)} · {matter.number}\n",
        )
        for matter in found.matters
    ]
    console.print(entries(rows))
    console.print(
        f"共 {found.found} 个事项，第 {found.page} 页，共 {found.pages} 页 / "
        f"{found.found} matters, page {found.page} of {found.pages}",
        markup=False,
        highlight=False,
    )


def _promised(days: int) -> str:
    return f"{days} 个工作日 working days" if days else "当日办结 the same day"


def _days(matter: "GuideMatter") -> Text:
    """Its time limit: what is promised, and what the law gives."""
    days, legal = matter.promised_days, matter.legal_days
    return Text(
        zh=f"{f'承诺 {days} 个工作日' if days else '当日办结'}，法定 {legal} 个工作日",
        en=f"{f'{days} working day(s) as promised' if days else 'finished the same day'}; {legal} working days by law",
    )


def _asked(material: "GuideMaterial") -> tuple[str, str]:
    """Whether it may be missing, and what it is handed in as."""
    weight = "主要 main" if material.main else "可后补 may follow" if material.may_follow else ""
    return weight, ", ".join(material.formats) if material.handed_in else "共享，不必提交 shared: not handed in"


def handed_in(console: Console, document: dict[str, Any]) -> None:
    console.print(f"材料包 packet: {document['packet']}", markup=False, highlight=False)
    rows = [
        (file["slot"], "\n".join(filter(None, (file["name"], both(file["becomes"]) if "becomes" in file else ""))))
        for file in document["files"]
    ]
    console.print("已上传 / uploaded", markup=False)
    console.print(entries(rows))
    if {file.get("becomes", {}).get("code") for file in document["files"]} == {"closes-gap"}:
        console.print(
            "系统将登记这些材料，无需再次提交。 / These papers are registered; nothing else is to be handed in."
        )


def materials(console: Console, found: dict[str, Any]) -> None:
    rows = [
        (
            material["slot"],
            material["name"]["zh"],
            "主要 main" if material["main"] else "",
            _worth(material.get("verdict"), material.get("replaced_by")) or "未交 missing",
            "\n".join(file["name"] for file in material["files"]),
            "\n".join(both(reason) for reason in material["reasons"]),
        )
        for material in found["materials"]
    ]
    headings = ("代码 code", "材料 paper", "", "结论 verdict", "文件 files", "原因 reasons")
    console.print(table(f"{found['packet']} 材料 / papers", headings, rows))


def _worth(verdict: str | None, replaced_by: str | None) -> str:
    """What a paper is worth, or what stands in its place."""
    if verdict:
        return called("verdict", verdict)
    return called("replacement", replaced_by) if replaced_by else ""


def recorded(console: Console, act: dict[str, Any]) -> None:
    console.print(f"{act['packet']}: {moment(act['at'])} 已登记 / recorded", markup=False, highlight=False)
    console.print(
        f"结果见 / what comes of it: kaigong status {act['packet']}", markup=False, highlight=False, soft_wrap=True
    )


def enterprises(console: Console, found: dict[str, Any]) -> None:
    """A project: who is on it, and whose packets it has."""
    console.print(f"{found['code']}  参与企业 enterprises: {', '.join(found['enterprises']) or '—'}", highlight=False)
    rows = [
        (packet["packet"], packet["uscc"], "否 no" if packet["packet"] in found["foreign"] else "是 yes")
        for packet in found["packets"]
    ]
    console.print(table("材料包 packets", ("编号 id", "企业 enterprise", "参与项目 on it"), rows))


def begun_again(console: Console, packet: str, draft: dict[str, Any]) -> None:
    """The draft that follows a packet, and what is still to be done about its papers."""
    console.print(f"{draft['packet']}（接续 follows {packet}）", markup=False, highlight=False)
    rows = [(slot["slot"], both(slot["name"]), both(slot["to_do"])) for slot in draft["foreseen"]["slots"]]
    console.print(table("材料 papers", ("代码 code", "名称 name", "下一步 to do"), rows))
    console.print(
        f"在门户填写并提交 / complete and submit it at the portal: /apply/{draft['packet']}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def documents(console: Console, found: dict[str, Any]) -> None:
    rows = [(d["document"], both(d["title"]), d["sha256"][:16]) for d in found["documents"]]
    console.print(table(found["packet"], ("文书 / Document", "名称 / Title", "SHA-256"), rows))
    if found["pending"]:
        console.print("其余文书正在制作 / Others are still being made.")


def routes(console: Console, found: dict[str, Any]) -> None:
    """The routes open to each matter, and what the enterprise may use."""
    rights = found["rights"]
    title = f"{found['packet']} · {found['process']['name']['zh']} / {found['process']['name']['en']}"
    rows = [("✓", p["name"]["zh"], p["name"]["en"]) for p in rights["granted"]]
    rows += [("✗", both(p["name"]), both(p["why"])) for p in rights["closed"]]
    console.print(table(title, ("", "便利 privilege", "说明 why"), rows))
    console.print(both(rights["why"]), markup=False, highlight=False)
    offered = [
        (
            matter["matter"],
            matter["name"]["zh"],
            called("route", route["route"]),
            "可选 open" if route["open"] else "不可选 closed",
            both(route["why"]),
        )
        for matter in found["matters"]
        for route in matter["routes"]
    ]
    headings = ("代码 code", "事项 matter", "途径 route", "", "说明 why")
    console.print(table("办理途径 / routes", headings, offered))


def tasks(console: Console, done: Sequence[dict[str, Any]], packet: str | None) -> None:
    """Tasks that were looked at or decided: of one packet, or of all that lay on a queue."""
    if not done and packet:
        console.print(
            f"该部门没有 {packet} 的待办审查；在哪里办理见 kaigong status {packet}。\n"
            f"The department has no review of {packet} to decide; kaigong status {packet} tells who has it.",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    elif not done:
        console.print("没有审查任务。 / There are no review tasks.")
    for entry in done:
        if "problem" in entry:
            console.print(
                f"{entry['queue']}: 消息不合约定 / breaks the contract: {entry['problem']}", markup=False, style="red"
            )
            continue
        task = entry["task"]
        if withdrawn := task.get("withdrawn"):
            name, text = task["matter_name"], withdrawn["text"]
            told = f"{task['packet']} · {name['zh']} {name['en']}: {text['zh']} / {text['en']}"
            console.print(told, markup=False, highlight=False, soft_wrap=True)
            continue
        papers = [
            (
                material["slot"],
                material["name"]["zh"],
                material.get("key", "").rpartition("/")[2] or _worth(None, material.get("replaced_by")),
                _worth(material.get("finding", {}).get("verdict"), None),
            )
            for material in task["materials"]
        ]
        title = (
            f"{task['packet']} · {task['matter_name']['zh']} {task['matter_name']['en']} · "
            f"第 {task['round']} 轮 round · 期限 due {moment(task['due'])} · "
            f"{entry['queue']} → {entry['outcome'] or '未办 left'}"
        )
        console.print(table(title, ("代码 code", "材料 paper", "文件 file", "结论 verdict"), papers))


def supervision(console: Console, records: Sequence[dict[str, Any]]) -> None:
    """Supervision records, each with where it is and until when the next thing is to be done."""
    if not records:
        console.print("没有监管记录 / no supervision records")
    for record in records:
        told = record.get("ending_name") or record["state_name"]
        until = f" · {moment(record['due'])}" if record.get("due") else ""
        console.print(f"{record['record']} · {both(told)}{until}", highlight=False)
        for finding in record.get("findings", ()):
            said = f"：{finding['text']}（{finding['basis']}）" if finding["text"] else ""
            console.print(f"  {both(finding['name'])}{said}", highlight=False)


def project(console: Console, found: dict[str, Any]) -> None:
    """A project: the days of its stages, and its packets."""
    console.print(f"{found['name']} · {found['code']}", highlight=False, markup=False)
    rows = [
        (
            both(stage["name"]),
            f"{stage['decided']}/{stage['matters']}",
            stage["working_days"],
            stage["conventional_days"],
        )
        for stage in found["stages"]
    ]
    headings = ("阶段 stage", "办结 decided", "工作日 days", "逐项办理 one by one")
    console.print(table("各阶段用时 / days of each stage", headings, rows))
    for packet in found["packets"]:
        told = packet["status"]
        outcome = both(told["result"]["outcome"]) if told["result"] else called("phase", told["status"])
        console.print(f"{told['packet']} · {outcome}", highlight=False, markup=False)


def photos(console: Console, came: Sequence[dict[str, Any]]) -> None:
    """Photos that were uploaded."""
    for photo in came:
        console.print(f"✓ {photo['name']} · {photo['upload']}", highlight=False, markup=False)


def roster(console: Console, found: dict[str, Any]) -> None:
    """A roster of inspectors, in the form in which it is written."""
    if not found["inspectors"]:
        console.print("没有名录：本部门任何人都可以检查 / no roster: anybody of the department inspects")
    for one in found["inspectors"]:
        console.print(" ".join((one["number"], one["name"], *one["interests"])), highlight=False, markup=False)


def draw(console: Console, found: dict[str, Any]) -> None:
    """The draw of a day, which anchors have its seed, and whether records are as it has them."""
    seed = found["seed"] or "次日公布 / told when the day is over"
    console.print(f"{found['day']} · SHA-256 {found['sha256']} · {seed}", highlight=False)
    for when, told in (("promised", "事前留存 promised in anchor"), ("published", "事后留存 published in anchor")):
        signed = found.get(when)
        console.print(f"{told} {signed['anchor']['number'] if signed else '—'}", highlight=False)
    for record in found.get("records", ()):
        mark, by = "✓" if record["as_drawn"] else "✗", ", ".join(record["inspectors"])
        console.print(f"{mark} {record['record']} · {record['drawn']}{by and f' · {by}'}", highlight=False)


def policies(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Policies, each with what it gives and what is left of it."""
    for policy in found:
        used_up = " · 预算已用完 budget used up" if policy["used_up"] else ""
        left = f"{policy['left']:,} / {policy['budget']:,}"
        told = (
            f"{policy['policy']['code']} · {both(policy['policy']['name'])} · {both(policy['gives'])} · {left}{used_up}"
        )
        console.print(told, markup=False, highlight=False, soft_wrap=True)
        for condition in policy["conditions"]:
            console.print(f"  {both(condition)}", markup=False, highlight=False, soft_wrap=True)


def policies_checked(console: Console, document: dict[str, Any]) -> None:
    """What is wrong with a file of policies, or that nothing is."""
    if document["ok"]:
        console.print(f"{len(document['policies'])} 项政策可以适用 / policies can be applied", highlight=False)
        return
    rows = [(p["file"], p["entry"], f"{p['reason']['zh']}\n{p['reason']['en']}") for p in document["problems"]]
    console.print(
        table(f"{len(rows)} 处有误 / problems: {len(rows)}", ("文件 file", "政策 policy", "原因 reason"), rows)
    )


def simulated(console: Console, found: dict[str, Any]) -> None:
    """What policies would have given."""
    rows = [
        (
            f"{entry['policy']}\n{entry['name']['zh']}",
            entry["granted"],
            f"{entry['spent']:,} / {entry['budget']:,}",
            entry["waits"],
            entry["capped"],
            moment(entry["used_up_at"]) if entry["used_up_at"] else "—",
        )
        for entry in found["policies"]
    ]
    heads = ("政策 policy", "授予 granted", "支出 spent", "排队 waiting", "达最高额 capped", "用完 used up")
    title = f"{found['year']} 年 {found['packets']} 个材料包 / {found['packets']} packets of {found['year']}"
    console.print(table(title, heads, rows))


def benefits(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Benefits, each with what is given to whom."""
    if not found:
        console.print("没有待兑现的待遇 / nothing to be paid")
    for benefit in found:
        state = f" · {both(benefit['state_name'])}" if "state_name" in benefit else ""
        gives = f" · {both(benefit['gives'])}" if benefit.get("gives") else ""
        told = f"{benefit['benefit']} · {both(benefit['policy']['name'])}{gives}{state} · {benefit['enterprise']}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)


def benefits_of(console: Console, found: dict[str, Any]) -> None:
    """What policies give for a packet, and why; of the others, why not."""
    if not found["decided"]:
        console.print("联合审批结果作出后认定 / worked out once there is a joint result")
    for entry in (*found["benefits"], *found["others"]):
        state = both(entry["state_name"]) if "state_name" in entry else "—"
        gives = f" · {both(entry['gives'])}" if entry.get("gives") else ""
        told = f"{entry['policy']['code']} · {both(entry['policy']['name'])} · {state}{gives}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
        for line in entry["because"]:
            mark = "✓" if line["holds"] else "✗"
            console.print(f"  {mark} {both(line['text'])}", markup=False, highlight=False, soft_wrap=True)


def dead_letters(console: Console, found: Sequence[dict[str, Any]]) -> None:
    rows = [(entry["queue"], entry["dead_letters"], both(entry["cause"]) if entry["cause"] else "") for entry in found]
    console.print(table("死信 / dead letters", ("队列 queue", "条数 messages", "可能的原因 likely cause"), rows))


def looked_over(console: Console, document: dict[str, Any]) -> None:
    """Each part of a stack: how it is, and what is to be done."""
    signs = {"well": "正常 well", "attention": "留意 attention", "broken": "故障 broken"}
    rows = [
        (each["part"], signs[each["state"]], both(each["seen"]) + (f"\n→ {both(each['do'])}" if each["do"] else ""))
        for each in document["parts"]
    ]
    console.print(
        table(f"{document['stack']}：检查 / looked over", ("部分 part", "状态 state", "说明 about"), rows, (0, 1))
    )


def redriven(console: Console, document: dict[str, Any]) -> None:
    console.print(f"{document['queue']}：重投 {document['redriven']} 条 / sent again: {document['redriven']}")
    if document["left"]:
        console.print(
            f"另有 {document['left']} 条是流处理失败报告，不能重投；材料包见 kaigong ops stuck。\n"
            f"{document['left']} more report a failed stream batch and cannot be sent again; see kaigong ops stuck.",
            markup=False,
        )


def stuck(console: Console, found: dict[str, Any]) -> None:
    """Packets that should have moved on by now."""
    rows = [(entry["packet"], "\n".join(called("stuck", why) for why in entry["why"])) for entry in found["packets"]]
    console.print(table("逾期未动 / stuck", ("材料包 packet", "原因 why"), rows))


def deadlines(console: Console, found: dict[str, Any]) -> None:
    """Limits that are overdue or end soon: what, of which packet, whose, until when, and who was told."""
    rows = [
        (
            both(entry["name"]),
            entry["packet"],
            both(entry["owner_name"]),
            moment(entry["due"]),
            called("light", entry["light"]),
            "\n".join(called("reminder", each) for each in entry["told"]) or "—",
        )
        for entry in found["rows"]
    ]
    heads = ("办什么 what", "材料包 packet", "责任人 owner", "期限 due", "状态 state", "已告知 told")
    console.print(table("期限督办 / deadlines", heads, rows))
    if found["next"]:
        console.print(f"下一页 / next page: --after {found['next']}", markup=False)


def problems(console: Console, found: dict[str, Any]) -> None:
    """The problem list: of each matter or department its risk and numbers, and what is advised."""
    rows = [
        (
            row["code"],
            both(row["name"]),
            f"{called('risk', row['risk']['level'])} {row['risk']['points']}",
            "\n".join(_figure(each) for each in row["figures"]),
        )
        for row in found["rows"]
    ]
    heads = ("代码 code", "名称 name", "风险 risk", "件数 count")
    title = f"问题清单 / problems: {found['first']} – {found['last']} ({found['days']})"
    console.print(table(title, heads, rows))
    for row in found["rows"]:
        for line in row["advice"]:
            console.print(f"{row['code']}: {both(line['text'])}", markup=False, highlight=False)
    for each in found["packets"]:
        console.print(f"{each['packet']}  {_risk(each['risk'])}", markup=False, highlight=False)


def _figure(figure: dict[str, Any]) -> str:
    share = "" if figure["percent"] is None else f" ({figure['percent']} %)"
    return f"{figure['name']['zh']} {figure['name']['en']}: {figure['count']}{share}"


def _risk(found: dict[str, Any]) -> str:
    parts = "".join(f"\n  +{part['points']} {both(part['because'])}" for part in found["parts"])
    return f"{called('risk', found['level'])} {found['points']}{parts}"


def risk(console: Console, found: dict[str, Any]) -> None:
    """The risk of a packet, and its parts."""
    console.print(f"{found['packet']}  {_risk(found['risk'])}", markup=False, highlight=False)


def exchanged(console: Console, found: list[dict[str, Any]]) -> None:
    """What was written for the national exchange: of each file its table and rows."""
    for told in found:
        rows = [(file["key"].removeprefix(EXCHANGE), file["rows"], file["held"]) for file in told["files"]]
        again = " 重新上报 resend" if told["resend"] else ""
        title = f"{told['day']}{again}: {told['packets']} 份 / packets, {told['made_at']}"
        console.print(table(title, ("文件 file", "行 rows", "暂存 held"), rows))


def figures(console: Console, found: dict[str, Any]) -> None:
    """Early warning: totals, then how it stands by department and by kind of limit, and why."""
    scope, of = found["all"], found["all"]["totals"]
    counts = {
        "受理 taken": of["taken"],
        "在办 open": scope["open"],
        "办结 decided": of["decided"],
        "按时 on time": of["on_time"],
        "首次退回 returned": of["returned"],
        called("phase", "withdrawn"): of["withdrawn"],
        "节省工作日 days saved": of["days_before"] - of["days"],
        "少交材料 papers saved": of["papers_before"] - of["papers"],
    }
    console.print(
        table(f"自 {found['since']} 起 / since {found['since']}", tuple(counts), [tuple(map(str, counts.values()))])
    )
    lamps = (*(called("light", light) for light in _LIGHTS), called("matter", "paused"))
    heads = ("", *lamps, "原因 why")
    for title, standing in (("各部门 / departments", scope["departments"]), ("各类期限 / limits", scope["limits"])):
        rows = [
            (both(row["name"]), *(str(row["waiting"][light]) for light in (*_LIGHTS, "rests")), both(row["reason"]))
            for row in standing
        ]
        console.print(table(title, heads, rows))
    names = {step["code"]: both(step["name"]) for step in scope["matters"]}
    for head, code in (("最慢环节 / slowest", scope["slowest"]), ("等得最久 / waits longest", scope["longest"])):
        if code:
            console.print(f"{head}: {names[code]}", markup=False)


_LIGHTS = ("red", "amber", "green")


def refused(console: Console, found: dict[str, Any]) -> None:
    """Messages that did not count: when, about what, why, whose; the id finds them in the log of their function."""
    rows = [
        (moment(entry["at"]), entry["about"], entry["reason"], entry.get("department") or "—", entry["message_id"])
        for entry in found["messages"]
    ]
    heads = ("时间 time", "关于 about", "原因 reason", "部门 department", "消息 message")
    console.print(table("未被采纳 / refused", heads, rows))


def inspected(console: Console, found: dict[str, Any]) -> None:
    """What the table holds of a packet, what it waits for, and its last error."""
    rows = [
        (entry["kind"], "历史 history" if entry["history"] else "状态 state", *map(str, _counts(entry)))
        for entry in found["items"]
    ]
    heads = ("种类 kind", "", "数量 count", "字节 bytes", "最大 largest")
    console.print(table(f"{found['packet']} · {found['status'] or '—'}", heads, rows))
    _waits(console, found)
    error, since = found["last_error"], moment(found["logs_since"])
    said = f"{moment(error['at'])} {error['function']}: {error['error']}" if error else f"— （{since} 起 since）"
    for label, value in (
        ("未被采纳 refused", ", ".join(entry["reason"] for entry in found["refused"]) or "—"),
        ("最近错误 last error", said),
    ):
        console.print(f"{label}: {value}", markup=False)


def traced(console: Console, found: dict[str, Any]) -> None:
    """What happened to a packet, the oldest first, and where its messages may wait."""
    rows = []
    for (source, where, what), same in groupby(found["events"], lambda e: (e["source"], e["where"], _told(e))):
        first, *more = [event["at"] for event in same]  # somebody who looks again and again is one row
        rows.append((_second(first), source, where, f"{what} ×{len(more) + 1}" if more else what))
    heads = ("时间 time", "来源 source", "处 where", "经过 what")
    console.print(table(f"{found['packet']} · {found['status'] or '—'}", heads, rows, whole=(0, 1)))
    busy = [
        (each["queue"], *(each[name] for name in ("waiting", "in_flight", "delayed", "dead_letters", "ours")))
        for each in found["queues"]
        if any(value for name, value in each.items() if name != "queue")
    ]
    if busy:
        columns = ("队列 queue", "待读 waiting", "在读 in flight", "推迟 delayed", "死信 dead", "其中本件 of it")
        console.print(table("队列 queues", columns, busy))
    _waits(console, found)


def _second(value: str) -> str:
    return f"{local(value):%Y-%m-%d %H:%M:%S}"


def _told(event: dict[str, Any]) -> str:
    """What happened, and what else was said: ids, codes and outcomes."""
    more = [f"{name}={value}" for name, value in event["more"].items() if name not in ("function_request_id", "events")]
    return " ".join([event["what"], *more])


def _waits(console: Console, found: dict[str, Any]) -> None:
    wake = found["wake_at"]
    for label, value in (
        ("下一步 next", f"{found['next']['zh']} {found['next']['en']}"),
        ("由谁 holder", f"{found['holder']['zh']} {found['holder']['en']}"),
        ("待检查 to examine", ", ".join(found["examining"]) or "—"),
        ("未处理的提交 not looked at", str(found["not_looked_at"])),
        ("待送达 outbox", "; ".join(", ".join(entry["orders"]) for entry in found["outbox"]) or "—"),
        ("定时唤醒 wakes at", moment(wake) if wake else "—"),
    ):
        console.print(f"{label}: {value}", markup=False)


def _counts(entry: dict[str, Any]) -> tuple[int, int, int]:
    return entry["count"], entry["bytes"], entry["largest"]


def story(console: Console, told: "Story") -> None:
    rows = [
        (
            f"{local(event.at):%H:%M:%S}",
            f"{event.who.zh}\n{event.who.en}",
            f"{event.what.zh}\n{event.what.en}",
        )
        for event in told.events
    ]
    console.print(table(f"{told.packet}", ("时间 time", "谁 who", "做了什么 what"), rows))
    for wrong in told.wrong:
        console.print(f"{wrong.zh} / {wrong.en}", style="bold red", markup=False)
    if not told.wrong:
        console.print(f"{told.summary.zh}\n{told.summary.en}", style="bold green", markup=False)
    stop, up = f"kaigong down --stack {told.stack}", f"kaigong up --stack {told.stack}"
    console.print(
        f"本机系统 {told.stack} 仍在运行。门户：{told.portal_url}\n查看账号：{up}；停止（保留数据）：{stop}\n"
        f"The local stack {told.stack} is still running. Its portal: {told.portal_url}\n"
        f"Its accounts: {up}; to stop it (it keeps its data): {stop}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def verified(console: Console, found: dict[str, Any]) -> None:
    """What a document is worth, and why."""
    good = found["verdict"] == "current"
    console.print(both(found["title"]), style="bold green" if good else "bold red", markup=False)
    for reason in found["reasons"]:
        console.print(f"{both(reason['text'])}  {reason['at'] or ''}".rstrip(), markup=False, highlight=False)
    if found["number"]:
        console.print(f"编号 number: {found['number']}", markup=False, highlight=False)


def proven(console: Console, found: dict[str, Any]) -> None:
    """Whether a packet's ledger is what it was."""
    for fault in found["faults"]:
        console.print(f"{fault['number']}  {both(fault['text'])}", style="bold red", markup=False)
    if found["holds"]:
        console.print(
            f"办理档案完整：{found['entries']} 条，其中 {found['anchored']} 条已签名留存。\n"
            f"The ledger holds: {found['entries']} entries, {found['anchored']} of them anchored.",
            markup=False,
            highlight=False,
        )
    if found["anchored_at"]:
        console.print(f"签名留存 anchor {found['anchor']}: {found['anchored_at']}", markup=False, highlight=False)


def audited(console: Console, found: dict[str, Any]) -> None:
    """What was compared, and each fault with the packet or the anchor that it is of."""
    for fault in found["faults"]:
        where = fault["packet"] or "签名留存 anchor"
        console.print(f"{where} {fault['number']}  {both(fault['text'])}", style="bold red", markup=False)
    counted = f"{found['anchors']} / {found['heads']} / {found['packets']}"
    console.print(f"签名留存、链头、材料包 / anchors, heads, packets: {counted}", markup=False, highlight=False)
    if not found["faults"]:
        console.print("全部相符。 / All of them hold.", markup=False)
