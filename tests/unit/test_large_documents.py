"""Documents as long as they get: nothing is lost or cut off, pages are counted, and archives can keep them."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from kaigong.documents.notices import notice
from kaigong.documents.parts import Document, Table
from kaigong.documents.result import certificate, joint_result, refusal
from kaigong.domain.flow.result import CommitmentEntry, JointResultDocument, MatterEntry
from kaigong.domain.flow.result import document as result_data
from kaigong.domain.model.messages import DecisionReason
from kaigong.domain.model.packet import NoticeItem, NoticeKind, ResultCode
from kaigong.domain.model.signature import SignatureLevel, Signing
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.domain.words.remedies import REMEDY

from .building import MORNING, Case
from .test_documents import ROOT, SCREENS, about, both, said, seal, text_of

HAN = "".join(f"商丘样例生物科技㛃𬭎䶮{n:02}" for n in range(40))[:500]
LATIN = "".join(f"Biotechnology-and-Enzymes-Co-Ltd-{n:02}-" for n in range(15))[:500]
MATTERS = 60
NAMES = ("joint-result", "certificate", "certificate-bare", "refusal", "refusal-bare", "notice")
MARGIN = 60  # points, left and right; below stands the page's number


@cache
def long_documents() -> dict[str, Document]:
    """A joint result of sixty matters, every second one with nothing of what may be left out, the others with all of
    it; a document of one matter of either kind; a notice of some twenty pages.
    """
    case = Case().accepted("soil", promises=["soil-plan"])
    case.decide("soil")
    case.advance()
    issued = JointResultDocument.model_validate_json(result_data(case.packet, case.catalogue))
    matters = tuple(_matter(n, issued.matters[0]) for n in range(MATTERS))
    issued = issued.changed(
        partial=True,
        code=ResultCode.NOT_APPROVED,
        outcome=names.IN_PART,
        enterprise=issued.enterprise.changed(name=HAN),
        project=issued.project.changed(name=LATIN[:200], address=HAN[:200]),  # as long as is taken
        matters=matters,
        gaps=(issued.gaps[0].changed(name=Text(zh=HAN, en=LATIN)),) * 3,
        commitments=tuple(_commitment(matter) for matter in matters[::3]),
        papers=issued.papers * 20,
    )
    items = tuple(NoticeItem(code="x", text=Text(zh=f"第{n}项：{HAN}", en=f"{n}: {LATIN}")) for n in range(30))
    returned = case.last_notice(NoticeKind.ACCEPTED).changed(kind=NoticeKind.RETURNED, items=items)
    data = issued.model_dump_json(by_alias=True, exclude_none=True).encode()
    return {
        "joint-result": joint_result(data, about(case)),
        "certificate": certificate(issued, matters[1], about(case)),
        "certificate-bare": certificate(issued, matters[0].changed(code=ResultCode.APPROVED), about(case)),
        "refusal": refusal(issued, matters[3], about(case)),
        "refusal-bare": refusal(issued, matters[2], about(case)),
        "notice": notice(returned, about(case)),
    }


def _matter(number: int, like: MatterEntry) -> MatterEntry:
    """With nothing that may be left out; approved with conditions and gaps; refused with reasons and remedy."""
    bare = {"matter": f"matter-{number}", "number": f"1141-{number:03}", "conditions": (), "open_gaps": ()}
    code = ResultCode.NOT_APPROVED if number % 2 == 0 or number % 4 == 3 else ResultCode.APPROVED_WITH_GAPS
    entry = like.changed(**bare, code=code, outcome=names.RESULTS[code])
    if number % 2 == 0:
        return entry
    if number < 4:  # not all, or the test would take minutes
        longest = {"name": Text(zh=HAN, en=LATIN), "department": Text(zh=HAN[:200], en=LATIN[:200])}
        entry = entry.changed(**longest, by_rules=True)
    if code is ResultCode.NOT_APPROVED:
        reasons = tuple(DecisionReason(text=HAN, basis=HAN[:200]) for _ in range(2))
        return entry.changed(reasons=reasons, remedy=REMEDY)
    return entry.changed(conditions=(HAN,) * 2, open_gaps=like.open_gaps)


def _commitment(matter: MatterEntry) -> CommitmentEntry:
    return CommitmentEntry(
        matter=matter.matter,
        name=matter.name,
        version=1,
        sha256="5" * 64,
        signing=Signing.ELECTRONIC,
        level=SignatureLevel.CONFIRMED,
        accepted_at=MORNING,
    )


@cache
def file(name: str) -> bytes:
    return seal(long_documents()[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_long_document_says_all_that_it_was_made_of(name: str) -> None:
    document = long_documents()[name]
    found = text_of(file(name), *heads(document))
    assert not [text for text in said(document) if re.sub(r"\s", "", text) not in found]


def heads(document: Document) -> Iterator[str]:
    """What pages repeat above a table that goes on."""
    for part in document.parts:
        if isinstance(part, Table):
            yield "".join(text for column in part.columns for text in both(column))


@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_counted_and_holds_all_that_stands_on_it(name: str) -> None:
    with pypdfium2.PdfDocument(file(name)) as opened:
        for number, page in enumerate(opened, start=1):
            text = page.get_textpage()
            assert f"第{number}页共{len(opened)}页" in re.sub(r"\s", "", text.get_text_range())
            boxes = [text.get_charbox(place) for place in range(text.count_chars())]
            assert min(left for left, _, _, _ in boxes) >= MARGIN
            assert max(right for _, _, right, _ in boxes) <= page.get_width() - MARGIN
            assert min(bottom for _, bottom, _, _ in boxes) > 20
            assert max(top for _, _, _, top in boxes) < page.get_height() - 20


def test_sixty_matters_have_a_sheet_each_and_a_notice_of_thirty_points_has_twenty_pages() -> None:
    with pypdfium2.PdfDocument(file("joint-result")) as opened:
        assert len(opened) > MATTERS
    with pypdfium2.PdfDocument(file("notice")) as opened:
        assert len(opened) >= 20


@pytest.mark.long
def test_the_joint_result_of_sixty_matters_is_an_archives_file_and_can_be_read_aloud(tmp_path: Path) -> None:
    path = tmp_path / "joint-result.pdf"
    path.write_bytes(file("joint-result"))
    asked = [str(ROOT / "infra/verapdf"), "3a", str(path), "ua1", str(path)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert [line for line in answer.stdout.splitlines() if not line.startswith("WARN")] == ["ok", "ok"]


def test_the_first_and_last_pages_of_long_documents_are_drawn_to_be_looked_at() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name in long_documents():
        with pypdfium2.PdfDocument(file(name)) as opened:
            opened.init_forms()
            for place in {0, min(5, len(opened) - 1), len(opened) - 1}:
                picture = opened[place].render(scale=96 / 72).to_pil()
                assert picture.convert("L").getextrema()[0] < 100, "a page that is empty"
                picture.save(SCREENS / f"document-long-{name}-{place + 1}.png", compress_level=1)
