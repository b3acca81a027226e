"""What is stored or compared by its spelling is spelt in one place."""

import ast
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from kaigong.contract import problems
from kaigong.domain.model import manifest
from kaigong.settings import DROPPERS_PATTERN
from kaigong.store import keys

SHIPPED = Path(__file__).parents[2] / "functions" / "kaigong"
KEYS = SHIPPED / "store" / "keys.py"
KINDS = {value for name, value in vars(keys).items() if name.isupper() and isinstance(value, str) and value.isupper()}


@cache
def texts(source: Path) -> tuple[str, ...]:
    """Every string that a module holds, also the parts of those with something put in."""
    constants = (node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.Constant))
    return tuple(node.value for node in constants if isinstance(node.value, str))


def modules(*without: Path) -> list[Path]:
    return [path for path in SHIPPED.rglob("*.py") if path not in without]


def test_keys_of_the_table_are_spelt_in_keys_alone() -> None:
    prefix = re.compile(r"[~A-Z][A-Z-]*#|open#|handed-in#")
    assert any(map(prefix.match, texts(KEYS)))
    astray = {(path.name, text) for path in modules(KEYS) for text in texts(path) if prefix.match(text)}
    assert astray == set()


def test_the_command_spells_keys_in_one_place_that_is_held_against_these() -> None:
    infra = SHIPPED.parents[1] / "infra"
    key = re.compile(r"[~A-Z][A-Z-]*#|~[A-Z]+|(packets|shown|issued|inspections|exchange|events|anchors|parts)/")
    found = {path.relative_to(infra).as_posix() for path in infra.rglob("*.py") if any(map(key.match, texts(path)))}
    assert found == {"places.py"}  # tests/unit/test_erasing.py


def test_kinds_of_items_are_named_in_keys_alone() -> None:
    readers = [path for path in modules(KEYS) if path.parent.name in ("store", "handlers")]
    assert {(path.name, text) for path in readers for text in texts(path) if text in KINDS} == set()


def test_a_moment_in_utc_is_spelt_in_keys_alone() -> None:
    astray = [path.name for path in modules(KEYS) if any("%SZ" in text or r"\dZ" in text for text in texts(path))]
    assert astray == []


def test_a_time_zone_is_spelt_for_the_hall_and_for_ids_alone() -> None:
    infra = (SHIPPED.parents[1] / "infra").rglob("*.py")
    spelt = {path.name for path in (*modules(), *infra) if any("Asia/" in text for text in texts(path))}
    assert spelt == {"clock.py", "ids.py"}


def test_a_module_gives_a_name_to_one_thing() -> None:
    twice = []
    for path in modules():
        names = Counter(named for node in ast.parse(path.read_text("utf-8")).body for named in _named(node))
        twice += [(path.name, name) for name, count in names.items() if count > 1]
    assert twice == []


def _named(node: ast.stmt) -> list[str]:
    match node:
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
    return []


def test_each_problem_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in vars(problems).values() if isinstance(kind, problems.ProblemKind))
    assert [code for code, count in codes.items() if count > 1] == []


def test_the_credit_codes_pattern_is_spelt_once() -> None:
    one = re.compile(r"\]\{18\}|hj-np|hjklmnp", re.IGNORECASE)  # the class or the alphabet, in either case
    spelt = {path.name for path in modules() if any(one.search(text) for text in texts(path))}
    assert spelt == {"codes.py", "form.py"}  # that one reads what people typed, before anything is held against it


def test_templates_take_the_credit_codes_that_the_rules_take() -> None:
    root = SHIPPED.parents[1]
    held = {"template.yaml": DROPPERS_PATTERN, "infra/partners/dropper.yaml": manifest.USCC_PATTERN}
    for template, pattern in held.items():
        taken = re.findall(r"AllowedPattern: (.*\{18\}.*)", (root / template).read_text("utf-8"))
        assert taken == [pattern], template


def test_a_time_without_zone_is_refused_in_one_way() -> None:
    own = re.compile(r"tzinfo is (not )?None|tzinfo=None|utcoffset\(\)")
    assert [path.name for path in modules() if own.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("pk", "packet"), [(keys.packet_pk("p-1"), "p-1"), (keys.project_pk("p-1"), ""), (keys.draft_key("p-1")["pk"], "")]
)
def test_a_partition_names_its_packet(pk: str, packet: str) -> None:
    assert keys.packet_of(pk) == packet


def test_an_item_names_its_kind_and_which_of_it() -> None:
    sk = keys.decision_sk("water", 2)
    assert (keys.kind_of(sk), keys.name_in(sk)) == (keys.DECISION, "water#0002")
    assert (keys.kind_of(keys.HISTORY + sk), keys.name_in(keys.HISTORY + sk)) == (keys.DECISION, "water#0002")
    assert (keys.kind_of(keys.HEADER), keys.name_in(keys.HEADER)) == (keys.HEADER, "")


def test_a_moment_reads_as_it_was_written() -> None:
    assert keys.UTC_SECOND.fullmatch(keys.utc(datetime(2026, 3, 6, 9, 30, tzinfo=UTC)))


@pytest.mark.parametrize(
    "rest",
    [
        "", "form", "form/", "form/u1", "form/u1/", "form/u1/图纸/", "form//a.pdf", "manifest.json", "refusal.json",
        "form/u1/.DS_Store", "form/u1/._申请表.pdf", "form/u1/Thumbs.db", "form/u1/desktop.ini", "form/u1/~$申请.docx",
        "form/u1/.~lock.申请表.odt#", "__MACOSX/form/a.pdf", "form/__MACOSX/a.pdf", "form/u1/.gitkeep",
        "form/u1/THUMBS.DB",
    ],
)  # fmt: skip
def test_a_folders_marker_and_a_systems_own_file_are_no_papers(rest: str) -> None:
    assert keys.paper_place(f"packets/P-1/{rest}") is None


@pytest.mark.parametrize("rest", ["form/u1/申请表.pdf", "form/2026.03/a.pdf", "form/u1/~申请.pdf", "form/u1/图/a.pdf"])
def test_any_other_file_is_a_paper(rest: str) -> None:
    slot, upload, name = rest.split("/", 2)
    assert keys.paper_place(f"packets/P-1/{rest}") == ("P-1", slot, upload, name)
