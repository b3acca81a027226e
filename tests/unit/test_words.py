"""Texts for people have their own room, and none is in a rule; each state, verdict or role has one name, once."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import kaigong.domain
import kaigong.views
import pytest
from babel.messages.pofile import read_po
from kaigong.domain.model.text import Text
from kaigong.domain.words import documents, names
from kaigong.views import national, states

ROOT = Path(__file__).parents[2]
DOMAIN, VIEWS = ROOT / "functions/kaigong/domain", ROOT / "functions/kaigong/views"
PORTAL = ROOT / "functions/kaigong/portal"
READ_BY_PEOPLE = (ROOT / "functions/kaigong", ROOT / "infra/command", ROOT / "infra/schemas")
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


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def texts(tree: ast.AST) -> list[ast.Call]:
    """Every construction of a Text."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Text"]


# English that was Chinese word by word. What a native reader would say stands instead, in every text and page.
TRANSLATED = re.compile(
    r"\b(hand(ed|ing)? in|come of (handing )?it|[Aa]long time|time rests|draw(n|s)? up|[Mm]aterials?)\b"
)


def test_english_reads_as_english() -> None:
    with (PORTAL / "locale/en/LC_MESSAGES/portal.po").open("rb") as pages:
        english = [said for message in read_po(pages) if message.id for said in _forms(message.string)]
    folders = (DOMAIN / "words", VIEWS / "words")
    # but for the letters: their text is what was signed, and another text would have to be signed again
    said_in = [tree for folder in folders for path, tree in trees(folder) if path.name != "letter.py"]
    told = (k.value for tree in said_in for call in texts(tree) for k in call.keywords if k.arg == "en")
    quoted = (part.value for value in told for part in ast.walk(value) if isinstance(part, ast.Constant))
    english += [said for said in quoted if isinstance(said, str)]
    assert [said for said in english if TRANSLATED.search(said)] == []


def _forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


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
    "not in order: send|cannot be accepted": (),  # not acceptable
}


def said_to_people() -> Iterator[tuple[str, str]]:
    """All that people read, each with the file that says it: what pages say and rules tell, the command with its help,
    the schemas.
    """
    with (PORTAL / "locale/en/LC_MESSAGES/portal.po").open("rb") as pages:
        found = [(said, message.string) for message in read_po(pages) if (said := message.id)]
    yield from ((f"{PORTAL.name}.po", said) for pair in found for both in pair for said in _forms(both))
    for folder in READ_BY_PEOPLE:
        for path, tree in trees(folder):
            helps = path.is_relative_to(ROOT / "infra/command")  # what a command is for is its docstring
            yield from ((str(path.relative_to(ROOT)), said) for said in written(tree, docstrings=helps))
    for path in (*(ROOT / "schemas").glob("*.yaml"), ROOT / "template.yaml"):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def written(tree: ast.Module, *, docstrings: bool) -> Iterator[str]:
    """What a module has in quotes, but for codes; of docstrings none, or all but its own."""
    notes = [node for node in (tree.body[:1] if docstrings else ast.walk(tree)) if isinstance(node, ast.Expr)]
    silent = {id(note.value) for note in notes}
    quoted = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    said = (node.value for node in quoted if isinstance(node.value, str))
    yield from (each for each in said if " " in each or not each.isascii())


@pytest.mark.parametrize("second", SECOND_NAMES)
def test_nothing_that_people_read_goes_by_a_second_name(second: str) -> None:
    found = {where for where, said in said_to_people() if re.search(second, said)}
    assert found == set(SECOND_NAMES[second])  # and where the word is another's it still stands


def test_a_label_stands_alone_or_within_a_sentence() -> None:
    label = Text(zh="待补正", en="To be completed")
    assert names.within(label) == Text(zh="待补正", en="to be completed")
    assert names.label(names.within(label)) == label
