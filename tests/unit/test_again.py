"""What may be applied for again, with which form and which papers; and what may be used again."""

from datetime import timedelta

from kaigong.domain.intake.again import begun_again, ended, newest, usable
from kaigong.domain.intake.draft import manifest, taken_up
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ActKind, Papers

from .building import CATALOGUE, MORNING, PACKET, PROJECT, Case
from .test_packet_view import seen


def refused() -> Case:
    """`planning` fell with `land-use`; `flood` was approved."""
    case = Case().accepted("land-use", "planning", "flood", project=PROJECT.changed(address="示范路"))
    case.decide("land-use", Outcome.REJECT)
    assert ended(case.packet) == (), "while the others are reviewed nothing is applied for twice"
    case.decide("flood")
    case.advance()
    return case


def test_what_ended_without_an_approval_may_be_applied_for_again() -> None:
    case = refused()
    assert ended(case.packet) == ("land-use", "planning")
    assert seen(case).again == ("land-use", "planning")
    case.revoke("flood")
    case.advance()
    assert ended(case.packet) == ("land-use", "planning", "flood")
    gone = Case().accepted("soil")
    gone.act(ActKind.WITHDRAW)
    gone.advance()
    assert ended(gone.packet) == ("soil",)


def test_the_new_draft_has_the_form_and_names_the_packet_that_it_follows() -> None:
    case = refused()
    draft = begun_again("20260401-new", case.header, ("land-use",), "user-2", MORNING)
    assert (draft.owner, draft.matters, draft.follows) == (case.header.enterprise.uscc, ("land-use",), PACKET)
    said, wanting = manifest(draft, (), CATALOGUE)
    assert wanting == ()
    assert (said.enterprise, said.project, said.follows) == (case.header.enterprise, case.header.project, PACKET)
    assert taken_up(said, draft.owner, "user-2", MORNING).follows == PACKET
    later = Case()
    later.upload("form", "land-contract", "site-photo")
    later.submit("land-use", follows=PACKET)
    later.advance()
    assert seen(later).follows == PACKET


def test_of_the_papers_those_are_used_again_that_the_matters_ask_for() -> None:
    case = refused()
    found = {paper.slot: paper for paper in usable(case.packet, ("land-use",), CATALOGUE)}
    assert set(found) == {"form", "land-contract", "site-photo"}
    assert found["form"].uploaded_at == case.packet.uploads["form", found["form"].mark].uploaded_at


def test_of_several_packets_the_newest_paper_is_offered() -> None:
    papers = refused().packet.papers.by_slot
    later = papers["form"][0].changed(uploaded_at=MORNING + timedelta(days=9))
    found = newest({"p-2": Papers(by_slot={"form": (later,)}), "p-1": Papers(by_slot=papers)})
    assert (found["form"].packet, found["form"].uploaded_at) == ("p-2", later.uploaded_at)
    assert found["drawings"].packet == "p-1"
