"""The text of a commitment letter (告知承诺书): what the applicant is told, in one go, and what it commits to.

Source: 国办发〔2020〕42号: basis, conditions, what is committed, how it is verified, liability; by commitment a matter
has another number than by approval. Mission 5: the letter's form, what it must contain and the legal liability are told
at once. The matter's own part is the catalogue's template; what holds for every letter stands here.
"""

import hashlib
from collections.abc import Callable, Iterator

from kaigong.domain.model.catalogue import Catalogue, Code, Department, Letter, Matter
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.text import Model, Text

_BLANK = Text(zh="＿＿＿＿＿＿＿＿", en="________")
_NO_CODE = Text(zh="尚未赋码", en="none yet")
_GENERAL_BASIS = Text(
    zh="《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）",
    en="Guiding opinions of the General Office of the State Council on notify-and-commit (Guobanfa [2020] No. 42)",
)
_GENERAL_COMMITS = (
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
_LIABILITY = (
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
_NUMERALS = "一二三四五六七八九十"


class Section(Model):
    """One part of a letter: its heading and its points, in order; `numbered`: the points carry numbers."""

    heading: Text
    points: tuple[Text, ...]
    numbered: bool = True


class LetterText(Model):
    """A letter as the applicant reads it.

    `plain` is its canonical form: the whole letter in Chinese, then in English, every line ended by a line feed.
    `sha256` is over the UTF-8 bytes of `plain`.
    """

    matter: Code
    version: int
    title: Text
    sections: tuple[Section, ...]
    plain: str
    sha256: str


def text(
    letter: Letter, matter: Matter, department: Department, enterprise: Enterprise | None, project: Project | None
) -> LetterText:
    """The letter for this matter, filled in for an enterprise and its project; None leaves a blank to fill in.

    The same arguments always give the same bytes. Blanks and line breaks within a name count as one space, so that
    nothing written in a name can pass for a line of the letter.
    """
    title = Text(zh=f"{matter.name.zh}告知承诺书", en=f"Letter of commitment: {matter.name.en}")
    sections = (
        Section(
            heading=Text(zh="申请人和项目", en="Applicant and project"),
            points=tuple(_applicant(enterprise, project)),
            numbered=False,
        ),
        Section(
            heading=Text(zh="事项", en="Matter"), points=tuple(_matter(letter, matter, department)), numbered=False
        ),
        Section(
            heading=Text(zh="办理依据", en="Basis"),
            points=(matter.basis, _GENERAL_BASIS) if matter.basis else (_GENERAL_BASIS,),
        ),
        Section(heading=Text(zh="办理条件", en="Conditions"), points=letter.conditions),
        Section(
            heading=Text(zh="申请人承诺", en="What the applicant commits to"),
            points=_GENERAL_COMMITS + letter.commits,
        ),
        Section(heading=Text(zh="核查", en="Verification"), points=tuple(_verification(letter, department))),
        Section(heading=Text(zh="承诺不实的法律责任", en="Liability for a false commitment"), points=_LIABILITY),
        Section(heading=Text(zh="签署", en="Signature"), points=tuple(_signature()), numbered=False),
    )
    lines = (*_lines(title, sections, _zh), "", *_lines(title, sections, _en))
    plain = "".join(f"{line}\n" for line in lines)
    return LetterText(
        matter=matter.code,
        version=letter.version,
        title=title,
        sections=sections,
        plain=plain,
        sha256=hashlib.sha256(plain.encode()).hexdigest(),
    )


def in_force(
    matter: Matter, catalogue: Catalogue, enterprise: Enterprise | None, project: Project | None
) -> LetterText | None:
    """The letter for this matter as the catalogue has it now; None: it has none."""
    letter = catalogue.letters.get(matter.code)
    return text(letter, matter, catalogue.departments[matter.department], enterprise, project) if letter else None


def _applicant(enterprise: Enterprise | None, project: Project | None) -> Iterator[Text]:
    yield _field("申请人", "Applicant", _name(enterprise.name) if enterprise else _BLANK)
    yield _field("统一社会信用代码", "Credit code", _same(enterprise.uscc) if enterprise else _BLANK)
    yield _field("项目名称", "Project", _name(project.name) if project else _BLANK)
    yield _field("项目代码", "Project code", _code(project) if project else _BLANK)


def _matter(letter: Letter, matter: Matter, department: Department) -> Iterator[Text]:
    yield _field("事项名称", "Matter", matter.name)
    yield _field("事项编码（告知承诺）", "Number by commitment", _same(matter.commitment_number or matter.number))
    yield _field("办理部门", "Department", department.name)
    yield Text(zh=f"承诺书文本：第{letter.version}版", en=f"Text of the letter: version {letter.version}")


def _verification(letter: Letter, department: Department) -> Iterator[Text]:
    yield Text(
        zh=f"{department.name.zh}会同监管部门，自作出决定之日起{letter.verify_working_days}个工作日内完成核查。",
        en=f"{department.name.en} and the supervising department verify within {letter.verify_working_days} working "
        "days of the decision.",
    )
    yield letter.verification


def _signature() -> Iterator[Text]:
    yield _field("申请人（签章）", "Applicant (signature and seal)", _BLANK)
    yield _field("法定代表人或者授权代理人（签字）", "Legal or authorised representative (signature)", _BLANK)
    yield Text(zh="日期：＿＿＿＿年＿＿月＿＿日", en="Date: ________")


def _field(zh: str, en: str, value: Text) -> Text:
    return Text(zh=f"{zh}：{value.zh}", en=f"{en}: {value.en}")


def _same(value: str) -> Text:
    return Text(zh=value, en=value)


def _name(value: str) -> Text:
    return _same(" ".join(value.split()) or " ")


def _code(project: Project) -> Text:
    return _same(project.code) if project.code else _NO_CODE


def _zh(said: Text) -> str:
    return said.zh


def _en(said: Text) -> str:
    return said.en


def _lines(title: Text, sections: tuple[Section, ...], said: Callable[[Text], str]) -> Iterator[str]:
    yield said(title)
    for place, section in enumerate(sections):
        yield ""
        yield said(Text(zh=f"{_NUMERALS[place]}、{section.heading.zh}", en=f"{place + 1}. {section.heading.en}"))
        for number, point in enumerate(section.points, start=1):
            yield f"({number}) {said(point)}" if section.numbered else said(point)
