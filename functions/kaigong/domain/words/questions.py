"""What is told of questions about corrections."""

from kaigong.domain.model.text import Text


def answered(matter: Text, words: str) -> Text:
    """What the applicant is told: the answer in the department's own words, in the language that it was written in."""
    return Text(
        zh=f"关于“{matter.zh}”补正的提问，部门答复：{words}",
        en=f"Your question about correcting {matter.en} was answered: {words}",
    )


def asked(matter: Text, days: int) -> Text:
    """The title of what the department is told, which has so many working days."""
    return Text(
        zh=f"申请人就“{matter.zh}”的补正提问，请在 {days} 个工作日内答复",
        en=f"The applicant asks about correcting {matter.en}: please answer within {days} working days",
    )
