"""The `kaigong` command where it needs no stack: what it prints, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kaigong.catalog import load
from kaigong.domain.intake.questions import questions
from rich.cells import cell_len
from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner, Result

from infra.command import app
from infra.samples import city_case, write_packet

NO_STACK = "kaigong-that-is-never-up"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAIGONG_STACK", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def commands(typer: Typer) -> Iterator[tuple[str, set[str]]]:
    """Every command with its options."""
    found = [("", get_command(typer))]
    for name, command in found:
        found += [(f"{name} {sub}".strip(), below) for sub, below in getattr(command, "commands", {}).items()]
        if not hasattr(command, "commands"):
            yield name, {option for parameter in command.params for option in parameter.opts}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    write_packet(city_case(), folder)
    return folder


def test_every_command_of_the_contract_is_there_and_takes_json() -> None:
    found = dict(commands(app))
    assert set(found) == {
        "up", "down", "demo", "guide", "examine", "letter", "submit", "status", "materials", "supplement", "result",
        "documents", "verify", "routes", "withdraw", "again", "review", "doubt", "ops dead-letters", "ops stuck",
        "ops deadlines", "ops figures", "ops refused", "ops replay", "ops show", "ops trace", "ops export", "ops erase",
        "ops audit-ledgers", "catalog check",
        "catalog figures", "sample", "supervision list", "supervision show", "supervision claim", "supervision plan",
        "supervision find", "supervision reply", "supervision answer", "supervision draw", "supervision recuse",
        "supervision roster", "supervision photo", "project", "enterprises", "let-in", "doctor", "ask",
        "policies list", "policies check", "policies simulate", "benefits show", "benefits list", "benefits pay",
        "benefits revoke", "benefits decline", "problems list", "problems risk",
        "exchange export", "exchange show", "exchange resend",
    }  # fmt: skip
    assert [name for name, options in found.items() if "--json" not in options] == []


def test_every_command_of_applicant_and_window_that_signs_in_can_be_told_as_whom() -> None:
    people = {"letter", "submit", "status", "materials", "supplement", "result", "routes", "withdraw", "doubt", "again"}
    people |= {
        f"supervision {name}"
        for name in ("list", "claim", "plan", "find", "reply", "answer", "recuse", "roster", "photo")
    }
    people |= {f"benefits {name}" for name in ("list", "pay", "revoke", "decline")} | {"policies simulate"}
    people |= {"documents", "verify", "project"}  # of a packet; a document is verified by nobody in particular
    people |= {"enterprises", "let-in"} | {"problems list", "problems risk"}
    assert {name for name, options in commands(app) if "--as" in options} == people


def test_without_a_command_the_usage_is_shown_as_wrong_usage() -> None:
    assert run().exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("submit",),
        ("no-such-command",),
        ("guide", "--process", "no-such-process"),
        ("guide", "--stage", "no-such-stage"),
        ("guide", "--ask"),
        ("guide", "--process", "general", "--answer", "no-such-answer"),
        ("review", "no-such-department"),
        ("review", "water", "--approve", "--reject", "因为"),
        ("review", "water", "--correct", "  "),
        ("review", "water", "--reject", "字" * 2001),
        ("review", "water", "--approve", "--slot", "soil-plan"),
        ("review", "water", "--max", "0"),
        ("review", "water", "--procedure", "no-such-procedure", "--note", "听证"),
        ("review", "water", "--sign"),
        ("review", "water", "--sign", "--packet", "P-1", "--approve"),
        ("review", "water", "--sign", "--packet", "P-1", "--send-back", "改"),
        ("review", "water", "--packet", "P-1", "--send-back", " "),
        ("review", "water", "--procedure", "hearing"),
        ("review", "water", "--procedure", "hearing", "--note", " "),
        ("review", "water", "--procedure", "hearing", "--note", "字" * 501),
        ("review", "water", "--procedure", "hearing", "--note", "听证", "--approve"),
        ("review", "water", "--procedure", "hearing", "--note", "听证", "--at", "tomorrow"),
        ("review", "water", "--note", "听证"),
        ("review", "water", "--approve", "--end"),
        ("review", "water", "--at", "2026-03-09T14:00"),
        ("withdraw", "P-1"),
        ("withdraw", "P-1", "--reason", " "),
        ("withdraw", "P-1", "--reason", "字" * 1001),
        ("doubt", "P-1", "differs-name"),
        ("doubt", "P-1", "differs-name", "--true", " "),
        ("doubt", "P-1", "differs-name", "--true", "不符", "--settled", "相符"),
        ("routes",),
        ("letter",),
        ("submit", ".", "--accept-as", " "),
        ("submit", ".", "--accept-as", "字" * 201),
        ("submit", ".", "--accept-as", "张开", "--accept-role", "owner"),
        ("submit", ".", "--accept-role", "authorised-agent"),
        ("result", "P-1"),
    ],
)
def test_wrong_usage_ends_in_2_with_nothing_on_stdout(arguments: tuple[str, ...]) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr


def test_examine_prints_one_json_object_a_file(case: Path) -> None:
    found = run("examine", case / "drawings.pdf", case / "soil-plan.pdf")
    assert found.exit_code == 0
    documents = [json.loads(line) for line in found.stdout.splitlines()]
    assert [Path(document["file"]).name for document in documents] == ["drawings.pdf", "soil-plan.pdf"]
    assert {document["verdict"] for document in documents} == {"valid"}


def test_examine_with_json_prints_one_document(case: Path) -> None:
    assert json.loads(run("examine", "--json", case / "drawings.pdf").stdout)["kind"] == "pdf"
    both = run("examine", "--json", case / "drawings.pdf", case / "project.json")
    assert [document["verdict"] for document in json.loads(both.stdout)] == ["valid", "deficient"]
    assert both.exit_code == 0  # a deficient file was examined all the same


def test_examine_goes_on_behind_a_file_that_cannot_be_read(case: Path) -> None:
    found = run("examine", case / "nothing.pdf", case / "drawings.pdf")
    assert found.exit_code == 1
    first, second = [json.loads(line) for line in found.stdout.splitlines()]
    assert set(first) == {"file", "error"}
    assert second["verdict"] == "valid"
    assert "nothing.pdf" in found.stderr


def test_examine_works_without_the_aws_sdk(case: Path) -> None:
    code = (
        "import sys; sys.modules['boto3'] = sys.modules['botocore'] = None\n"
        "from infra.command import main; sys.argv = ['kaigong', 'examine', sys.argv[1]]; main()"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(case / "drawings.pdf")], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["verdict"] == "valid"


def test_the_guide_of_a_process_is_one_document() -> None:
    found = run("guide", "--process", "industrial", "--stage", "construction", "--json")
    assert found.exit_code == 0
    guide = json.loads(found.stdout)
    assert guide["process"]["code"] == "industrial"
    assert {matter["stage"] for matter in guide["matters"]} == {"construction"}


CITY = load()


def test_the_guide_asks_which_matters_are_needed_and_takes_the_answers_as_options() -> None:
    asked = [answer.code for question in questions(CITY.processes["general"], CITY) for answer in question.answers]
    typed = "".join("y\n" if code in ("river", "fuel") else "n\n" for code in asked)
    found = CliRunner().invoke(app, ["guide", "--process", "general", "--ask", "--json"], input=typed)
    assert found.exit_code == 0
    needed = json.loads(found.stdout[found.stdout.index("{") :])  # behind what the runner echoes of what is typed
    assert {"flood-impact", "safety-design-review"} <= {matter["code"] for matter in needed["matters"]}
    given = run("guide", "--process", "general", "--answer", "river", "--answer", "fuel", "--json")
    assert json.loads(given.stdout) == needed
    shown = run("guide", "--process", "general", "--answer", "river")
    assert "flood-impact" in shown.stdout
    assert "洪泛区" in shown.stdout


def test_the_guide_finds_matters_by_words_a_page_at_a_time() -> None:
    found = json.loads(run("guide", "--search", "消防 DESIGN", "--json").stdout)
    assert found["matters"][0]["code"] == "fire-design-review"
    assert "fire-design-review" in run("guide", "--search", "消防").stdout
    second = json.loads(run("guide", "--search", "", "--page", "2", "--json").stdout)
    assert (second["page"], second["found"]) == (2, len(CITY.matters))


def test_the_guide_is_shown_in_both_languages() -> None:
    found = run("guide", "--process", "industrial")
    assert found.exit_code == 0
    assert "construction-permit" in found.stdout
    assert "承诺" in found.stdout


@pytest.mark.parametrize("options", [(), ("--process", "industrial"), ("--process", "joint-acceptance")])
def test_the_guide_fits_a_terminal_of_80_columns_with_every_word_whole(options: tuple[str, ...]) -> None:
    found = CliRunner().invoke(app, ["guide", *options], env={"COLUMNS": "80"})
    assert [line for line in found.stdout.splitlines() if cell_len(line) > 80] == []
    assert "…" not in found.stdout
    words = " ".join(found.stdout.split())
    guide = json.loads(run("guide", *options, "--json").stdout)
    assert guide["matters"]
    for entry in (*guide["matters"], *guide["materials"]):
        assert entry["code"] in words
        assert entry["name"]["en"] in words
        assert entry["name"]["zh"] in words.replace(" ", "")
    assert {m["department_name"]["en"] in words for m in guide["matters"]} == {True}


def test_a_sample_is_a_packet_and_never_goes_over_what_is_there(tmp_path: Path) -> None:
    assert "kaigong submit DIR" in run("sample", "--help").stdout
    shown = run("sample", tmp_path / "packet")
    assert shown.exit_code == 0
    assert f"kaigong submit {tmp_path / 'packet'}" in shown.stdout
    handed_in = run("submit", tmp_path / "packet", "--stack", NO_STACK)
    assert "kaigong up" in handed_in.stderr  # all that is wrong is that there is no stack

    before = sorted((tmp_path / "packet").iterdir())
    for taken in (tmp_path / "packet", before[0]):
        refused = run("sample", taken, "--json")
        assert refused.exit_code == 1
        assert str(taken) in json.loads(refused.stdout)["error"]["en"]
    (tmp_path / "empty").mkdir()
    written = json.loads(run("sample", tmp_path / "empty", "--json").stdout)
    assert {*written["files"], "project.json"} == {path.name for path in before}


def test_submit_names_every_file_that_is_no_slot_before_it_looks_for_a_stack(tmp_path: Path) -> None:
    case = city_case()
    write_packet(case, tmp_path, without=case.materials)
    for name in ("drawing.pdf", "drawings.docx", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    found = run("submit", tmp_path, "--stack", NO_STACK, "--json")
    assert found.exit_code == 1
    error = json.loads(found.stdout)["error"]
    for name in ("drawing.pdf", "drawings.docx", "notes.txt"):
        assert name in error["zh"]
        assert name in error["en"]
    assert error["zh"] in found.stderr


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--process", "no-such"), "no-such"),
        (("--matters", "planning-permit,no-such"), "no-such"),
        (("--promise", "no-such"), "no-such"),
        (("--commit", "no-such"), "no-such"),
        (("--packet", "a b"), "packet"),
    ],
)
def test_submit_refuses_what_the_manifest_would_be_refused_for(
    case: Path, options: tuple[str, ...], named: str
) -> None:
    found = run("submit", case, "--stack", NO_STACK, *options)
    assert found.exit_code == 1
    assert named in found.stderr
    assert "未上传" in found.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "P-1"),
        ("materials", "P-1"),
        ("routes", "P-1"),
        ("withdraw", "P-1", "--reason", "暂缓"),
        ("doubt", "P-1", "differs-name", "--true", "不符"),
        ("again", "P-1"),
        ("result", "P-1", "--out", "never-written.json"),
        ("review", "water"),
        ("ops", "dead-letters"),
        ("ops", "stuck"),
        ("ops", "deadlines"),
        ("ops", "figures"),
        ("ops", "refused"),
        ("ops", "replay", "P-1"),
        ("ops", "trace", "P-1"),
        ("problems", "list"),
        ("exchange", "export", "--day", "2026-03-06"),
    ],
)
def test_a_stack_that_is_nowhere_is_a_refusal_in_both_languages(arguments: tuple[str, ...]) -> None:
    found = run(*arguments, "--stack", NO_STACK, "--json")
    assert found.exit_code == 1
    error = json.loads(found.stdout)["error"]
    assert "kaigong up" in error["zh"]
    assert "kaigong up" in error["en"]
    assert not Path("never-written.json").exists()


def test_the_letters_are_asked_of_the_stack_that_the_packet_would_go_to(case: Path) -> None:
    found = run("letter", case, "--stack", NO_STACK, "--json")
    assert found.exit_code == 1
    assert "kaigong up" in json.loads(found.stdout)["error"]["zh"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"commitments": []}, "--matters"),
        ({"commitments": "drawing-review"}, "matters"),
        ({"commitments": ["No Code"]}, "matters.0"),
        ({"enterprise": {"name": "某公司", "uscc": "123"}}, "enterprise.uscc"),
        ({"project": None}, "- project："),
    ],
)
def test_no_letter_is_asked_for_with_a_project_that_names_no_matter_or_is_misshapen(
    tmp_path: Path, content: dict[str, object], named: str
) -> None:
    (tmp_path / "project.json").write_text(json.dumps(city_case().manifest() | content), encoding="utf-8")
    found = run("letter", tmp_path, "--stack", NO_STACK)
    assert found.exit_code == 1
    assert named in found.stderr


def test_a_file_that_is_not_there_to_be_verified_is_a_refusal(tmp_path: Path) -> None:
    found = run("verify", tmp_path / "result.pdf", "--json")
    assert found.exit_code == 1
    assert set(json.loads(found.stdout)["error"]) == {"zh", "en"}
