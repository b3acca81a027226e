"""Texts for people have their own room, and none is in a rule; each state, verdict or role has one name, once."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import ModuleType

import kaigong.domain
import kaigong.views
import pytest
from kaigong.domain.model.text import Text
from kaigong.domain.words import documents, names
from kaigong.views import national, states

from .said import READ_BY_PEOPLE, ROOT, forms, of_pages, said_to_people, trees

DOMAIN, VIEWS = ROOT / "functions/kaigong/domain", ROOT / "functions/kaigong/views"
# Texts of the views that are no words of a module: a fallback by the code, and what the standard says.
VIEWS_OWN = {"packet.py": 1, "ledger_words.py": 1, "national.py": 15}
ROOMS = (DOMAIN / "words/names.py", VIEWS / "states.py", VIEWS / "national.py")

# Enums that nobody is shown by a name: codes alone, or told in whole sentences.
UNNAMED = {
    "Absence": "sentences: words/prerequisites.py",
    "ActKind": "the ledger tells an act in a sentence",
    "ActRefusal": "sentences: words/acts.py",
    "Ask": "sentences: words/benefits.py",
    "BenefitRefusal": "sentences: words/benefits.py",
    "DecisionRefusal": "a code, for departments' systems",
    "FieldKind": "a field asks for what it is",
    "Fonts": "a reason says that the text cannot be relied on",
    "Found": "a reason names the pages, not this",
    "Holder": "whoever has it goes by name",
    "Kind": "PDF, JPEG, PNG",
    "MarkKind": "each mark has its title",
    "MatterCounter": "a column of a table has its head",
    "Missing": "sentences: words/privileges.py",
    "Opens": "told by a finding",
    "OwnerKind": "an owner goes by name",
    "PacketCounter": "likewise",
    "PointKind": "a point says what is to be done",
    "ProcedureAction": "a procedure starts or ends in a sentence",
    "RelationKind": "sentences: words/form.py",
    "Source": "what is shared, or who draws it up, is said of the material",
    "SupervisionRefusal": "sentences: words/supervision.py",
    "Tolerance": "a setting of the catalogue",
    "Unseen": "each has its reason in a finding",
    "WithdrawnBy": "sentences: words/withdrawal.py",
}


def texts(tree: ast.AST) -> list[ast.Call]:
    """Every construction of a Text."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Text"]


# English that was Chinese word by word. What a native reader would say stands instead, in every text and page.
TRANSLATED = re.compile(
    r"\b(hand(ed|ing)? in|come of (handing )?it|[Aa]long time|time rests|draw(n|s)? up|[Mm]aterials?)\b"
)


def test_english_reads_as_english() -> None:
    english = [said for message in of_pages() for said in forms(message.string)]
    folders = (DOMAIN / "words", VIEWS / "words")
    # but for the letters: their text is what was signed, and another text would have to be signed again
    said_in = [tree for folder in folders for path, tree in trees(folder) if path.name != "letter.py"]
    english += [
        said
        for tree in said_in
        for call in texts(tree)
        for k in call.keywords
        if k.arg == "en"
        for said in _parts(k.value)
    ]
    assert [said for said in english if TRANSLATED.search(said)] == []


@pytest.mark.parametrize("part", ["flow", "intake"])
def test_a_rule_reads_as_the_rule_and_holds_no_text_for_people(part: str) -> None:
    found = [f"{path.name}:{call.lineno}" for path, tree in trees(DOMAIN / part) for call in texts(tree)]
    assert found == []


def test_views_take_their_texts_from_their_words() -> None:
    found = {
        path.name: len(texts(tree))
        for path, tree in trees(VIEWS)
        if path.parent == VIEWS and path.name != "states.py" and texts(tree)
    }
    assert found == VIEWS_OWN


def walked(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def enums() -> dict[str, type[StrEnum]]:
    found = (
        thing
        for module in (*walked(kaigong.domain), *walked(kaigong.views))
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__module__ == module.__name__
    )
    return {enum.__name__: enum for enum in found}


def tables(module: ModuleType) -> Iterator[tuple[type[StrEnum], Mapping[StrEnum, Text]]]:
    """The tables of names that a room holds, each with its enum."""
    for thing in vars(module).values():
        if isinstance(thing, dict) and all(isinstance(k, StrEnum) and isinstance(v, Text) for k, v in thing.items()):
            yield type(next(iter(thing))), thing


TABLES = [entry for room in (names, states, national, documents) for entry in tables(room)]


def test_every_enum_is_named_in_one_table_or_never_shown_by_a_name() -> None:
    named = [enum.__name__ for enum, _ in TABLES]
    assert sorted([*named, *UNNAMED]) == sorted(enums())


@pytest.mark.parametrize(("enum", "table"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_member_has_exactly_one_name_in_each_language(enum: type[StrEnum], table: Mapping[StrEnum, Text]) -> None:
    assert set(table) == set(enum)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in name.zh) and name.en.isascii() for name in table.values())
    assert len({name.en for name in table.values()}) == len(table)


def test_states_with_one_name_in_chinese_ask_the_applicant_for_the_same() -> None:
    """To be completed, before acceptance or after it, is 待补正."""
    twice = [
        {member.name for member, name in table.items() if name.zh == zh}
        for _, table in TABLES
        for zh in {name.zh for name in table.values()}
        if sum(name.zh == zh for name in table.values()) > 1
    ]
    assert twice == [{"RETURNED", "CORRECTING"}] * 2  # as the packet's own state, and as people are shown it


def named_enum(tree: ast.AST, known: Mapping[str, type[StrEnum]]) -> Iterator[tuple[int, str]]:
    """Dictionaries that name most members of an enum, by the members or by their values, in Chinese."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict) or len(node.keys) < 2:
            continue
        if not all(any("\u4e00" <= c <= "\u9fff" for c in ast.unparse(value)) for value in node.values):
            continue
        by_member = {ast.unparse(key.value) for key in node.keys if isinstance(key, ast.Attribute)}
        values = {key.value for key in node.keys if isinstance(key, ast.Constant)}
        for name, enum in known.items():
            if by_member == {name} or (values and values <= {member.value for member in enum}):
                yield node.lineno, name


def test_no_second_table_names_what_has_a_name() -> None:
    known = {enum.__name__: enum for enum, _ in TABLES}
    sentences = [DOMAIN / "words", VIEWS / "words"]  # what is said of a member, in whole sentences
    found = [
        f"{path.relative_to(ROOT)}:{line} names {enum} again"
        for folder in READ_BY_PEOPLE
        for path, tree in trees(folder)
        if path not in ROOMS and not any(path.is_relative_to(room) for room in sentences)
        for line, enum in named_enum(tree, known)
    ]
    assert found == []


def test_a_second_table_would_be_noticed() -> None:
    known = {enum.__name__: enum for enum, _ in TABLES}
    assert list(named_enum(ast.parse('X = {Verdict.VALID: Text(zh="好", en="a"), Verdict.WARNING: "坏"}'), known))
    assert list(named_enum(ast.parse('X = {"valid": "好 good", "deficient": "坏 bad"}'), known))


# What has a name and reads otherwise: what is to be pressed, what was done, heads of columns, more than one.
OTHERWISE = {
    ("不予通过", "reject"),
    ("开始审查", "start review"),
    ("承诺后补", "i promise to supply it later"),
    ("提交", "submitted"),
    ("撤回申请", "application withdrawn"),
    ("撤回申请", "withdraw the application"),
    ("撤销", "revoke"),
    ("收回决定", "take the decision back"),
    ("申辩成立，撤销检查意见", "enterprise is right: set the finding aside"),
    ("答复申请人提问", "question answered"),
    ("答复申辩", "answer the enterprise"),
    ("约定联合踏勘时间", "date of joint site visit set"),
    ("要求补正", "ask for corrections"),
    ("认领", "claim"),
    ("通过", "approve"),
    ("决定时间", "decided"),
    ("办结", "decided"),
    ("受理时间", "accepted"),
    ("授予时间", "granted"),
    ("提交时间", "submitted"),
    ("有效期限", "valid"),
    ("检查时间", "date of the inspection"),
    ("是否检查", "inspection"),
    ("通道", "channel"),
    ("可以承诺", "by commitment"),
    ("可承诺", "by commitment"),
    ("帮办代办", "assistance"),
    ("并联审查", "in review"),
    ("联合审批结果已作出", "joint result has been decided"),
    ("联合审批结果通知书", "joint result"),
    ("告知承诺", "commitments"),
    ("申请", "application"),
    ("要求补正", "corrections requested"),
    ("待补交的容缺材料", "promised papers outstanding"),
    ("未补齐的容缺材料", "promised papers outstanding"),
    ("补交的容缺材料不合格", "promised papers not acceptable"),
    # the same English for another thing
    ("分页", "pages"),
    ("有效", "in force"),
    ("没有", "none"),
    ("选填", "optional"),
}
# Second names that things had in what people read, and where a word is another's own: the law's in what is issued, the
# national standard's in its table, a field's of the API. What each thing is called stands beside it.
SECOND_NAMES = {
    "超期|临期": (),  # 逾期, 即将到期
    r"(?<![Tt]oo )(?<!\()\blate\b": ("schemas/openapi.yaml", "template.yaml"),  # overdue; fields and comments
    "暂停计时|计时暂停": (),  # 时限暂停
    "不予许可": ("functions/kaigong/domain/words/documents.py", "functions/kaigong/views/national.py"),  # 不予通过
    r"(?<!\()\b(rejected|rejections)\b": ("schemas/openapi.yaml",),  # not approved
    "许可[，已依法被]*(收回|撤回|撤销)": (  # 批准
        "functions/kaigong/domain/words/documents.py",
        "functions/kaigong/views/exchange.py",
    ),
    "撤件": ("functions/kaigong/views/national.py",),  # 撤回申请
    "(?<!全)流程|项目类别|[Kk]inds? of project": (),  # 项目类型, project type
    "要件|[Mm]ain materials?|promised materials?": (),  # 主要材料, main paper; 容缺材料, promised paper
    "服务团队": (),  # 服务专班
    "办理记录链": (),  # 办理档案
    "not in order: send|cannot be accepted": (),  # not acceptable
}


@pytest.mark.parametrize("second", SECOND_NAMES)
def test_nothing_that_people_read_goes_by_a_second_name(second: str) -> None:
    found = {where for where, said in said_to_people() if re.search(second, said)}
    assert found == set(SECOND_NAMES[second])  # and where the word is another's it still stands


def pairs(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What the texts of a module say in both languages, without what is filled in."""
    for call in texts(tree):
        said = {each.arg: "".join(_parts(each.value)) for each in call.keywords}
        if said.keys() == {"zh", "en"}:
            yield _alike(said["zh"], said["en"])


def _parts(value: ast.expr) -> Iterator[str]:
    quoted = (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))
    return (part for part in quoted if isinstance(part, str))


def _alike(zh: str, en: str) -> tuple[str, str]:
    return zh.rstrip("。"), en.rstrip(".").lower().removeprefix("the ")


def every_pair() -> set[tuple[str, str]]:
    """What people are told, in both languages, but for the names and for what the standard says."""
    told = [tree for path, tree in trees(ROOT / "functions/kaigong") if path not in ROOMS]
    of_texts = {pair for tree in told for pair in pairs(tree)}
    return of_texts | {_alike(*both) for m in of_pages() for both in zip(forms(m.id), forms(m.string), strict=True)}


def test_what_has_a_name_is_called_by_it_everywhere() -> None:
    named = {pair for room in ROOMS[:2] for pair in pairs(ast.parse(room.read_text("utf-8")))}
    of_chinese, of_english = ({pair[language] for pair in named} for language in (0, 1))
    assert {(zh, en) for zh, en in every_pair() - named if zh in of_chinese or en in of_english} == OTHERWISE


def test_the_service_window_is_that_in_both_languages_and_a_window_for_short_in_both() -> None:
    assert not {(zh, en) for zh, en in every_pair() if ("综合窗口" in zh) != ("service window" in en)}


def test_a_label_stands_alone_or_within_a_sentence() -> None:
    label = Text(zh="待补正", en="To be completed")
    assert names.within(label) == Text(zh="待补正", en="to be completed")
    assert names.label(names.within(label)) == label
