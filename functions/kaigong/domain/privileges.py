"""What an enterprise may use: green channel, commitment, tolerated gaps.

Sources: mission 2 and 3 (currently valid rating of the highest grade opens the green channel), mission 7 (so does the
industrial process), 国办发〔2020〕42号 and local rules on 容缺受理 (neither is open to an entity with an unrepaired
breach).
"""

from datetime import datetime

from .catalogue import Process
from .messages import Channel, CreditRecord
from .text import Model, Text

HIGHEST_GRADE = "AAA"  # choice: the default scheme AAA, AA, A, B, C, D


class Privileges(Model):
    """What is open, and why."""

    channel: Channel
    commitment: bool
    tolerance: bool
    why: Text


def privileges(process: Process, credit: CreditRecord | None, now: datetime) -> Privileges:
    """What an enterprise may use now. No credit record means no privilege from credit, never a refusal."""
    highest = credit is not None and credit.grade == HIGHEST_GRADE and credit.valid_from <= now < credit.valid_until
    trusted = credit is None or credit.unrepaired_breaches == 0
    if not trusted:
        why = Text(
            zh="企业有未修复的失信记录，暂不适用告知承诺和容缺受理。",
            en="The enterprise has an unrepaired breach on record: commitment and tolerated gaps are closed for now.",
        )
    elif highest:
        why = Text(
            zh="信用等级为最高且在有效期内，开通绿色通道。", en="Highest credit grade, currently valid: green channel."
        )
    elif process.green_channel:
        why = Text(
            zh="工业类项目拿地即开工，开通绿色通道。",
            en="Industrial project, start on getting the land: green channel.",
        )
    else:
        why = Text(zh="按普通通道办理。", en="Ordinary channel.")
    green = trusted and (highest or process.green_channel)
    channel = Channel.GREEN if green else Channel.ORDINARY
    return Privileges(channel=channel, commitment=trusted, tolerance=trusted, why=why)
