"""What is told of a matter that rests on another one's approval, and of one that is applied for twice.

Sources: mission 1 (one list of matters) and 9 (shared information); the law that wants the prerequisite first is the
one that the matter itself rests on.
"""

from collections.abc import Iterable

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text


def wanted_first(matter: Text, before: Iterable[Text], basis: Text | None, ended: Iterable[Text]) -> Text:
    """The law wants these approvals first, and nobody has seen them; `ended`: those that were there once."""
    names, over = joined(before), list(ended)
    by = Text(zh=f"（{basis.zh}）", en=f" ({basis.en})") if basis else None
    term = _over(over) if over else None
    return Text(
        zh=f"办理“{matter.zh}”须先取得：{names.zh}{by.zh if by else ''}。"
        f"本项目没有查到有效的批准{term.zh if term else ''}。"
        "请在同一份申请中一并申请；此前已在别处取得的，请持批准文件到综合窗口登记后再申请。",
        en=f"{matter.en} needs this approval first: {names.en}{by.en if by else ''}. None that counts is on record for "
        f"this project{term.en if term else ''}. Apply for it in the same application; if you got it elsewhere, have "
        "the service window put it on record, then apply again.",
    )


def _over(names: Iterable[Text]) -> Text:
    """That the term of these approvals is over, as an aside."""
    over = joined(names)
    return Text(zh=f"（{over.zh}的批准已过有效期）", en=f" (the term of {over.en} is over)")


def unseen(matter: Text, before: Iterable[Text]) -> Text:
    """These approvals usually come first, and nobody has seen them; for applicant and officer alike."""
    names = joined(before)
    return Text(
        zh=f"“{matter.zh}”通常以下列批准为前提，本申请没有申请，本项目也没有查到有效的批准：{names.zh}。"
        "已经取得的，请把批准文件交审批部门核对；尚未取得的，请另行申请。",
        en=f"{matter.en} usually rests on approvals that are neither applied for here nor on record for this project: "
        f"{names.en}. If you have them, show them to the department; if not, apply for them.",
    )


def elsewhere(matter: Text, packets: Iterable[str]) -> Text:
    """The same enterprise applied for the same, for the same project, in a packet that is still under review."""
    listed = "、".join(packets), ", ".join(packets)
    return Text(
        zh=f"“{matter.zh}”已在材料包 {listed[0]} 中申请，正在审查。同一事项只需办理一次：如系重复申报，请撤回其中一份，"
        "或请综合窗口代为合并。",
        en=f"{matter.en} is applied for in packet {listed[1]} already, which is under review. It is needed once: if "
        "this is a repetition, withdraw one of the two, or ask the service window to merge them.",
    )


def unshared(matter: Text, materials: Iterable[Text]) -> Text:
    """What the system should fetch for a matter, and what the credit platform has not; for applicant and officer."""
    names = joined(materials)
    return Text(
        zh=f"“{matter.zh}”所需的{names.zh}应由系统共享获取，但信用平台目前没有本企业的记录，不能当场办结，由审批部门核实后决定。",
        en=f"{matter.en} needs what the system would fetch ({names.en}); the credit platform has no record of this "
        "enterprise, so nothing is decided on the spot: the department looks into it.",
    )
