"""OFD, the national fixed-layout format: what is found in sound, odd, hostile and sealed documents."""

import pytest
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.domain.model.facts import Active, Facts, Kind, Limit, Opens, SealState, Verdict
from kaigong.examine import examine

from .documents import ofd
from .test_examine import Memory

ATTACHED = {
    "Doc_0/Attachments.xml": b'<Attachments><Attachment ID="1" Name="a"><FileLoc>a</FileLoc></Attachment></Attachments>'
}
TEMPLATE = b'<ofd:CommonData><ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/></ofd:CommonData>'


def facts_of(data: bytes) -> Facts:
    return examine(Memory(data))


def codes(data: bytes) -> list[str]:
    return [reason.code for reason in judge(facts_of(data), DEFAULT_MATERIAL, None).reasons]


def changed(parts: ofd.Parts, name: str, old: bytes, new: bytes) -> bytes:
    assert old in parts[name]
    return ofd.packed(parts | {name: parts[name].replace(old, new)})


def test_a_document_opens_and_its_text_is_read() -> None:
    facts = facts_of(ofd.packed(ofd.parts("建设用地规划许可 申请表", pages=3)))
    assert (facts.kind, facts.opens, facts.pages, facts.text) == (Kind.OFD, Opens.YES, 3, "建设用地规划许可申请表")
    assert codes(ofd.packed(ofd.parts())) == []


@pytest.mark.parametrize(
    "data",
    [
        changed(ofd.parts(), "OFD.xml", b"Doc_0/Document.xml", b"/doc_0\\Document.xml "),
        changed(ofd.parts(), "OFD.xml", b"http://www.ofdspec.org/2016", b"http://www.ofdspec.org"),
        ofd.packed({f"./{name}": data for name, data in ofd.parts().items()}),
        ofd.packed(
            ofd.parts()
            | {
                "Doc_0/Pages/Page_0/Content.xml": b'<?xml version="1.0" encoding="GBK"?>'
                + ofd.parts()["Doc_0/Pages/Page_0/Content.xml"].decode().encode("gbk")
            }
        ),
        ofd.packed(ofd.parts() | {"Doc_0/Document.xml": b"\xef\xbb\xbf" + ofd.parts()["Doc_0/Document.xml"]}),
    ],
    ids=["path", "namespace", "folder", "encoding", "mark"],
)
def test_what_writers_spell_otherwise_is_read_all_the_same(data: bytes) -> None:
    assert facts_of(data).text == "开工申请"


def test_text_of_templates_and_of_composite_graphics_counts() -> None:
    parts = ofd.parts("", document=TEMPLATE, page=b'<ofd:Template TemplateID="7"/>')
    parts["Doc_0/Tpls/T.xml"] = "<Page><TextObject><TextCode>模板</TextCode></TextObject></Page>".encode()
    assert facts_of(ofd.packed(parts)).text == "模板"
    composite = b"<ofd:CommonData><ofd:DocumentRes>R.xml</ofd:DocumentRes></ofd:CommonData>"
    drawn = ofd.parts("", document=composite, page=b'<ofd:Content><ofd:CompositeObject ResourceID="5"/></ofd:Content>')
    unit = b"<TextObject><TextCode>unit</TextCode></TextObject>"
    drawn["Doc_0/R.xml"] = b'<Res><CompositeGraphicUnit ID="5">' + unit + b"</CompositeGraphicUnit></Res>"
    assert facts_of(ofd.packed(drawn)).text == "unit"


def test_attachments_and_what_a_document_does_are_told() -> None:
    attached = ofd.parts(document=b"<ofd:Attachments>Attachments.xml</ofd:Attachments>") | ATTACHED
    assert codes(ofd.packed(attached)) == ["embedded-files"]
    action = b'<ofd:Actions><ofd:Action Event="DO"><ofd:URI URI="http://example.com"/></ofd:Action></ofd:Actions>'
    assert facts_of(ofd.packed(ofd.parts(document=action))).active == (Active.ADDRESS_UNASKED,)


def test_an_encrypted_document_is_locked() -> None:
    assert facts_of(ofd.packed(ofd.parts() | {"Encryptions.xml": b"<Encryptions/>"})).opens is Opens.LOCKED
    data = bytearray(ofd.packed(ofd.parts()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark)
        data[at + place] |= 1
    assert codes(bytes(data)) == ["locked"]


DOCTYPE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "a document type": changed(ofd.parts(), "Doc_0/Document.xml", b"<ofd:Document", DOCTYPE + b"<ofd:Document"),
    "a part twice": ofd.packed(ofd.parts(), "OFD.xml"),
    "no document": ofd.packed({"OFD.xml": b"<OFD/>"}),
    "a document outside": changed(ofd.parts(), "OFD.xml", b"Doc_0/Document.xml", b"../../etc/passwd"),
    "broken words": changed(ofd.parts(), "Doc_0/Document.xml", b"</ofd:Document>", b""),
    "no pages": ofd.packed(ofd.parts(pages=0)),
}
LARGE = {
    "many elements": ofd.packed(ofd.parts() | {"Doc_0/Document.xml": b"<a>" + b"<b/>" * 400_000 + b"</a>"}),
    "a part that grows": ofd.packed(ofd.parts() | {"Doc_0/Document.xml": b"<a>" + b" " * 20_000_000 + b"</a>"}),
    "deep nesting": ofd.packed(ofd.parts() | {"Doc_0/Document.xml": b"<a>" * 1000 + b"</a>" * 1000}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_safely_does_not_open(name: str) -> None:
    facts = facts_of(HOSTILE[name])
    assert (facts.opens, facts.over_limits) == (Opens.NO, ())
    assert judge(facts, DEFAULT_MATERIAL, None).verdict is Verdict.DEFICIENT


@pytest.mark.parametrize("name", LARGE)
def test_what_is_beyond_our_limits_is_told_from_what_is_broken(name: str) -> None:
    assert facts_of(LARGE[name]).over_limits == (Limit.SYNTAX,)
    assert codes(LARGE[name]) == ["over-limits"]


@pytest.mark.parametrize("old", [False, True], ids=["GB/T 38540", "GM/T 0031"])
def test_a_seal_holds_and_names_who_sealed(old: bool) -> None:
    facts = facts_of(ofd.packed(ofd.sealed(ofd.parts(), "开工市行政审批局", old=old)))
    assert [(seal.state, seal.signer) for seal in facts.seals] == [(SealState.VALID, "开工市行政审批局")]
    assert facts.signed


@pytest.mark.parametrize("name", ["Doc_0/Pages/Page_0/Content.xml", "Doc_0/Signs/Sign_0/Signature.xml"])
def test_a_paper_that_was_changed_after_it_was_sealed_is_refused(name: str) -> None:
    parts = ofd.sealed(ofd.parts())
    data = ofd.packed(parts | {name: parts[name] + b"<!-- changed -->"})
    assert [seal.state for seal in facts_of(data).seals] == [SealState.CHANGED]
    assert codes(data) == ["seal-changed"]


def test_a_seal_that_cannot_be_checked_is_not_called_invalid() -> None:
    parts = ofd.sealed(ofd.parts())
    for damage in (b"", b"\x30\x03\x02\x01\x01", bytes(40)):
        data = ofd.packed(parts | {"Doc_0/Signs/Sign_0/SignedValue.dat": damage})
        assert [seal.state for seal in facts_of(data).seals] == [SealState.UNKNOWN]
        assert codes(data) == ["seal-unknown"]
