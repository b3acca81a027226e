"""How long matters take, one after another and side by side.

Sources: mission 9 (parallel review), 10 (working days).
"""

from kaigong.domain.model.text import Text
from kaigong.domain.words.clock import working_days

AT_ONCE = Text(
    zh="所选事项当场决定，不需要工作日。",
    en="The matters you chose are decided on the spot and take no working days.",
)


def compared(serial: int, parallel: int) -> Text:
    """In working days."""
    return Text(
        zh=f"逐项办理约需 {serial} 个工作日，并联办理 {parallel} 个工作日",
        en=f"About {working_days(serial)} one after another, {working_days(parallel)} in parallel",
    )
