"""Why an officer cannot answer a review now.

Sources: mission 7 (one officer has it, no passing the buck); design.md, "Contracts": whoever answers first counts, an
officer here or the department's own system.
"""

from datetime import datetime

from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ReviewState
from kaigong.domain.model.text import Text

from . import names
from .clock import moment

# the review has moved on


def old_round(now: int, seen: int) -> Text:
    """The page shows an earlier round."""
    return Text(
        zh=f"该事项已进入第{now}轮审查，您看到的是第{seen}轮。请重新打开后再作决定。",
        en=f"This review is now in round {now}; you were looking at round {seen}. Open it again before deciding.",
    )


OLD_TURN = Text(
    zh="您看到的决定已经收回。请重新打开该事项，查看现在的决定。",
    en="The decision that you were looking at was taken back. Open the review again and look at the one of now.",
)


def yours_counts(at: datetime, outcome: Outcome) -> Text:
    """The officer's own answer stands on record."""
    when, name = moment(at), names.OUTCOMES[outcome]
    return Text(zh=f"您的决定已于{when.zh}登记：{name.zh}。", en=f"Your decision was recorded on {when.en}: {name.en}.")


def anothers_counts(officer: str, at: datetime, outcome: Outcome, *, answered: bool) -> Text:
    """Somebody else's answer came first; `answered`: this officer had sent one as well."""
    when, name = moment(at), names.OUTCOMES[outcome]
    zh, en = ("没有采纳", "not taken") if answered else ("没有送出", "not sent")
    return Text(
        zh=f"本轮已由{officer}于{when.zh}作出决定：{name.zh}。先到的决定有效，您的决定{zh}。",
        en=f"{officer} decided this round on {when.en}: {name.en}. The first decision counts; yours was {en}.",
    )


_NOT_PENDING = Text(
    zh="该事项已经办结或者不在审查中，不能再作决定。",
    en="This review has been decided or is not open, so no decision can be made.",
)
_ENDED = {
    ReviewState.UNOPENED: Text(
        zh="前置事项未获批准，该事项没有开始审查。",
        en="A matter that comes before this one was not approved, so this review never started.",
    ),
    ReviewState.CORRECTION: Text(
        zh="已要求补正，等待申请人提交；补正后进入下一轮审查。",
        en="Corrections have been requested. The next round starts when the applicant has submitted them.",
    ),
}


def not_pending(state: ReviewState) -> Text:
    """The review is in a state that takes no decision."""
    return _ENDED.get(state, _NOT_PENDING)


# it is with somebody


def held_by(officer: str, until: datetime) -> Text:
    """A colleague has it."""
    end = moment(until)
    return Text(
        zh=f"{officer}正在审查，占用至{end.zh}。到期未办或者退回后，其他经办人可以接手。",
        en=f"{officer} is reviewing this until {end.en}. Others can take over once it is returned or the time is up.",
    )


ANSWER_SENT = Text(
    zh="您的决定已送出，正在登记，请稍候查看。",
    en="Your decision has been sent and is being recorded. Look again in a moment.",
)
