"""How it stands with what waits somewhere, in words.

Source: mission 8 (early warning says why, not only that).
"""

from kaigong.domain.model.text import Text

NOTHING = Text(zh="没有在办事项。", en="Nothing waits here.")


def reason(*, red: int, amber: int, rests: int, running: int, late_days: int, waits_days: int) -> Text:
    """Of limits that run: how many are late, and how late; how many end soon or rest; how long one waits. In days."""
    if not running:
        return NOTHING
    zh, en = [], []
    if red:
        zh.append(f"{red} 件已逾期，最久的逾期 {late_days} 天" if late_days else f"{red} 件今日到期未办")
        en.append(f"{red} overdue, the longest by {_days(late_days)}" if late_days else f"{red} overdue since today")
    if amber:
        zh.append(f"{amber} 件一个工作日内到期")
        en.append(f"{amber} due within a working day")
    if rests:
        zh.append(f"{rests} 件时限暂停")
        en.append(f"{rests} with the clock paused")
    if not red and not amber:
        zh.append(f"{running} 件在办，均未到期" if not rests else f"共 {running} 件在办")
        en.append(f"{running} under way, none due soon" if not rests else f"{running} under way")
    zh.append(f"等得最久的已等 {waits_days} 天" if waits_days else "均为今日开始")
    en.append(f"the longest has waited {_days(waits_days)}" if waits_days else "all began today")
    return Text(zh="；".join(zh) + "。", en="; ".join(en) + ".")


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
