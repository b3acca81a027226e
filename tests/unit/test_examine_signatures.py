"""Signatures of uploaded PDFs: what holds, what was changed, whose is not known, and what could not be checked."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.domain.model.facts import SEALS, Facts, Opens, SealState, Verdict
from kaigong.examine import Limits, examine, pipeline
from kaigong.examine.parent import Readers
from pyhanko.sign.fields import MDPPerm

from .documents import papers, signing
from .documents.raw import Objects, assemble, flate, one_page, stream, text, update
from .reading_alone import MISREADERS
from .test_examine import Memory

PAPER = assemble(one_page())
FORM = assemble(
    one_page(catalogue=b"/AcroForm<</Fields[6 0 R]/DA(/Helv 9 Tf 0 g)>>", page=b"/Annots[6 0 R]")
    | {6: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[72 600 200 620]/P 3 0 R/DA(/Helv 9 Tf 0 g)>>"}
)


def trusted() -> bytes:
    return signing.identity(signing.AUTHORITY).pem


def facts_of(data: bytes, trust_list: Callable[[], bytes] = trusted) -> Facts:
    return examine(Memory(data), trust_list=trust_list)


def states(data: bytes, trust_list: Callable[[], bytes] = trusted) -> list[SealState]:
    return [seal.state for seal in facts_of(data, trust_list).seals]


def told(data: bytes, trust_list: Callable[[], bytes] = trusted) -> tuple[Verdict, list[str]]:
    finding = judge(facts_of(data, trust_list), DEFAULT_MATERIAL, None)
    return finding.verdict, [reason.code for reason in finding.reasons]


def test_a_signature_that_holds_tells_who_signed_and_when_and_nothing_is_said_against_it() -> None:
    data = signing.signed(PAPER)
    [seal] = facts_of(data).seals
    assert (seal.state, seal.signer) == (SealState.VALID, signing.SIGNER)
    assert seal.signed_at is not None
    assert abs((seal.signed_at - signing.NOW).total_seconds()) < 3600
    assert told(data) == (Verdict.VALID, [])


@pytest.mark.parametrize(
    ("data", "trust_list"),
    [
        (lambda: signing.signed(PAPER), bytes),
        (lambda: signing.signed(PAPER), lambda: signing.identity("另一个根证书").pem),
        (lambda: signing.signed(PAPER, signer="过期者", expired=True), trusted),
    ],
    ids=["no list", "another authority", "expired"],
)
def test_a_signer_whom_the_list_does_not_vouch_for_is_a_warning(
    data: Callable[[], bytes], trust_list: Callable[[], bytes]
) -> None:
    assert states(data(), trust_list) == [SealState.UNTRUSTED]
    assert told(data(), trust_list) == (Verdict.WARNING, ["signer-unknown"])


def test_without_a_list_that_of_the_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from oscrypto import trust_list

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("the machine's certificates were asked for")

    monkeypatch.setattr(trust_list, "get_list", asked)
    assert states(signing.signed(PAPER), bytes) == [SealState.UNTRUSTED]


def test_the_trust_list_is_asked_for_only_where_something_is_signed() -> None:
    def asked() -> bytes:
        raise ConnectionResetError("storage went away")

    assert facts_of(PAPER, asked).seals == ()
    with pytest.raises(ConnectionResetError):
        facts_of(signing.signed(PAPER), asked)
    with pytest.raises(ValueError, match="PEM"):
        facts_of(signing.signed(PAPER), lambda: b"not certificates")


# what is no change


def filled() -> bytes:
    """The form, filled in by an update after it was signed."""
    data = signing.signed(FORM, permits=MDPPerm.FILL_FORMS)
    appearance = stream(b"/Tx BMC EMC", b"/Type/XObject/Subtype/Form/BBox[0 0 128 20]")
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[72 600 200 620]/P 3 0 R/DA(/Helv 9 Tf 0 g)"
    field += b"/V(words)/AP<</N 80 0 R>>>>"
    return update(data, {6: field, 80: appearance}, _root_of(data))


def _root_of(data: bytes) -> bytes:
    """What the next trailer must repeat of the last one, beside the root, which stays where it was."""
    return b"/ID" + data.rsplit(b"/ID", 1)[1].split(b"]")[0] + b"]" if b"/ID" in data else b""


HARMLESS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: signing.signed(PAPER),
    "a line's end behind the end": lambda: signing.signed(PAPER) + b"\r\n",
    "zeros behind the end": lambda: signing.signed(PAPER) + bytes(5000),
    "a timestamp of its own": lambda: signing.signed(PAPER, stamped=True, pades=True),
    "a form filled in later": filled,
    "a second signature": lambda: signing.signed(signing.signed(PAPER), "Signature2"),
    "a timestamp over the whole": lambda: signing.stamped_as_a_whole(signing.signed(PAPER, pades=True)),
    "a field that was there": lambda: signing.signed(signing.with_field(PAPER)),
    "a password for changing it": lambda: signing.signed(papers.protected(PAPER)),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_may_be_added_to_a_signed_paper_is_no_change(name: str) -> None:
    data = HARMLESS[name]()
    assert set(states(data)) == {SealState.VALID}
    assert told(data)[0] is not Verdict.DEFICIENT


# what is


def overwritten() -> bytes:
    """Other words of the same length."""
    return signing.signed(PAPER).replace(b"in plain words", b"in other words")


def replaced(**objects: bytes) -> bytes:
    """Objects replaced by an update: `o4=…` is object 4."""
    data = signing.signed(PAPER)
    changed: Objects = {int(name[1:]): body for name, body in objects.items()}
    return update(data, changed | {120: b"null"}, _root_of(data))  # the number: those of the signature stay taken


def hidden(change: bytes) -> bytes:
    """Content that was prepared under a picture before signing, and shown afterwards ("hide", "hide and replace")."""
    content = text("The true words of the contract") + b" q 595 0 0 842 0 0 cm /I Do Q"
    picture = flate(b"\xff", b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray")
    data = signing.signed(assemble(one_page(content, resources=b"/XObject<</I 6 0 R>>") | {6: picture}))
    return update(data, {6: change}, _root_of(data))


def widened() -> bytes:
    """A signature whose hole is wider than its own value: what stands in the rest of it is not covered."""
    data = signing.signed(PAPER)
    at = data.index(b"/ByteRange")
    end = data.index(b"]", at)
    numbers = data[at + len(b"/ByteRange") : end].strip(b" [").split()
    spread = b"%d" % (int(numbers[1]) - 1)
    return data[:at] + data[at:end].replace(numbers[1], spread.rjust(len(numbers[1]), b"0")) + data[end:]


def with_script() -> bytes:
    data = signing.signed(PAPER)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.trailer.Root.objgen[0]
        catalogue = pdf.trailer.Root.unparse(resolved=True)
    grown = catalogue[:-2] + b"/OpenAction<</S/URI/URI(http://example.com)>>>>"
    return update(data, {root: grown}, _root_of(data))


CHANGED: dict[str, Callable[[], bytes]] = {
    "overwritten": overwritten,
    "replaced": lambda: replaced(o4=stream(text("Quite other words of another contract"))),
    "another page": lambda: replaced(
        o2=b"<</Type/Pages/Count 2/Kids[3 0 R 90 0 R]>>", o90=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"
    ),
    "a font that shows other letters": lambda: replaced(o5=b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"),
    "hidden words shown": lambda: hidden(stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]")),
    "hidden words replaced": lambda: hidden(
        stream(text("Forged"), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>")
    ),
    "an action added": with_script,
    "a hole beside the signature": widened,
    "certified, and filled in all the same": lambda: _filled_in_spite(),
    "between two signatures": lambda: signing.signed(
        replaced(o4=stream(text("Quite other words of another contract"))), "Signature2"
    ),
}


def _filled_in_spite() -> bytes:
    data = signing.signed(FORM, permits=MDPPerm.NO_CHANGES)
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[72 600 200 620]/P 3 0 R/DA(/Helv 9 Tf 0 g)/V(words)>>"
    return update(data, {6: field}, _root_of(data))


@pytest.mark.parametrize("name", CHANGED)
def test_a_paper_that_was_changed_after_it_was_signed_is_refused(name: str) -> None:
    data = CHANGED[name]()
    assert SealState.CHANGED in states(data)
    verdict, codes = told(data)
    assert verdict is Verdict.DEFICIENT
    assert "seal-changed" in codes


# what could not be checked

UNCHECKABLE: dict[str, Callable[[], bytes]] = {
    "not a signature's data": lambda: _field(b"<308201>"),
    "no range": lambda: _field(b"<3003020101>", b""),
    "another way of signing": lambda: _field(b"<3003020101>", b"/ByteRange[0 1 2 3]/SubFilter/adbe.x509.rsa_sha1"),
    "a loop": lambda: _field(b"<3003020101>", b"/ByteRange 8 0 R"),
}


def _field(contents: bytes, more: bytes = b"/ByteRange[0 1 2 3]/SubFilter/adbe.pkcs7.detached") -> bytes:
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/Contents" + contents + more + b">>"
    return assemble(
        one_page(catalogue=b"/AcroForm<</SigFlags 3/Fields[7 0 R]>>") | {7: b"<</FT/Sig/T(s)/V 8 0 R>>", 8: value}
    )


@pytest.mark.parametrize("name", UNCHECKABLE)
def test_what_could_not_be_checked_says_so_and_is_no_reason_to_refuse(name: str) -> None:
    data = UNCHECKABLE[name]()
    assert states(data) == [SealState.UNKNOWN]
    assert told(data) == (Verdict.WARNING, ["seal-unknown"])


def checked_by(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, signatures are checked by one of the misreaders."""
    monkeypatch.setattr(pipeline, "_SIGNATURES", f"{MISREADERS}:{reader}")
    monkeypatch.setattr(pipeline, "SIGNED", Readers("others", (*pipeline.SIGNED.modules, MISREADERS)))


@pytest.mark.parametrize("error", ["KeyError", "AssertionError", "RecursionError", "MemoryError"])
def test_whatever_the_reader_fails_with_is_told_as_not_checked(error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked_by(f"fail_at_signatures_with_{error}", monkeypatch)
    facts = facts_of(signing.signed(PAPER))
    assert ([seal.state for seal in facts.seals], facts.opens, facts.over_limits) == (
        [SealState.UNKNOWN],
        Opens.YES,
        (),
    )


def test_more_signatures_than_are_looked_at_are_told_as_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    checked_by("look_at_one_signature", monkeypatch)
    data = signing.signed(signing.signed(PAPER), "Signature2")
    assert states(data) == [SealState.VALID, SealState.UNKNOWN]


def test_the_places_for_signatures_leave_one_for_those_that_were_not_looked_at() -> None:
    from kaigong.examine import signatures

    assert signatures.MOST < SEALS


def test_of_a_large_file_what_is_signed_is_hashed_and_not_kept() -> None:
    scan = assemble(one_page(page=b"/Resources<</XObject<</I 9 0 R>>>>") | {9: stream(b"\x07" * 3_000_000)})
    data = signing.signed(scan)
    limits = Limits(whole=0, block=1024, max_bytes=600_000)
    facts = examine(Memory(data), trust_list=trusted, limits=limits)
    assert [seal.state for seal in facts.seals] == [SealState.VALID]
    altered = data.replace(b"\x07" * 1000, b"\x07" * 999 + b"\x08", 1)
    facts = examine(Memory(altered), trust_list=trusted, limits=limits)
    assert [seal.state for seal in facts.seals] == [SealState.CHANGED]
    too_much = examine(Memory(data), trust_list=trusted, limits=replace(limits, hashed=1_000_000))
    assert [seal.state for seal in too_much.seals] == [SealState.UNKNOWN]


def test_a_signature_over_thousands_of_parts_does_not_cost_as_many_requests() -> None:
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]{100,})>", signing.signed(PAPER))
    assert found
    parts = b" ".join(b"%d 1" % at for at in range(0, 8000, 2))
    objects = one_page(catalogue=b"/AcroForm<</Fields[6 0 R]/SigFlags 3>>", page=b"/Annots[6 0 R]") | {
        6: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/Rect[0 0 0 0]/P 3 0 R/V 7 0 R>>",
        7: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Contents<%s>/ByteRange[%s]>>"
        % (found[1], parts),
    }
    source = Memory(assemble(objects))
    facts = examine(source, trust_list=trusted, limits=Limits(whole=0, block=1024))
    assert [seal.state for seal in facts.seals] == [SealState.CHANGED]
    assert len(source.asked) < 100


def test_a_signed_file_larger_than_what_is_fetched_could_not_be_checked() -> None:
    data = signing.signed(PAPER)
    limits = Limits(whole=0, block=1024, read_ahead=1024, max_bytes=12 * 1024)
    facts = examine(Memory(data), trust_list=trusted, limits=limits)
    assert SealState.CHANGED not in {seal.state for seal in facts.seals}
    ranged = examine(Memory(data), trust_list=trusted, limits=Limits(whole=0, block=1024))
    assert [seal.state for seal in ranged.seals] == [SealState.VALID]
