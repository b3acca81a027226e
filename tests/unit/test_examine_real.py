"""Papers as real programs, scanners, portals and telephones make them: no good one is sent home, none is let in that
nobody can see.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, Finding, judge
from kaigong.domain.model.catalogue import Checks
from kaigong.domain.model.facts import Active, Facts, Limit, Opens, Other, Unseen, Verdict
from kaigong.examine import examine
from PIL import Image, ImageDraw

from .building import ENTERPRISE
from .documents import papers
from .documents.raw import Objects, assemble, flate, one_page, stream, text, update
from .test_examine import Memory

NAMED = DEFAULT_MATERIAL.changed(checks=Checks(names_enterprise=True))
FILLED = b"/AcroForm<</Fields[6 0 R]>>"


def facts_of(data: bytes) -> Facts:
    return examine(Memory(data))


def found(data: bytes) -> Finding:
    return judge(facts_of(data), DEFAULT_MATERIAL, None)


def codes(data: bytes) -> list[str]:
    return [reason.code for reason in found(data).reasons]


def changed(**objects: bytes) -> bytes:
    """The page with other objects: `o4=…` is object 4."""
    whole: Objects = one_page()
    return assemble(whole | {int(name[1:]): body for name, body in objects.items()})


def hybrid(*, appended: bool) -> bytes:
    """A file as Office writes it: an empty section behind the first, naming a second table of the same objects."""
    pdf = bytearray(assemble(one_page()))
    first = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    table = len(pdf) if appended else first - 1
    start = len(pdf)
    pdf += b"xref\n0 0\ntrailer\n<</Root 1 0 R/Size 105/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        first,
        table,
        start,
    )
    return bytes(pdf)


WHOLE = assemble(one_page())
START = WHOLE.rsplit(b"startxref", 1)[1].split()[0]

SOUND: dict[str, bytes] = {
    "a bookmark that leads nowhere, as Word 2010 writes it": changed(
        o1=b"<</Type/Catalog/Pages 2 0 R/Outlines 9 0 R>>", o9=b"<</First 10 0 R/Last 10 0 R/Count 1>>",
        o10=b"<</Title(a)/Parent 9 0 R/Next 0 0 R/Prev 0 0 R>>",
    ),
    "a stream keyword with a carriage return alone": WHOLE.replace(b"stream\n", b"stream\r", 1),
    "a key twice": changed(o5=b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/BaseFont/Helvetica>>"),
    "a missing endobj": WHOLE.replace(b"Helvetica>>\nendobj", b"Helvetica>>\n      "),
    "zeros behind its end": WHOLE + bytes(5000),
    "many zeros behind its end": WHOLE + bytes(300_000),
    "nested brackets in a string": changed(o4=stream(b"BT /F1 12 Tf (No. 7 (item) () 0123) Tj ET")),
    "a string over two lines": changed(o4=stream(b"BT /F1 12 Tf (\\\nwords) Tj ET")),
    "a typed comment without an appearance": assemble(
        one_page(b"", page=b"/Annots[<</Subtype/FreeText/Rect[0 0 9 9]/Contents(typed)/DA(/Helv 9 Tf)>>]")
    ),
    "a filled field without an appearance": assemble(
        one_page(b"", catalogue=FILLED, page=b"/Annots[6 0 R]")
        | {6: b"<</Subtype/Widget/FT/Tx/T(a)/V(filled)/Rect[0 0 9 9]>>"}
    ),
    "text in grey": changed(o4=stream(b"BT .5 g /F1 12 Tf (words) Tj ET")),
    "white text on a dark field": changed(o4=stream(b"0 0 1 rg 0 0 99 99 re f BT 1 g /F1 12 Tf (words) Tj ET")),
    "a scan with text that is read by machines": assemble(
        one_page(b"q 595 0 0 842 0 0 cm /I Do Q BT 3 Tr /F1 12 Tf (words) Tj ET", resources=b"/XObject<</I 6 0 R>>")
        | {6: flate(bytes(100), b"/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray")}
    ),
    "a layer that is on": assemble(
        one_page(b"/OC /L BDC " + text("words") + b" EMC", resources=b"/Properties<</L 6 0 R>>",
                 catalogue=b"/OCProperties<</OCGs[6 0 R]/D<</OFF[]>>>>") | {6: b"<</Type/OCG/Name(a)>>"}
    ),
    "blanks where the table of objects begins": WHOLE.replace(b"xref\n0 1", b"xref \n0 1").replace(
        b"trailer\n", b"  \n trailer\n"
    ),
    "lines of many megabytes": changed(o4=flate(b"0 0 m 100.25 200.5 l S\n" * 450_000)),
    "more lines than are decoded": changed(o4=flate(b"0 0 m 100.25 200.5 l S\n" * 900_000)),
}  # fmt: skip

MENDED: dict[str, bytes] = {
    "a start that is off by some bytes": WHOLE.replace(b"startxref\n" + START, b"startxref\n%d" % (int(START) + 3)),
    "a length that is wrong": WHOLE.replace(b"/Length 7", b"/Length 9", 1),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "a portfolio": (assemble(one_page(catalogue=b"/Collection<</View/D>>")), f"unseen-{Unseen.PORTFOLIO}"),
    "a dynamic form": (assemble(one_page(catalogue=b"/NeedsRendering true")), f"unseen-{Unseen.FORM}"),
    "a form's placeholder": (
        assemble(
            one_page(text("Please wait..."), catalogue=b"/AcroForm<</Fields[]/XFA 6 0 R>>") | {6: stream(b"<xdp/>")}
        ),
        f"unseen-{Unseen.FORM}",
    ),
    "a wrapper of managed rights": (
        assemble(one_page(catalogue=b"/Collection<</View/H>>/AF[<</Type/Filespec/AFRelationship/EncryptedPayload>>]")),
        f"unseen-{Unseen.RIGHTS}",
    ),
    "pictures that do not decode": (
        assemble(
            one_page(b"/I Do", resources=b"/XObject<</I 6 0 R>>")
            | {6: stream(b"rubbish", b"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8"
                         b"/ColorSpace/DeviceGray/Filter/FlateDecode")}
        ),
        f"unseen-{Unseen.PICTURES}",
    ),
    "invisible text alone": (changed(o4=stream(b"BT 3 Tr /F1 12 Tf (words) Tj ET")), f"unseen-{Unseen.HIDDEN}"),
    "white text alone": (changed(o4=stream(b"BT 1 1 1 rg /F1 12 Tf (words) Tj ET")), f"unseen-{Unseen.HIDDEN}"),
    "a layer that is off": (
        assemble(
            one_page(b"/OC /L BDC " + text("words") + b" EMC", resources=b"/Properties<</L 6 0 R>>",
                     catalogue=b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>") | {6: b"<</Type/OCG/Name(a)>>"}
        ),
        f"unseen-{Unseen.HIDDEN}",
    ),
    "white paint alone": (changed(o4=stream(b"q 1 1 1 RG 1 1 1 rg 0 0 741 981 re f Q")), "all-pages-blank"),
    "a font that is called as filling is": (changed(o4=stream(b"BT /F 12 Tf 72 72 Td ET")), "all-pages-blank"),
    "no ink alone": (changed(o4=stream(b"0 0 0 0 k 0 0 741 981 re f")), "all-pages-blank"),
    "a page that two readers count differently": (
        changed(o2=b"<</Type/Pages/Count 2/Kids[3 0 R 77 0 R]>>"), "damaged",
    ),
    "a file cut off in an update": (
        (one := update(WHOLE, {4: stream(text("A later version"))}))[: one.rindex(b"endobj")], "truncated",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_every_viewer_shows_is_usable_and_nothing_is_said_of_it(name: str) -> None:
    assert [code for code in codes(SOUND[name]) if code != "text-unknown"] == []


@pytest.mark.parametrize("name", MENDED)
def test_damage_that_two_readers_mend_alike_is_a_hint(name: str) -> None:
    assert codes(MENDED[name]) == ["mended"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_paper_that_cannot_be_seen_or_trusted_says_why(name: str) -> None:
    data, code = REFUSED[name]
    assert code in codes(data)
    assert found(data).verdict is Verdict.DEFICIENT


def test_what_a_website_put_behind_the_end_is_a_hint() -> None:
    page = b"<html><body>" + b"x" * 8000 + b"</body></html>"
    facts = facts_of(WHOLE + page)
    assert (facts.trailing, facts.damaged, facts.size) == (True, False, len(WHOLE) + len(page))
    assert codes(WHOLE + page) == ["trailing"]


def test_a_file_of_which_only_attachments_are_locked_is_not_locked() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(WHOLE)) as document:
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="owner"), static_id=True)
    locked = out.getvalue()
    assert facts_of(locked).opens is Opens.LOCKED
    encryption = (
        b"<</Filter/Standard/V 5/R 6/Length 256/CF<</StdCF<</CFM/AESV3/AuthEvent/EFOpen/Length 32>>>>/StmF/Identity"
        b"/StrF/Identity/EFF/StdCF/P -4/O<%s>/U<%s>/OE<%s>/UE<%s>/Perms<%s>>>"
        % (b"11" * 48, b"22" * 48, b"33" * 32, b"44" * 32, b"55" * 16)
    )
    facts = facts_of(assemble(one_page() | {9: encryption}, b"/Encrypt 9 0 R/ID[<00><00>]"))
    assert (facts.opens, facts.text_on_page_1) == (Opens.YES, True)


def test_a_table_of_office_is_no_change_and_one_that_was_appended_is() -> None:
    assert facts_of(hybrid(appended=False)).incremental_updates == 0
    assert facts_of(hybrid(appended=True)).incremental_updates == 1


def test_of_a_font_that_only_some_readers_can_map_the_text_is_not_held_against_a_changed_paper() -> None:
    words = "商丘样例生物科技有限公司申请建设用地规划许可证及建设工程规划许可证材料清单".encode("gbk").hex().encode()
    about = b"/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    one = changed(
        o4=stream(b"BT /F1 12 Tf 72 720 Td <" + words + b"> Tj ET"),
        o5=b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBKp-EUC-H/DescendantFonts[6 0 R]>>",
        o6=b"<</Type/Font/Subtype/CIDFontType0" + about + b"/DW 1000>>",
    )
    facts = facts_of(update(one, {90: b"null"}))
    assert (facts.incremental_updates, facts.second_reader) == (1, ())
    assert "商丘样例生物科技有限公司" in facts.text


# active content


@pytest.mark.parametrize(
    ("script", "codes_"),
    [
        (b"AFNumber_Format(2, 0, 0, 0, '', true);", ["field-functions"]),
        (b'AFSimple_Calculate("SUM", new Array \\("a", "b"\\));', ["field-functions"]),
        (b"AFDate_FormatEx(\"yyyy-mm-dd\"); app.launchURL('x')", ["javascript"]),
        (b"app.alert(1)", ["javascript"]),
    ],
)
def test_a_form_s_own_functions_are_no_script_of_somebody(script: bytes, codes_: list[str]) -> None:
    field = b"/AcroForm<</Fields[<</FT/Tx/T(a)/AA<</F<</S/JavaScript/JS(" + script + b")>>>>>>]>>"
    assert codes(assemble(one_page(catalogue=field))) == codes_


def test_a_link_that_starts_a_program_waits_to_be_pressed_and_an_action_on_opening_does_not() -> None:
    launch = b"<</S/Launch/F(a.exe)>>"
    link = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A" + launch + b">>]"
    assert codes(assemble(one_page(page=link))) == ["pressed-launch"]
    assert codes(assemble(one_page(catalogue=b"/OpenAction" + launch))) == ["launch"]


@pytest.mark.parametrize(
    ("parts", "active"),
    [
        ({"page": b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/SubmitForm/F(http://example.com)>>>>]"}, Active.SUBMIT),
        ({"page": b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/ImportData/F(a.fdf)>>>>]"}, Active.IMPORT),
        ({"page": b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToE/T<</R/C/N(a)>>>>>>]"}, Active.EMBEDDED),
        ({"page": rb"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(\\\\host\\share\\a.pdf)>>>>]"}, Active.SHARE),
        ({"catalogue": b"/OpenAction<</S/URI/URI(http://example.com)>>"}, Active.ADDRESS_UNASKED),
        ({"page": b"/Annots[<</Subtype/RichMedia/Rect[0 0 9 9]>>]"}, Active.RICH_MEDIA),
        ({"catalogue": b"/AcroForm<</Fields[]/XFA[(t) 9 0 R]>>"}, Active.FORM_SCRIPT),
    ],
)
def test_what_a_document_does_beside_being_read_is_told(parts: dict[str, bytes], active: Active) -> None:
    data = assemble(one_page(**parts) | {9: flate(b"<template><script contentType='a'>1</script></template>")})
    assert facts_of(data).active == (active,)
    assert codes(data) == ["active"]


# names


def named_in(data: bytes) -> bool:
    finding = judge(facts_of(data), NAMED, ENTERPRISE)
    return [reason.code for reason in finding.reasons if reason.code in ("name-missing", "text-unreliable")] == []


@pytest.mark.parametrize(
    "parts",
    [
        {"catalogue": b"/AcroForm<</Fields[<</FT/Tx/T(a)/V(%s)>>]>>"},
        {"page": b"/Annots[<</Subtype/FreeText/Rect[0 0 9 9]/Contents(%s)>>]"},
        {"page": b"/Annots[<</Subtype/Stamp/Rect[0 0 300 30]/AP<</N 9 0 R>>>>]"},
    ],
    ids=["filled field", "note", "stamp"],
)
def test_a_name_is_found_wherever_it_is_written_on_the_page(parts: dict[str, bytes]) -> None:
    code = ENTERPRISE.uscc.encode()
    there = {key: value.replace(b"%s", code) for key, value in parts.items()}
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 300 30]/Resources<</Font<</F1 5 0 R>>>>"
    stamp = stream(b"BT /F1 12 Tf 2 2 Td (" + code + b") Tj ET", form)
    assert named_in(assemble(one_page(**there) | {9: stamp}))
    assert not named_in(WHOLE)


def test_a_name_behind_much_text_is_kept() -> None:
    lines = [("一二三四五六七八九十" * 5) for _ in range(35)]
    pages = [papers.paper([*(line for line in lines), f"申请单位:{ENTERPRISE.name}"])]
    pages.append(papers.paper([*("甲乙丙丁" * 20 for _ in range(37)), ENTERPRISE.uscc]))
    assert all(named_in(page) for page in pages)


def test_radicals_that_a_font_gives_out_are_the_characters_that_people_see() -> None:
    facts = facts_of(papers.paper(["申请单位 商丘长青民生车业有限公司"]))
    assert "商丘长青民生车业有限公司" in facts.text
    written = ENTERPRISE.changed(name="商丘⻓青⺠生⻋业有限公司")
    assert judge(facts, NAMED, written).reasons == ()


def test_a_text_layer_that_is_rubbish_is_not_somebody_else_s_paper() -> None:
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    descendant = b"<</Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>"
    codes_ = b"".join(b"%04x" % (0x41 + n % 50) for n in range(90))
    content = stream(b"BT /F1 12 Tf 72 720 Td <" + codes_ + b"> Tj ET")
    data = assemble(one_page() | {4: content, 5: font, 6: descendant})
    told = [reason.code for reason in judge(facts_of(data), NAMED, ENTERPRISE).reasons]
    assert "name-missing" not in told


# pictures


def png(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def drawn(mode: str, paper: Any, ink: Any) -> Image.Image:
    image = Image.new(mode, (1240, 1754), paper)
    ImageDraw.Draw(image).rectangle((100, 100, 600, 700), fill=ink)
    return image


def with_part(data: bytes, name: bytes, body: bytes, checksum: int | None = None) -> bytes:
    """A PNG with a side part behind its header."""
    crc = zlib.crc32(name + body) if checksum is None else checksum
    return data[:33] + struct.pack("!I", len(body)) + name + body + struct.pack("!I", crc) + data[33:]


def jpeg(**options: Any) -> bytes:
    out = io.BytesIO()
    drawn("RGB", "white", "black").save(out, "JPEG", **options)
    return out.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "16 bits of grey": lambda: png(drawn("I;16", 60_000, 300)),
    "ink in what lets through": lambda: png(drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255))),
    "a side part whose checksum is wrong": lambda: with_part(png(drawn("L", 255, 0)), b"tIME", bytes(7), 1),
    "side data that grow large": lambda: with_part(
        png(drawn("L", 255, 0)), b"zTXt", b"Raw\0\0" + zlib.compress(bytes(3_000_000))
    ),
    "a JPEG without its last two bytes": lambda: jpeg()[:-2],
    "a progressive one without them": lambda: jpeg(progressive=True)[:-2],
    "a drawing of A0 at 300 dpi": lambda: png(Image.new("1", (9933, 14043), 1)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_every_viewer_shows_is_usable(name: str) -> None:
    assert codes(PICTURES[name]()) == []


def test_half_a_jpeg_is_not_whole_because_its_end_may_be_missing() -> None:
    data = jpeg()
    assert codes(data[: len(data) // 3]) == ["truncated"]


# other kinds


def archive(*names: str) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "other"),
    [
        (archive("[Content_Types].xml", "word/document.xml"), Other.WORD),
        (archive("[Content_Types].xml", "xl/workbook.xml"), Other.EXCEL),
        (archive("照片/1.jpg"), Other.ARCHIVE),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1miafavif" + bytes(99), Other.AVIF),
        (b"AC1032" + bytes(99), Other.DWG),
        (b"Rar!\x1a\x07\x01\x00" + bytes(99), Other.RAR),
        (b"<!DOCTYPE html><html><body>login</body></html>", Other.WEB_PAGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), Other.WORD),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WpsDocument".encode("utf-16-le"), Other.WPS),
    ],
)
def test_a_file_of_another_kind_is_named_with_its_way_out(data: bytes, other: Other) -> None:
    assert facts_of(data).other is other
    assert codes(data) == ["other-kind"]


# harmless changes


def reserialised(pdf: bytes, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, **options)
    return out.getvalue()


HARMLESS: list[Callable[[bytes], bytes]] = [
    lambda pdf: pdf + bytes(4096),
    lambda pdf: pdf + b"\r\n\r\n",
    reserialised,
    lambda pdf: reserialised(pdf, linearize=True),
    lambda pdf: reserialised(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    lambda pdf: reserialised(pdf, compress_streams=False),
]


@given(st.lists(st.sampled_from(HARMLESS[2:]), max_size=2), st.sampled_from(HARMLESS))
def test_a_sound_paper_stays_sound_whatever_is_done_to_it_that_nobody_sees(
    first: list[Callable[[bytes], bytes]], last: Callable[[bytes], bytes]
) -> None:
    data = papers.paper(["建设用地规划许可 申请表"], ["第二页"])
    for change in (*first, last):
        data = change(data)
    facts = facts_of(data)
    assert judge(facts, DEFAULT_MATERIAL, None).reasons == ()
    assert (facts.pages, facts.text) == (2, "建设用地规划许可申请表")


@given(st.integers(200, 900), st.sampled_from(HARMLESS[:2]))
def test_a_paper_that_lost_its_end_stays_broken(kept: int, change: Callable[[bytes], bytes]) -> None:
    data = papers.paper(["一"], ["二"])
    assert found(change(data[: len(data) * kept // 1000])).verdict is Verdict.DEFICIENT


def test_more_objects_than_are_looked_at_are_told_and_hand_the_paper_in() -> None:
    assert (
        judge(facts_of(WHOLE).changed(over_limits=(Limit.OBJECTS,)), DEFAULT_MATERIAL, None).verdict is Verdict.WARNING
    )
