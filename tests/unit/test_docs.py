"""What is written about the code is there: citations find their place, and what pages name exists."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import typer
import yaml
from click import Command, Context
from kaigong.domain.flow.decision import DecisionRefusal
from kaigong.domain.model.waiting import StuckReason
from kaigong.store import keys

from infra.command import app

from .said import said_to_people

ROOT = Path(__file__).parents[2]
KAIGONG = ROOT / "functions" / "kaigong"
DOMAIN, DATA = KAIGONG / "domain", KAIGONG / "catalog" / "data"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS]
LINES = 1_400  # of docs/ altogether: nobody reads more
MADE = (".venv/", ".local/", "out/")  # not in the repository: what commands make there
STORED = ("packets/", "issued/")  # places in object storage, not in the repository
PAPERS = (
    "project.json",
    "manifest.json",
    "refusal.json",
    "status.json",
    "joint-result.json",
    "my-packet/",
)  # of an application

# ---- citations: from the code to docs/

NUMBER_OR_NAME = r'(?:(?P<{0}n>\d+)\b|"(?P<{0}q>[^"]+)")(?:\s\((?:[^()]|\([^()]*\))*\))?'
FIRST, NEXT = NUMBER_OR_NAME.format("a"), NUMBER_OR_NAME.format("b")
CITED = re.compile(rf"\b[Mm]ission(?:\.md)?,? {FIRST}")
MORE = re.compile(rf"(?:, and |, | and |(?<=\") (?=\d)){NEXT}")
SECTION = re.compile(r'\b([\w-]+\.md), "([^"]+)"')
PAGE = re.compile(r"\b[\w-]+\.md\b")
SOURCE = re.compile(r"\bmission\b|\bdesign\.md\b|[号法]|\bGB\b|\bchoice\b")  # point, page, law, standard, or our own


def sources() -> Iterator[Path]:
    yield ROOT / "template.yaml"
    yield ROOT / "Makefile"
    yield ROOT / "pyproject.toml"
    yield ROOT / "samconfig.toml"
    for folder in ("functions", "infra", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if (
                path.is_file()
                and path.suffix in (".py", ".html", ".js", ".css", ".json", "")
                and path != Path(__file__)
                and "vendor" not in path.parts
            ):
                yield path


@cache
def text_of(path: Path) -> str:
    """A source as running text: lines joined, marks of comments at their starts gone."""
    return re.sub(r"\s*\n\s*(?:#\s)?\s*", " ", path.read_text("utf-8"))


@cache
def headings(page: str) -> frozenset[str]:
    """The headings of a page of docs/, as they are cited."""
    lines = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    return frozenset(line.lstrip("# ").strip() for line in lines if line.startswith("#"))


@cache
def numbers() -> frozenset[int]:
    """The numbered points of docs/mission.md."""
    return frozenset(int(n) for n in re.findall(r"^(\d+)\. ", (ROOT / "docs/mission.md").read_text("utf-8"), re.M))


def citations(text: str) -> Iterator[tuple[str, list[str]]]:
    """Every mention of the mission: its words, and the numbers and names it cites; none: it cites nothing."""
    for said in re.finditer(r"\b[Mm]ission\b", text):
        found = CITED.match(text, said.start())
        cited = []
        end = said.end()
        if found:
            cited, end = [found["an"] or found["aq"]], found.end()
            while more := MORE.match(text, end):
                cited.append(more["bn"] or more["bq"])
                end = more.end()
        yield text[said.start() : end + 20], cited


def test_every_citation_of_the_mission_is_found_there() -> None:
    wrong, count = [], 0
    for path in sources():
        for words, cited in citations(text_of(path)):
            known = [int(c) in numbers() if c.isdigit() else c in headings("mission.md") for c in cited]
            count += len(cited)
            if not known or not all(known):
                wrong.append(f"{path.relative_to(ROOT)}: {words}")
    assert not wrong
    assert count > 100  # the code does cite


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("mission 5 (告知承诺), 6 (容缺 (one)), and 7; 国办发", ["5", "6", "7"]),
        ('mission, "What it changed", 5, 6 and 7.', ["What it changed", "5", "6", "7"]),
        ('mission.md, "The parts of the system" 1, 4', ["The parts of the system", "1", "4"]),
        ("Mission 10: matters, 1 day", ["10"]),
        ("the mission of this code", []),
    ],
)
def test_a_citation_is_read_as_people_read_it(text: str, cited: list[str]) -> None:
    assert [c for _, c in citations(text)] == [cited]


@pytest.mark.parametrize("folder", ["flow", "intake"])
def test_every_rule_names_its_source(folder: str) -> None:
    for path in (KAIGONG / "domain" / folder).glob("[!_]*.py"):
        said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert SOURCE.search(said), f"{path.name} does not say where its rule comes from"


def test_every_cited_section_is_found_in_its_page() -> None:
    cited = {(path, page, name) for path in sources() for page, name in SECTION.findall(text_of(path))}
    missing = [(str(path), page, name) for path, page, name in cited if name not in headings(page)]
    assert not missing
    assert any(page == "design.md" for _, page, _ in cited)


def test_every_page_that_a_source_names_exists() -> None:
    there = {path.name for path in (*PAGES, *(ROOT / "schemas").glob("*.md"))}
    named = {(path, page) for path in sources() for page in PAGE.findall(text_of(path))}
    assert not [(str(path), page) for path, page in named if page not in there and page != "LICENSE.md"]


# ---- what pages name

SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.][\w.,{}-]*(?:/[\w.,{}-]*)+|[\w-]+\.(?:py|md|ya?ml|toml|json|lock)")


def code(page: Path) -> list[str]:
    """What a page sets as code: spans between backticks, and lines of shell blocks without their comments."""
    text = page.read_text("utf-8")
    lines = [line.partition("#")[0] for block in BLOCK.findall(text) for line in block.splitlines()]
    return [*SPAN.findall(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)), *filter(None, map(str.strip, lines))]


def expanded(path: str) -> Iterator[str]:
    """`a/{b,c}.py` is two paths."""
    parts = [part[1:-1].split(",") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", path)]
    yield from map("".join, product(*parts))


def exists(path: str) -> bool:
    """Whether a path is there: from the root or, as pages shorten it, from one of the folders that they speak of;
    modules without .py.
    """
    return any((base / f"{path}{end}").exists() for base in (ROOT, KAIGONG, DOMAIN, DATA) for end in ("", ".py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = [word for span in code(page) for word in span.split() if PATH.fullmatch(word)]
    ours = [path for word in named for path in expanded(word) if not path.startswith((*MADE, *STORED, *PAPERS))]
    assert not [path for path in ours if not exists(path)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if link.startswith("https://"):
            continue
        path, _, place = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        assert not place or place in anchors(target), link


def anchors(page: Path) -> list[str]:
    """The places within a page that a link can name, as GitHub makes them of headings."""
    found = [line.lstrip("# ") for line in page.read_text("utf-8").splitlines() if line.startswith("#")]
    return [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {target for span in code(page) for target in re.findall(r"\bmake ([a-z]+)", span)}
    assert named <= targets


def command(words: list[str]) -> tuple[Command, list[str]]:
    """The command that words call, and what is left of them."""
    found: Command = typer.main.get_command(app)
    while words and isinstance(getattr(found, "commands", None), dict):
        inner = found.get_command(Context(found), words[0])  # type: ignore[attr-defined]  # a group, as the line above found out
        assert inner is not None, words
        found, words = inner, words[1:]
    return found, words


def options(found: Command) -> set[str]:
    return {name for parameter in found.params for name in parameter.opts}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists_and_takes_what_is_said(page: Path) -> None:
    said = [re.match(r"(?:\.venv/bin/)?kaigong ([a-z-].*)", span) for span in code(page)]
    for call in filter(None, said):
        words = call[1].replace("|", " ").split()
        first = next((at for at, word in enumerate(words) if word.startswith("--")), len(words))
        found, left = command([word for word in words[:first] if word != "…"])
        wanted = {word for word in [*left, *words[first:]] if word.startswith("--")} - {"--help"}
        assert wanted <= options(found), call[0]


# ---- pages held to their sources


def rows(page: Path, after: str) -> list[list[str]]:
    """The cells of the tables of a section, without heads."""
    section = re.split(r"^## ", page.read_text("utf-8").partition(f"## {after}\n")[2], maxsplit=1, flags=re.M)[0]
    lines = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines if not set("".join(line)) <= set("- ")][1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_row_of_a_table_stands_under_its_head(page: Path) -> None:
    lines = ["", *page.read_text("utf-8").splitlines(), ""]
    heads = [
        below for above, line, below in zip(lines, lines[1:], lines[2:], strict=False) if line[:1] == "|" != above[:1]
    ]
    assert not [line for line in heads if set(line) - set("|-: ") or not line]


def test_every_rule_of_the_readme_points_to_a_file() -> None:
    found = rows(ROOT / "README.md", "找到规则 Where things are")
    assert len(found) > 5
    for row in found:
        for rule, where in (row[:2], row[3:]):
            assert rule, row
            files = SPAN.findall(where)
            assert files, row
            assert all(map(exists, files)), row


def test_the_page_of_the_table_names_every_key() -> None:
    page = ROOT / "docs" / "table.md"
    made = {
        name
        for name, value in vars(keys).items()
        if not name.startswith("_")
        and ((inspect.isfunction(value) and value.__module__ == keys.__name__) or (name.isupper() and name != "UTC"))
    }
    named = {word for span in SPAN.findall(page.read_text("utf-8")) for word in re.findall(r"\w+", span)}
    assert not made - named
    written = {word for word in named if re.fullmatch(r"[a-z_]+_(?:pk|sk|key|index)", word)}
    assert not written - made


def test_the_page_of_the_table_spells_keys_as_they_are() -> None:
    page = (ROOT / "docs" / "table.md").read_text("utf-8")
    for name in re.findall(r"`(\w+_[ps]k)`", page):
        taken = inspect.signature(getattr(keys, name)).parameters.values()
        some = {"int": 1, "str": "x", "date": keys.date(2026, 3, 6), "datetime": keys.datetime(2026, 3, 6)}
        key = str(getattr(keys, name)(*(some[getattr(p.annotation, "__name__", p.annotation)] for p in taken)))
        prefix = re.match(r"(~[A-Z]+#)?[A-Z-]*#?", key)
        assert prefix, name
        assert f"`{prefix[0]}" in page, key


def test_the_page_on_stuck_packets_knows_every_reason() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    assert [cells[0] for cells in rows(ROOT / "docs" / "runbook.md", "A packet does not move")] == [
        f"`{reason}`" for reason in StuckReason
    ]
    assert not [reason for reason in DecisionRefusal if f"`{reason}`" not in text]


def test_the_page_on_deploying_knows_every_parameter_with_its_default() -> None:
    loader = type("Loader", (yaml.CSafeLoader,), {})
    loader.add_multi_constructor("!", lambda *_: None)
    template = yaml.load((ROOT / "template.yaml").read_text("utf-8"), loader)  # noqa: S506 - a SafeLoader all the same
    found = {}
    for names, default, _ in rows(ROOT / "docs" / "deploy.md", "Parameters"):
        spans = SPAN.findall(names)
        values = default.split(", ") if len(spans) == len(default.split(", ")) > 1 else [default] * len(spans)
        found |= dict(zip(spans, values, strict=True))
    expected = {name: str(p.get("Default", "")) or "empty" for name, p in template["Parameters"].items()}
    expected["Departments"] = found["Departments"]  # said in words
    assert found == expected


def test_every_word_of_the_glossary_is_used_in_the_code() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted(KAIGONG.rglob("*.py")))
    words = [cells[2].strip("`") for cells in rows_of_glossary()]
    assert len(words) > 30
    assert not [word for word in words if not re.search(rf"\b{word}\b", source)]


@pytest.mark.long
def test_every_chinese_word_of_the_glossary_is_one_that_people_read() -> None:
    read = "\n".join(said for _, said in said_to_people())
    words = [word for cells in rows_of_glossary() for word in re.split("[、（）]", cells[0]) if word not in ("", "—")]
    assert len(words) > 60
    assert not [word for word in words if word not in read]


def rows_of_glossary() -> list[list[str]]:
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return cells[2:]


def test_pre_commit_runs_what_make_style_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]]
    style = re.search(r"^style:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert style
    assert hooks == [line.strip().replace("@$(BIN)", ".venv/bin") for line in style[1].splitlines()]


def test_docs_stay_short() -> None:
    assert sum(len(page.read_text("utf-8").splitlines()) for page in DOCS) <= LINES
