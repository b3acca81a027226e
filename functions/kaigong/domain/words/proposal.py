"""Decisions that one officer proposes and another one signs (审核、签批).

Source: flow/proposal.py.
"""

from datetime import datetime

from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.text import Text

from . import names
from .clock import moment


def own(at: datetime, outcome: Outcome) -> Text:
    """The officer's own proposal waits for somebody else."""
    when, name = moment(at), names.OUTCOMES[outcome]
    return Text(
        zh=f"您已于{when.zh}提出审核意见：{name.zh}。须由本部门其他经办人签批，不能由本人签批；需要修改的，请其退回。",
        en=f"You proposed this on {when.en}: {name.en}. Another officer of your department must sign it; you "
        "cannot sign it yourself. To change it, ask a colleague to send it back.",
    )


def to_be_signed(officer: str, at: datetime, outcome: Outcome) -> Text:
    """A colleague's proposal is to be signed or sent back first."""
    when, name = moment(at), names.OUTCOMES[outcome]
    return Text(
        zh=f"{officer}已于{when.zh}提出审核意见：{name.zh}。请签批；不同意的，请写明理由退回，退回后可以另提意见。",
        en=f"{officer} proposed a decision on {when.en}: {name.en}. Sign it; if you disagree, send it back with a "
        "reason, and then another decision can be proposed.",
    )


NOTHING_TO_SIGN = Text(
    zh="您看到的审核意见已经签批、退回或者更改。请重新打开该事项查看。",
    en="The proposal that you saw has been signed, sent back or changed. Open the review again.",
)


VOID = Text(
    zh="提出该意见之后，企业或项目信息已经更正，该意见不再有效，不能签批。请核对更正后的信息，另提审核意见。",
    en="Enterprise or project was corrected after this was proposed, so it counts no more and cannot be signed. Look "
    "at the corrected data and propose a decision anew.",
)


def signed(officer: str, signed_by: str, at: datetime, outcome: Outcome) -> Text:
    """The round is decided, by two officers."""
    when, name = moment(at), names.OUTCOMES[outcome]
    return Text(
        zh=f"本轮已于{when.zh}作出决定：{name.zh}。审核：{officer}；签批：{signed_by}。",
        en=f"This round was decided on {when.en}: {name.en}. Proposed by {officer}, signed by {signed_by}.",
    )
