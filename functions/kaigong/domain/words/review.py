"""What a review says to the applicant: what its department wants corrected, and why it never opened.

Sources: mission 7 (一次性告知), 9 (parallel review); 行政许可法 §38 (reasons of a refusal).
"""

from collections.abc import Iterable

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text


def correction(department: Text, matter: Text, wanted: str, basis: str | None) -> Text:
    """One point that a department wants corrected, in the officer's own words, with what it rests on."""
    zh, en = (f"（{basis}）", f" ({basis})") if basis else ("", "")
    return Text(zh=f"{department.zh}（{matter.zh}）：{wanted}{zh}", en=f"{department.en} ({matter.en}): {wanted}{en}")


def not_opened(refused: Iterable[Text]) -> Text:
    """Why a matter was not reviewed at all: what comes before it was not approved."""
    before = joined(refused)
    return Text(zh=f"前置事项未获批准：{before.zh}", en=f"A matter it depends on was not approved: {before.en}")


def never_opened(refused: Iterable[Text]) -> str:
    """The same in one string, as it stands among officers' reasons."""
    text = not_opened(refused)
    return f"{text.zh} / {text.en}"
