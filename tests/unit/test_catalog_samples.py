"""Sample papers: every material has one; it opens, names the enterprise, and is the same each time it is drawn."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaigong.catalog import SAMPLES, load
from kaigong.domain.intake import form
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.errors import KaigongError

from infra.samples import city_case, draw, write_packet, write_supplement
from infra.samples.__main__ import redraw

CASE = city_case()
DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # as GB 32100-2015 lists them


def first_page(content: bytes) -> tuple[int, str]:
    """Number of pages, and the first page's text as the comparison rule has it: NFKC, no white space."""
    document = pypdfium2.PdfDocument(content)
    text = document[0].get_textpage().get_text_range()
    return len(document), re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("code", load().materials)
def test_every_sample_opens_and_its_first_page_names_the_enterprise(code: str) -> None:
    pages, text = first_page(draw(code, CASE.enterprise, CASE.project))
    checks = load().materials[code].checks
    assert max(1, checks.min_pages) <= pages <= min(2, checks.max_pages)
    assert CASE.enterprise.name in text
    assert CASE.enterprise.uscc in text
    assert re.sub(r"\s", "", unicodedata.normalize("NFKC", load().materials[code].name.zh)) in text


def test_the_samples_in_the_catalogue_are_what_the_drawing_code_draws(tmp_path: Path) -> None:
    redraw(tmp_path)
    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in SAMPLES.iterdir()}


def test_a_sample_in_the_catalogue_says_that_it_is_one() -> None:
    _, text = first_page((SAMPLES / "land-contract.pdf").read_bytes())
    assert "样本SAMPLE" in text
    assert "样本SAMPLE" not in first_page(draw("land-contract", CASE.enterprise, CASE.project))[1]


@settings(max_examples=60, deadline=None)
@given(
    code=st.sampled_from(sorted(load().materials)),
    name=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=20),
    markup=st.sampled_from(["", "<b>", "&amp;", "（河南）", "{uscc}", "%s", " Bio & Co"]),
)
def test_any_name_of_usual_length_is_written_as_it_is(code: str, name: str, markup: str) -> None:
    enterprise = Enterprise(name=name + markup, uscc=CASE.enterprise.uscc)
    _, text = first_page(draw(code, enterprise, Project(name="项目")))
    assert re.sub(r"\s", "", unicodedata.normalize("NFKC", name + markup)) in text


def test_a_material_without_content_is_refused_with_what_to_do() -> None:
    with pytest.raises(KaigongError, match=r"'poem'; add it to infra/samples/papers\.py"):
        draw("poem", CASE.enterprise, CASE.project)


def test_the_credit_code_of_the_case_keeps_both_check_characters() -> None:
    code = CASE.enterprise.uscc
    total = sum(DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    assert DIGITS[(31 - total % 31) % 31] == code[17]  # GB 32100-2015
    values = [int(character, 36) for character in code[8:16]]
    rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    assert {10: "X", 11: "0"}.get(rest, str(rest)) == code[16]  # GB 11714


def test_the_project_of_the_case_lies_in_shangqiu() -> None:
    assert re.fullmatch(r"\d{2}(0[1-9]|1[0-2])-4114\d{2}-\d{2}-\d{2}-\d{6}", CASE.project.code or "")


def test_the_packet_holds_every_paper_but_the_promised_ones(tmp_path: Path) -> None:
    papers = write_packet(CASE, tmp_path / "packet")
    later = write_supplement(CASE, tmp_path / "later")
    assert {path.name for path in (tmp_path / "packet").iterdir()} == {"project.json", *(p.name for p in papers)}
    assert [path.stem for path in later] == list(CASE.promises)
    assert sorted(path.stem for path in papers + later) == sorted(CASE.materials)
    assert (len(papers), len(later)) == (12, 2)
    assert all(path.stem in load().slots for path in papers + later)


def test_the_packets_description_is_what_submit_reads(tmp_path: Path) -> None:
    write_packet(CASE, tmp_path)
    content = json.loads((tmp_path / "project.json").read_text(encoding="utf-8"))
    assert content.keys() == {
        "enterprise",
        "project",
        "process",
        "matters",
        "promises",
        "commitments",
        "drawn_up",
        "form",
    }
    assert Enterprise.model_validate(content["enterprise"]) == CASE.enterprise
    assert Project.model_validate(content["project"]) == CASE.project
    assert content["process"] == "industrial"
    assert content["promises"] == ["design-qualification", "wage-security"]
    assert set(content["commitments"]) <= set(content["matters"])
    assert all(load().matters[code].takes_commitment for code in content["commitments"])


def test_the_form_of_the_case_is_complete_and_nothing_about_it_is_odd() -> None:
    for committed in ((), CASE.commitments):
        found = form.applied(CASE.form, CASE.matters, committed, load())
        assert found.complete
        assert found.problems == ()
        assert found.values == CASE.form


def test_papers_can_be_left_out_to_show_a_return(tmp_path: Path) -> None:
    papers = write_packet(CASE, tmp_path, without={"land-contract", "drawings"})
    assert {path.stem for path in papers} == set(CASE.materials) - {*CASE.promises, "land-contract", "drawings"}


def test_another_case_is_written_from_its_own_matters(tmp_path: Path) -> None:
    case = replace(CASE, matters=("road-works",), promises=("emergency-plan",), commitments=())
    assert {path.stem for path in write_packet(case, tmp_path)} == {
        "application-form",
        "business-licence",
        "authorisation",
        "road-works-plan",
        "traffic-plan",
        "traffic-safety-assessment",
    }
