"""The documents that the city issues: what stands on them, that they are archives' and everybody's, and their seal."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst
from asn1crypto import tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from kaigong.documents.about import About
from kaigong.documents.due import due
from kaigong.documents.lettering import lettered
from kaigong.documents.notices import notice
from kaigong.documents.parts import Check, Document, Facts, Heading, Points, Prose, Table, same
from kaigong.documents.seal import Clock, Stamp, in_force, sealed
from kaigong.documents.typeset import replaced, typeset
from kaigong.domain.flow.result import document as result_data
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.documents import ACCEPTED, RESULT, DocumentKind, DocumentName, notice_occasion
from kaigong.domain.model.form import FieldGroup, FieldKind, Form, FormField, MatterField
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import NoticeItem, NoticeKind
from kaigong.domain.model.text import Text
from kaigong.domain.words import documents as words
from kaigong.errors import NotSealed
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from infra.authority import LOCAL_TEST, YEARS, Authority

from .building import CATALOGUE, MORNING, SHANGHAI, Case, named

ROOT = Path(__file__).resolve().parents[2]
SCREENS, PHONE = ROOT / "out" / "screens", 780  # pixels of a phone of 390 points
ISSUER = Text(zh="市行政审批和政务信息管理局", en="Approval Bureau")
CHECK = Check(address="https://example.gov.cn/p/AbCdEf0123456789AbCdEf0123456789", ledger=words.head(3, "ab" * 32))
REASON = DecisionReason(text="消防车道宽度不足4米", basis="GB 50016-2014 第7.1.8条")


def with_form(catalogue: Catalogue) -> Catalogue:
    """The same, with one field on its form that `soil` asks for."""
    area = FormField(code="area", name=Text(zh="用地面积", en="Area"), kind=FieldKind.TEXT)
    form = Form(groups=(FieldGroup(code="site", name=named("site"), fields=(area,)),))
    soil = catalogue.matters["soil"].changed(form=(MatterField(field="area"),))
    return catalogue.changed(form=form, matters={**catalogue.matters, "soil": soil})


@cache
def documents() -> dict[str, Document]:
    """One of every kind, by name: a packet as it travels."""
    signer = {"name": "张三㛃𬭎䶮", "role": "legal-representative"}
    asked = {"promises": ["soil-plan"], "commitments": ["land-use"], "form": {"area": "二十亩"}, "signer": signer}
    matters = ("soil", "fire-review", "land-use")
    case = Case(with_form(CATALOGUE))
    case.submit("soil", "fire-review")  # without its papers: returned
    case.advance()
    told = [case.last_notice(NoticeKind.RETURNED)]
    case.accepted(*matters, **asked)
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="form", text="缺少签章"))
    case.decide("fire-review", Outcome.REJECT, REASON)
    case.decide("land-use", conditions=("开工前完成场地平整。",))
    case.advance()
    told.append(case.last_notice(NoticeKind.CORRECTION))
    case.replace(["form"])
    case.submit(*matters, **asked)
    case.advance()
    case.decide("soil")
    case.advance()
    occasions = (ACCEPTED, *(notice_occasion(notice.number) for notice in told), RESULT)
    made = [d for o in occasions for d in due(o, case.packet, about(case), result_data(case.packet, case.catalogue))]
    return {d.name.code: d for d in made}


def about(case: Case) -> About:
    return About(header=case.header, catalogue=case.catalogue, issuer=ISSUER, zone=SHANGHAI, check=CHECK)


def test_there_is_one_of_every_kind() -> None:
    assert {d.name.kind for d in documents().values()} == set(DocumentKind)


def said(document: Document) -> Iterator[str]:
    """Every text that a document consists of."""
    yield from (document.title.zh, document.number, document.issuer.zh, document.signed.zh, document.check.address)
    for part in document.parts:
        match part:
            case Heading() | Prose():
                yield from both(part.text)
            case Points():
                yield from (text for point in part.points for text in both(point))
            case Facts() | Table():
                yield from (text for row in part.rows for cell in row for text in both(cell))


def both(text: Text) -> tuple[str, str]:
    return text.zh, text.en


def text_of(pdf: bytes, *heads: str) -> str:
    """All of a PDF's text without blanks, which lines and columns put elsewhere, and without the feet of its pages and
    the heads of tables that go on there.
    """
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [re.sub(r"\s", "", page.get_textpage().get_text_range()).replace("\ufffe", "-") for page in opened]
    pages = [re.sub(r"20260306-test〔..〕[!-~]*第\d+页共\d+页Page\d+of\d+", "", page) for page in pages]
    again = "|".join(re.escape(re.sub(r"\s", "", head)) for head in heads)
    return pages[0] + "".join(re.sub(f"^(?:{again})", "", page) for page in pages[1:])


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_text_of_a_document_is_what_it_was_made_of(name: str) -> None:
    document = documents()[name]
    found = text_of(typeset(document).pdf)
    assert not [text for text in said(document) if re.sub(r"\s", "", text) not in found]


def test_the_same_document_gives_the_same_bytes() -> None:
    document = documents()["receipt"]
    assert typeset(document).pdf == typeset(document.model_copy()).pdf


def test_the_joint_result_carries_its_data() -> None:
    document = documents()["joint-result"]
    pdf = typeset(document).pdf
    with pypdfium2.PdfDocument(pdf) as opened:
        assert opened.count_attachments() == 1
        data = bytes(opened.get_attachment(0).get_data())
    assert data == document.attachment
    assert json.loads(data)["schema"] == "kaigong/joint-result/1"


def test_what_an_applicant_writes_is_never_code() -> None:
    written = '#panic("x") #read("/etc/passwd") $ * _ = <a> @b ` \\ // /* "'
    document = plain(same(written))
    assert re.sub(r"\s", "", written) in text_of(typeset(document).pdf)


def plain(value: Text, rows: int = 1) -> Document:
    numbered = tuple((same(str(n)), value) for n in range(rows))
    table = Table(columns=(words.PLACE, words.MATTER), widths=(0, 1), rows=numbered)
    return Document(
        name=DocumentName(kind=DocumentKind.RECEIPT),
        title=words.KINDS[DocumentKind.RECEIPT],
        number=words.number("20260306-test", DocumentKind.RECEIPT),
        issuer=ISSUER,
        signed=ISSUER,
        at=MORNING,
        parts=(Prose(text=value), Facts(rows=((words.ENTERPRISE, value),)), table),
        check=CHECK,
    )


def test_a_character_that_no_font_has_is_shown_by_its_code_and_told() -> None:
    document = plain(same("张㛃𬭎䶮\U00030ede"))
    assert replaced(document) == ("U+30EDE",)
    found = text_of(typeset(document).pdf)
    assert "张㛃𬭎䶮〔U+30EDE〕" in found
    assert "登记信息保留原字" in found


def test_what_hides_or_turns_text_round_is_left_out() -> None:
    assert lettered("a\u202eb\u200bc\x07d\ufeff") == ("abcd", frozenset())


def test_a_character_that_slips_through_is_an_error_and_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaigong.documents.typeset.lettered", lambda text: (text, frozenset()))
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typeset(plain(same("\U00030ede")))


@settings(max_examples=6, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=120))
def test_any_name_can_be_set(name: str) -> None:
    value = lettered(name).text.strip() or "-"
    assert re.sub(r"\s", "", value) in text_of(typeset(plain(same(name.strip() or "-"))).pdf) or not value.isprintable()


@pytest.mark.parametrize("name", ["名" * 500, "W" * 500, "-".join(["x" * 40] * 12)])
def test_a_long_name_stays_on_its_page(name: str) -> None:
    with pypdfium2.PdfDocument(typeset(plain(same(name))).pdf) as opened:
        for page in opened:
            text = page.get_textpage()
            boxes = [text.get_charbox(place) for place in range(text.count_chars())]
            assert max(right for _, _, right, _ in boxes) <= page.get_width() - 60


def test_sixty_rows_have_their_head_on_every_page_and_the_signature_is_not_alone() -> None:
    made = typeset(plain(same("应建防空地下室的民用建筑项目报建审批"), rows=60))
    with pypdfium2.PdfDocument(made.pdf) as opened:
        pages = [page.get_textpage().get_text_range() for page in opened]
    assert len(pages) > 2
    assert all(f"第 {number} 页 共 {len(pages)} 页" in page for number, page in enumerate(pages, start=1))
    assert all(page.count(f"{words.PLACE.zh}\r\n") == 1 for page in pages)


@pytest.mark.parametrize("rows", range(1, 40, 2))
def test_wherever_a_notice_ends_no_page_has_the_signature_alone(rows: int) -> None:
    """Official papers carry the seal on a page that has text of their own (GB/T 9704, 7.3.5)."""
    items = tuple(NoticeItem(code="x", text=same(f"第{n}项需要补正的内容")) for n in range(rows))
    case = Case().accepted("soil")
    returned = case.last_notice(NoticeKind.ACCEPTED).changed(kind=NoticeKind.RETURNED, items=items)
    with pypdfium2.PdfDocument(typeset(notice(returned, about(case))).pdf) as opened:
        last = re.sub(r"\s", "", opened[len(opened) - 1].get_textpage().get_text_range())
    assert re.sub(r"\s", "", words.SUBMIT_AGAIN.zh) in last


# the seal

AUTHORITY = Authority(lambda: datetime(2026, 3, 6, 10, 0, tzinfo=UTC))
KEYS = {"P-256": ec.generate_private_key(ec.SECP256R1()), "RSA": rsa.generate_private_key(65537, 3072)}
OTHERS = {
    "another P-256": ec.generate_private_key(ec.SECP256R1()),
    "another RSA": rsa.generate_private_key(65537, 3072),
}


def clock() -> datetime:
    return datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def seal(
    document: Document, kind: str = "P-256", stamp: Stamp = AUTHORITY.stamp, certified: str = "", clock: Clock = clock
) -> bytes:
    """`certified`: which key the certificate is for, where it is not the one that signs."""
    private = KEYS[kind]

    def key(digest: bytes) -> bytes:
        prehashed = utils.Prehashed(hashes.SHA256())
        if isinstance(private, rsa.RSAPrivateKey):
            return private.sign(digest, PKCS1v15(), prehashed)
        return private.sign(digest, ec.ECDSA(prehashed))

    made = typeset(document)
    chain = AUTHORITY.chain((KEYS | OTHERS)[certified or kind].public_key(), "seal")
    return sealed(made.pdf, made.place, document.issuer, chain, key, stamp, clock)


@pytest.mark.parametrize("kind", KEYS)
def test_a_reader_that_is_not_ours_finds_the_seal_valid_and_a_changed_byte_not(kind: str, tmp_path: Path) -> None:
    """By Poppler's pdfsig, as the README says it."""
    asked = [ROOT / "infra/clients", "pdfsig"]
    pdfsig = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    good, changed = tmp_path / "good.pdf", tmp_path / "changed.pdf"
    good.write_bytes(seal(documents()["receipt"], kind))
    changed.write_bytes(good.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    said = [
        subprocess.run([pdfsig, "-nocert", file], capture_output=True, text=True, check=False).stdout
        for file in (good, changed)
    ]
    assert "Signature Validation: Signature is Valid." in said[0]
    assert "Total document signed" in said[0]
    assert "Signature Validation: Signature is Valid." not in said[1]


@pytest.mark.parametrize("kind", KEYS)
def test_the_seal_covers_the_whole_file_and_says_when(kind: str) -> None:
    document = documents()["receipt"]
    file = seal(document, kind)
    assert file.startswith(typeset(document).pdf)
    root = x509.Certificate.load(AUTHORITY.root.public_bytes(Encoding.DER))
    trusted = ValidationContext(trust_roots=[root], moment=datetime(2026, 3, 7, tzinfo=UTC))
    signature = PdfFileReader(BytesIO(file)).embedded_signatures[0]
    status = validate_pdf_signature(signature, trusted, ts_validation_context=trusted)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.timestamp_validity is not None
    assert LOCAL_TEST in status.signing_cert.subject.human_friendly
    contents = signature.pkcs7_content
    assert len(contents.rstrip(b"\0")) > len(contents) - 96, "room that nobody signs"


@pytest.mark.parametrize(
    ("kind", "certified"),
    [("P-256", "another P-256"), ("P-256", "RSA"), ("RSA", "another RSA"), ("RSA", "P-256")],
)
def test_nothing_is_sealed_under_a_certificate_that_is_not_the_keys(kind: str, certified: str) -> None:
    with pytest.raises(NotSealed, match="not that of its key"):
        seal(documents()["receipt"], kind, certified=certified)


def test_nothing_is_sealed_before_its_certificate_begins_or_after_it_ends() -> None:
    chain = AUTHORITY.chain(KEYS["P-256"].public_key(), "seal")  # from a day before for ten years
    begins, ends = clock() - timedelta(days=1), clock() + YEARS
    for good in (begins, clock(), ends - timedelta(seconds=1)):
        in_force(chain, good)
    for bad in (begins - timedelta(seconds=1), ends, ends + timedelta(days=1)):
        with pytest.raises(NotSealed, match="not in force"):
            in_force(chain, bad)


def stamped(of: Authority = AUTHORITY, **changes: object) -> Stamp:
    """Time stamps of an authority that answers another question than was asked."""

    def stamp(request: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(request)
        for name, value in changes.items():
            asked[name] = value
        return of.stamp(asked.dump())

    return stamp


def answered(change: Callable[[tsp.TimeStampResp], object]) -> Stamp:
    """Time stamps of which something was changed on the way."""

    def stamp(request: bytes) -> bytes:
        response = tsp.TimeStampResp.load(AUTHORITY.stamp(request))
        change(response)
        return bytes(response.dump(force=True))

    return stamp


def with_status(status: str) -> Stamp:
    return answered(lambda response: response["status"].__setitem__("status", status))


def with_another_signature(response: tsp.TimeStampResp) -> None:
    [signer] = response["time_stamp_token"]["content"]["signer_infos"]
    signature = signer["signature"].native
    signer["signature"] = signature[:-1] + bytes([signature[-1] ^ 1])


def with_another_content(request: bytes) -> bytes:
    answer = AUTHORITY.stamp(request)
    token = tsp.TimeStampResp.load(answer)["time_stamp_token"]["content"]
    content = bytes(token["encap_content_info"]["content"])
    return answer.replace(content, content[:-1] + b"X")  # within the authority's name


def by_no_stamper(authority: Authority) -> Authority:
    """Its time stamps are signed by the root, whose certificate is not for that."""
    authority._stamper, authority._stamp_key = authority.root, authority._root_key
    return authority


OTHER_IMPRINT = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)})


@pytest.mark.parametrize(
    "stamp",
    [
        stamped(message_imprint=OTHER_IMPRINT),
        stamped(nonce=7),
        stamped(Authority(lambda: clock() + timedelta(minutes=6))),
        stamped(Authority(lambda: clock() - timedelta(minutes=6))),
        stamped(by_no_stamper(Authority(clock))),
        with_status("rejection"),
        answered(with_another_signature),
        with_another_content,
    ],
    ids=["imprint", "nonce", "ahead", "behind", "certificate", "refused", "signature", "content"],
)
def test_nothing_is_sealed_by_a_time_stamp_that_does_not_hold(stamp: Stamp) -> None:
    with pytest.raises(NotSealed, match="does not hold"):
        seal(documents()["receipt"], stamp=stamp)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x01"])
def test_nothing_is_sealed_by_what_is_no_time_stamp(answer: bytes) -> None:
    with pytest.raises(NotSealed, match="no time stamp"):
        seal(documents()["receipt"], stamp=lambda _: answer)


def by_sm2(response: tsp.TimeStampResp) -> None:
    [signer] = response["time_stamp_token"]["content"]["signer_infos"]
    signer["digest_algorithm"] = {"algorithm": "1.2.156.10197.1.401"}
    signer["signature_algorithm"] = {"algorithm": "1.2.156.10197.1.501"}


def test_a_time_stamp_by_sm2_is_taken_as_nobody_here_can_check_it() -> None:
    assert b"/ETSI.CAdES.detached" in seal(documents()["receipt"], stamp=answered(by_sm2))


def test_a_time_stamp_that_was_granted_with_modifications_is_one() -> None:
    assert b"/ETSI.CAdES.detached" in seal(documents()["receipt"], stamp=with_status("granted_with_mods"))


@pytest.mark.long
def test_every_document_is_drawn_as_people_see_it_on_paper_and_on_a_phone() -> None:
    """Pictures of all pages, sealed, in out/screens: at 100 %, and at the width of a phone, to be looked at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        with pypdfium2.PdfDocument(seal(document)) as opened:
            opened.init_forms()
            for width, look in ((None, ""), (PHONE, "-phone")):
                scales = [width / page.get_width() if width else 96 / 72 for page in opened]
                pages = [page.render(scale=scale).to_pil() for page, scale in zip(opened, scales, strict=True)]
                sheet = Image.new("RGB", (pages[0].width, sum(page.height for page in pages)), "white")
                for place, page in enumerate(pages):
                    sheet.paste(page, (0, place * pages[0].height))
                    assert page.convert("L").getextrema()[0] < 100, "a page that is empty"
                sheet.save(SCREENS / f"document-{name}{look}.png", compress_level=1)
                dots = pages[-1].resize((200, 283)).get_flattened_data()
                red = sum(1 for r, g, b in dots if r > 150 and g < 90 and b < 90)
                assert red > 20, "its seal is seen"


@pytest.mark.long
def test_every_kind_is_an_archives_file_and_can_be_read_aloud(tmp_path: Path) -> None:
    """By veraPDF, sealed: PDF/A-2a (the joint result A-3a) and PDF/UA-1."""
    asked: list[str] = []
    kinds = {document.name.kind: document for document in documents().values()}
    for kind, document in kinds.items():
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(seal(document))
        asked += ["3a" if document.attachment else "2a", str(file), "ua1", str(file)]
    answer = subprocess.run([ROOT / "infra/verapdf", *asked], capture_output=True, text=True, check=True)
    assert [line for line in answer.stdout.splitlines() if not line.startswith("WARN")] == ["ok"] * (len(asked) // 2)
