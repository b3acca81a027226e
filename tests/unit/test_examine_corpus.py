"""The comparison of a folder of known documents with what is true of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.samples.corpus import compare, examine_file, run

from .documents import papers
from .documents.raw import assemble, one_page

TRUTHS: list[dict[str, Any]] = [
    {"file": "paper.pdf", "opens": "yes", "pages": 2, "encrypted": False, "text_on_page_1": True, "signed": None},
    {"file": "locked.pdf", "opens": ["no", "locked"]},
    {"file": "script.pdf", "opens": "yes", "javascript": True, "launch": False, "embedded_files": False},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "paper.pdf").write_bytes(papers.paper(["申请表"], ["附图"]))
    (tmp_path / "locked.pdf").write_bytes(papers.protected(papers.paper(["一"]), user="secret"))
    (tmp_path / "script.pdf").write_bytes(assemble(one_page(catalogue=b"/OpenAction<</S/JavaScript/JS(1)>>")))
    (tmp_path / "truth.json").write_text(json.dumps(TRUTHS), encoding="utf-8")
    return tmp_path


def test_a_corpus_that_is_found_as_it_is_passes(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(corpus) == 0
    assert "0 处不一致" in capsys.readouterr().out


def test_every_difference_is_told_and_fails_the_run(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [TRUTHS[0] | {"pages": 3, "text_on_page_1": False}, TRUTHS[1] | {"opens": "yes"}, TRUTHS[2]]
    (corpus / "truth.json").write_text(json.dumps(wrong), encoding="utf-8")
    assert run(corpus, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    told = [(row["file"], row["fact"], row["expected"], row["found"]) for row in document["differences"]]
    assert told == [
        ("paper.pdf", "pages", 3, 2),
        ("paper.pdf", "text_on_page_1", False, True),
        ("locked.pdf", "opens", "yes", "locked"),
    ]
    assert document["summary"]["files"] == 3


def test_a_verdict_that_is_not_right_is_a_difference(corpus: Path) -> None:
    (corpus / "truth.json").write_text(json.dumps([{"file": "script.pdf", "verdict_ok": ["valid", "warning"]}]))
    assert run(corpus) == 1


def test_what_the_truth_leaves_open_is_not_compared() -> None:
    assert compare({"opens": "no", "pages": None}, {"file": "a.pdf", "opens": None}) == []


def test_the_object_of_the_command_has_every_key_it_promises(corpus: Path) -> None:
    found = examine_file(corpus / "script.pdf")
    assert list(found) == [
        "file",
        "kind",
        "opens",
        "pages",
        "encrypted",
        "damaged",
        "javascript",
        "launch",
        "embedded_files",
        "signed",
        "text_on_page_1",
        "blank_pages",
        "all_pages_blank",
        "bytes_read",
        "seconds",
        "verdict",
        "reasons",
    ]
    assert found["verdict"] == "deficient"
    assert [set(reason) for reason in found["reasons"]] == [{"code", "zh", "en"}]
    assert json.loads(json.dumps(found)) == found


def test_a_file_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        examine_file(tmp_path / "nothing.pdf")
