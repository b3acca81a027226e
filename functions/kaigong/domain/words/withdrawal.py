"""What is told once an application is withdrawn (撤件). Why one cannot be withdrawn any more: acts.py.

Source: mission, "Facts from law and standards" (code 2).
"""

from kaigong.domain.model.text import Text


def withdrawn(reason: str) -> Text:
    """By the applicant, or by the window for one of two packets that apply for the same; `reason` as it was given."""
    return Text(
        zh=f"申请已按要求撤回，未办结的事项不再办理。理由：{reason}。再次申报请使用新的材料包编号。",
        en=f"The application is withdrawn as asked; what was not decided goes no further. Reason given: {reason}. "
        "To apply again, use a new packet id.",
    )
