"""The commitment letter (告知承诺书) as it reads for every matter; the matter's own part is the catalogue's template.

Source: 国办发〔2020〕42号: basis, conditions, what is committed, how it is verified, liability; by commitment a matter
has another number than by approval. Mission 5: the letter's form, what it must contain and the legal liability are told
at once. The order here is the letter's.
"""

from kaigong.domain.model.text import Text

_BLANK = Text(zh="＿＿＿＿＿＿＿＿", en="________")


def title(matter: Text) -> Text:
    return Text(zh=f"{matter.zh}告知承诺书", en=f"Letter of commitment: {matter.en}")


# the headings of its parts

APPLICANT = Text(zh="申请人和项目", en="Applicant and project")
MATTER = Text(zh="事项", en="Matter")
BASIS = Text(zh="办理依据", en="Basis")
CONDITIONS = Text(zh="办理条件", en="Conditions")
COMMITS = Text(zh="申请人承诺", en="What the applicant commits to")
VERIFICATION = Text(zh="核查", en="Verification")
LIABILITY = Text(zh="承诺不实的法律责任", en="Liability for a false commitment")
SIGNATURE = Text(zh="签署", en="Signature")


# who applies, for what


def applicant(name: str | None, uscc: str | None, project: str | None, code: str | None) -> tuple[Text, ...]:
    """None leaves a blank to fill in; an empty project code says that there is none yet."""
    return (
        _field("申请人", "Applicant", _plain(name)),
        _field("统一社会信用代码", "Credit code", _BLANK if uscc is None else _same(uscc)),
        _field("项目名称", "Project", _plain(project)),
        _field("项目代码", "Project code", _BLANK if code is None else _same(code) if code else _NO_CODE),
    )


_NO_CODE = Text(zh="尚未赋码", en="none yet")


def matter(name: Text, number: str, department: Text, version: int) -> tuple[Text, ...]:
    """The matter with its number by commitment, and the version of the letter's text."""
    return (
        _field("事项名称", "Matter", name),
        _field("事项编码（告知承诺）", "Number by commitment", _same(number)),
        _field("办理部门", "Department", department),
        Text(zh=f"承诺书文本：第{version}版", en=f"Text of the letter: version {version}"),
    )


# basis; the matter's own law stands before it

GENERAL_BASIS = Text(
    zh="《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）",
    en="Guiding opinions of the General Office of the State Council on notify-and-commit (Guobanfa [2020] No. 42)",
)

# what every applicant commits to; the matter's own points follow

GENERAL_COMMITS = (
    Text(
        zh="已知晓本告知承诺书告知的全部内容，包括办理条件、承诺内容、核查方式和承诺不实的法律责任。",
        en="That it knows everything this letter tells: the conditions, what is committed, how it is verified, and the "
        "legal liability for a false commitment.",
    ),
    Text(zh="已经符合本告知承诺书所列的全部办理条件。", en="That it meets every condition this letter names."),
    Text(
        zh="所作承诺和所填报的内容真实、准确、合法、有效。",
        en="That what it commits to and what it filled in is true, correct, lawful and valid.",
    ),
    Text(
        zh="接受并配合核查；承诺不实的，愿意承担法律责任以及由此造成的损失。",
        en="That it accepts verification and helps with it, and is liable for a false commitment and its damage.",
    ),
    Text(
        zh="本承诺出于自愿，是真实意思表示。不愿承诺的，可以提交全部材料，按一般程序办理。",
        en="That it commits of its own free will. Who does not want to commit may hand in all the papers instead.",
    ),
)


# how it is verified


def verified(department: Text, working_days: int) -> Text:
    return Text(
        zh=f"{department.zh}会同监管部门，自作出决定之日起{working_days}个工作日内完成核查。",
        en=f"{department.en} and the supervising department verify within {working_days} working days of the decision.",
    )


# what comes of a false commitment

LIABILITIES = (
    Text(zh="作出决定前发现承诺不实的，终止办理。", en="Found false before the decision, it ends the procedure."),
    Text(
        zh="作出决定后发现承诺不实的，责令限期整改；逾期不整改或者整改后仍不符合条件的，依法撤销决定，"
        "基于该决定取得的利益不受保护（行政许可法第六十九条）。",
        en="Found false after the decision, it is to be put right within a set term. Where that is not done, or the "
        "conditions are still not met, the decision is revoked, and what was gained by it is not protected "
        "(Administrative Licensing Law, art. 69).",
    ),
    Text(
        zh="依法应当给予行政处罚的，予以处罚；涉嫌犯罪的，移送司法机关。",
        en="Penalties follow where the law provides for them; a suspected crime is handed to the judicial authorities.",
    ),
    Text(
        zh="不实承诺记入信用记录；信用修复前，不再适用告知承诺。",
        en="A false commitment goes on the credit record; until that is repaired, commitment is closed.",
    ),
)

# signature


def _field(zh: str, en: str, value: Text) -> Text:
    return Text(zh=f"{zh}：{value.zh}", en=f"{en}: {value.en}")


def _same(value: str) -> Text:
    return Text(zh=value, en=value)


def _plain(name: str | None) -> Text:
    """Blanks and line breaks count as one space: nothing written in a name can pass for a line of the letter."""
    return _BLANK if name is None else _same(" ".join(name.split()) or " ")


SIGNATURES = (
    _field("申请人（签章）", "Applicant (signature and seal)", _BLANK),
    _field("法定代表人或者授权代理人（签字）", "Legal or authorised representative (signature)", _BLANK),
    Text(zh="日期：＿＿＿＿年＿＿月＿＿日", en="Date: ________"),
)

# how its parts are numbered

_NUMERALS = "一二三四五六七八九十"


def numbered(place: int, heading: Text) -> Text:
    """A heading with its number; the first part is 0."""
    return Text(zh=f"{_NUMERALS[place]}、{heading.zh}", en=f"{place + 1}. {heading.en}")
