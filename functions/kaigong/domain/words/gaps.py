"""What the applicant is told of a promised paper that follows (容缺受理).

Sources: mission 6; local rules on 容缺受理: one written notice with the missing materials, the date and the
consequence; a late one is handled as a breach, and the department may revoke.
"""

from datetime import date

from kaigong.domain.model.clock import Due
from kaigong.domain.model.text import Text

from .clock import day, spelled


def receipt(name: Text, due: Due) -> Text:
    """With acceptance, and again as a reminder: until when it is to follow, and what comes of a late one."""
    until = spelled(due)
    return Text(
        zh=f"容缺材料“{name.zh}”须于{until.zh}前补齐，逾期按失信处理。",
        en=f"{name.en} is due by {until.en}; an overdue paper counts as a breach of promise.",
    )


def closed(name: Text) -> Text:
    """Once it came and can be used."""
    return Text(zh=f"容缺材料“{name.zh}”已补齐。", en=f"{name.en} has been received; this gap is closed.")


def late(name: Text, repairable: date) -> Text:
    """Once its date passed: it is a breach, still to be handed in, and can be repaired from a day on."""
    since = day(repairable)
    return Text(
        zh=f"容缺材料“{name.zh}”逾期未补齐，已记入失信记录，有关部门可以撤销许可。请立即补交；"
        f"{since.zh}起可申请信用修复。",
        en=f"{name.en} was not supplied in time. This is recorded as a breach, and the department may "
        f"revoke the permit. Supply it now; you can apply to have the breach repaired from {since.en}.",
    )
