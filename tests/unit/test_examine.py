"""Ordinary papers, and papers that are wrong in one way: what the examination finds in them."""

import io

import pikepdf
import pytest
from kaigong.domain.model.facts import Facts, Found, Kind, Limit, Opens
from kaigong.examine import examine

from .documents import papers
from .documents.raw import assemble, flate, one_page, stream, text, update

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
LAUNCH = b"<</S/Launch/F(cmd.exe)>>"
FILE = b"<</Type/Filespec/F(a.exe)/EF<</F 9 0 R>>>>"


class Memory:
    """Bytes in memory, as a source."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)
        self.asked: list[tuple[int, int]] = []

    def read(self, start: int, end: int) -> bytes:
        self.asked.append((start, end))
        return self.data[start:end]


def facts_of(data: bytes) -> Facts:
    return examine(Memory(data))


def test_a_paper_opens_and_its_chinese_text_is_read() -> None:
    facts = facts_of(papers.paper(["建设用地规划许可 申请表", "申请人：商丘（示范）有限公司"], ["第二页"]))
    assert (facts.kind, facts.opens, facts.pages) == (Kind.PDF, Opens.YES, 2)
    assert facts.text_on_page_1
    assert "建设用地规划许可申请表申请人:商丘(示范)有限公司" in facts.text
    assert "第二页" not in facts.text
    assert (facts.blank_pages, facts.all_pages_blank, facts.over_limits) == (0, False, ())
    assert {facts.damaged, facts.truncated, facts.encrypted, facts.javascript, facts.signed} == {False}
    assert facts.second_reader is None


def test_a_small_file_is_fetched_in_one_request() -> None:
    source = Memory(papers.paper(["一"]))
    facts = examine(source)
    assert source.asked == [(0, source.size)]
    assert (facts.requests, facts.bytes_read) == (1, source.size)


def test_nothing_at_all_is_an_empty_file() -> None:
    facts = facts_of(b"")
    assert (facts.kind, facts.size, facts.opens, facts.requests) == (Kind.EMPTY, 0, Opens.NO, 0)


@pytest.mark.parametrize("data", [b"potato", b"PK\x03\x04 a word processor's file", b"<html>", b"\x00" * 5000])
def test_what_is_neither_pdf_nor_picture_is_another_kind(data: bytes) -> None:
    facts = facts_of(data)
    assert (facts.kind, facts.opens) == (Kind.OTHER, Opens.NO)


def test_a_user_password_locks_a_paper() -> None:
    facts = facts_of(papers.protected(papers.paper(["一"]), user="secret"))
    assert (facts.opens, facts.encrypted, facts.damaged, facts.pages) == (Opens.LOCKED, True, False, None)


def test_an_owner_password_only_encrypts_it() -> None:
    facts = facts_of(papers.protected(papers.paper(["有权限的文件"])))
    assert (facts.opens, facts.encrypted, facts.pages, facts.text) == (Opens.YES, True, 1, "有权限的文件")


def test_a_certificate_encrypts_in_a_way_that_is_told_from_damage() -> None:
    objects = one_page()
    objects[9] = b"<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4>>"
    facts = facts_of(assemble(objects, b"/Encrypt 9 0 R/ID[<00><00>]"))
    assert (facts.opens, facts.encrypted, facts.damaged) == (Opens.NO, True, False)


def test_a_wrong_cross_reference_is_damage_though_readers_repair_it() -> None:
    pdf = assemble(one_page())
    start = pdf.rsplit(b"startxref", 1)[1].split()[0]
    facts = facts_of(pdf.replace(b"startxref\n" + start, b"startxref\n1"))
    assert (facts.opens, facts.pages, facts.damaged, facts.truncated) == (Opens.YES, 1, True, False)


def test_damage_that_qpdf_cannot_repair_but_browsers_can_still_opens() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.paper(["一"]))) as document:
        document.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    facts = facts_of(out.getvalue().rsplit(b"startxref", 1)[0] + b"startxref\n5\n%%EOF\n")
    assert (facts.opens, facts.pages, facts.damaged) == (Opens.YES, 1, True)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_cut_off_paper_is_truncated(kept: float) -> None:
    pdf = papers.paper(["一"], ["二"])
    facts = facts_of(pdf[: int(len(pdf) * kept)])
    assert facts.damaged
    assert facts.truncated


def test_a_fragment_without_its_catalogue_does_not_open_though_qpdf_rebuilds_one() -> None:
    objects = one_page()
    pdf = assemble(objects)
    facts = facts_of(pdf[: pdf.index(b"4 0 obj")])
    assert (facts.opens, facts.truncated) == (Opens.NO, True)


def test_a_document_without_pages_does_not_open() -> None:
    objects = one_page()
    objects[2] = b"<</Type/Pages/Count 0/Kids[]>>"
    facts = facts_of(assemble(objects))
    assert (facts.opens, facts.pages) == (Opens.NO, 0)


def test_a_listed_page_that_is_not_there_is_damage() -> None:
    objects = one_page()
    objects[2] = b"<</Type/Pages/Count 2/Kids[3 0 R 77 0 R]>>"
    facts = facts_of(assemble(objects))
    assert (facts.opens, facts.pages, facts.damaged) == (Opens.YES, 1, True)


@pytest.mark.parametrize(
    ("lead", "foreign"),
    [(b"", False), (b"\xef\xbb\xbf\r\n", False), (b"GIF89a;", True), (b"<html><script>", True), (b"PK\x03\x04", True)],
)
def test_data_before_the_header_is_noticed(lead: bytes, foreign: bool) -> None:
    facts = facts_of(lead + assemble(one_page()))
    assert (facts.kind, facts.opens, facts.foreign_start) == (Kind.PDF, Opens.YES, foreign)


def test_a_picture_that_is_also_a_pdf_is_a_picture() -> None:
    facts = facts_of(papers.picture("JPEG") + assemble(one_page(catalogue=b"/OpenAction" + SCRIPT)))
    assert (facts.kind, facts.opens, facts.pages) == (Kind.JPEG, Opens.YES, 1)


PLACES = {
    "open action": {"catalogue": b"/OpenAction %s"},
    "catalogue's trigger": {"catalogue": b"/AA<</WC %s>>"},
    "page's trigger": {"page": b"/AA<</O %s>>"},
    "chained action": {"catalogue": b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(x)/Next %s>>]>>"},
    "annotation": {"page": b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A %s>>]"},
    "annotation's trigger": {"page": b"/Annots[<</Subtype/Widget/Rect[0 0 9 9]/AA<</E %s>>>>]"},
    "form field": {"catalogue": b"/AcroForm<</Fields[<</FT/Tx/T(a)/Kids[<</T(b)/AA<</K %s>>>>]>>]>>"},
    "outline": {"catalogue": b"/Outlines<</First<</Title(a)/First<</Title(b)/A %s>>>>>>"},
    "name tree": {"catalogue": b"/Names<</JavaScript<</Kids[<</Names[(a) %s]>>]>>>>"},
}


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize(("action", "fact"), [(SCRIPT, "javascript"), (LAUNCH, "launch")], ids=["script", "launch"])
def test_active_content_is_found_wherever_it_may_stand(place: str, action: bytes, fact: str) -> None:
    parts = {key: value.replace(b"%s", action) for key, value in PLACES[place].items()}
    found = facts_of(assemble(one_page(**parts)))
    assert getattr(found, fact)
    assert found.javascript + found.launch == (2 if (place, fact) == ("name tree", "launch") else 1)


def test_of_what_stands_on_a_page_it_is_told_on_which() -> None:
    objects = one_page(
        page=b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A" + LAUNCH + b">> 8 0 R]",
        catalogue=b"/AcroForm<</Fields[8 0 R]>>",
    )
    objects[2] = b"<</Type/Pages/Count 3/Kids[6 0 R 7 0 R 3 0 R]>>"
    objects[6] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    objects[7] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    objects[8] = b"<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx/T(a)/AA<</K " + SCRIPT + b">>>>"
    found = facts_of(assemble(objects))
    assert (found.launch, found.scripts, found.blank_pages) == (True, True, 1)
    assert found.on_pages[Found.LAUNCH] == found.on_pages[Found.SCRIPTS] == (3,)
    assert found.on_pages[Found.BLANK_PAGES] == (2,)
    assert Found.EMBEDDED_FILES not in found.on_pages


ON_PAGE_TWO = {
    "plain": (b"/Subtype/Link/A<</S/URI/URI(http://example.com)>>", set()),
    "named in an address": (b"/Subtype/Link/A<</S/URI/URI(http://example.com/Launch/JS/AA)>>", set()),
    "action elsewhere": (b"/Subtype/Link/A 8 0 R", {"launch"}),
    "kind elsewhere": (b"/Subtype/Link/A<</S 9 0 R/F(cmd.exe)>>", {"launch"}),
    "spelled otherwise": (b"/Subtype/Link/A<</S/L#61unch/F(cmd.exe)>>", {"launch"}),
    "trigger": (b"/Subtype/Link/A#41<</E 8 0 R>>", {"launch"}),
    "file": (b"/Subtype/FileAttachment/FS" + FILE, {"embedded_files"}),
    "stamp": (b"/Subtype/Stamp", {"marked"}),
    "stamp by reference": (b"/Subtype 10 0 R", {"marked"}),
    "filled field": (b"/Subtype/Widget/FT/Tx/V(a)", {"marked"}),
}


@pytest.mark.parametrize("what", ON_PAGE_TWO)
def test_of_many_links_each_is_looked_at(what: str) -> None:
    entries, expected = ON_PAGE_TWO[what]
    objects = one_page()
    objects[2] = b"<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>"
    objects[6] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[" + 20 * b"<</Subtype/Link>>" + b"7 0 R]>>"
    objects[7] = b"<</Rect[0 0 9 9]" + entries + b">>"
    objects[8], objects[9], objects[10] = LAUNCH, b"/Launch", b"/Stamp"
    found = facts_of(assemble(objects))
    told = {name for name in ("launch", "embedded_files", "javascript") if getattr(found, name)}
    told |= {"marked"} - ({"marked"} if found.blank_pages else set())
    assert told == expected


def test_a_script_in_a_three_d_view_is_found() -> None:
    page = b"/Annots[<</Subtype/3D/Rect[0 0 9 9]/3DD<</Subtype/U3D/OnInstantiate 9 0 R>>>>]"
    objects = one_page(page=page)
    objects[9] = stream(b"app.alert(1)")
    assert facts_of(assemble(objects)).javascript


def test_a_script_hidden_in_an_object_stream_is_found() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(assemble(one_page(catalogue=b"/OpenAction" + SCRIPT)))) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    assert facts_of(out.getvalue()).javascript


@pytest.mark.parametrize(
    "parts",
    [
        {"catalogue": b"/Names<</EmbeddedFiles<</Names[(a)" + FILE + b"]>>>>"},
        {"catalogue": b"/AF[" + FILE + b"]"},
        {"page": b"/Annots[<</Subtype/FileAttachment/Rect[0 0 9 9]/FS" + FILE + b">>]"},
    ],
    ids=["names", "associated", "annotation"],
)
def test_attached_files_are_found(parts: dict[str, bytes]) -> None:
    objects = one_page(**parts)
    objects[9] = stream(b"MZ")
    facts = facts_of(assemble(objects))
    assert facts.embedded_files
    assert not facts.javascript


def test_a_plain_link_is_neither_script_nor_attachment() -> None:
    page = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://example.com)>>>>]"
    facts = facts_of(assemble(one_page(page=page, catalogue=b"/OpenAction[3 0 R/Fit]")))
    assert {facts.javascript, facts.launch, facts.embedded_files} == {False}


@pytest.mark.parametrize(
    ("value", "signed"),
    [(b"", False), (b"/V 8 0 R", True), (b"/V<</Type/Sig/Contents<00000000>>>", False)],
    ids=["empty field", "signature", "room for one"],
)
def test_only_a_real_signature_counts_as_signed(value: bytes, signed: bool) -> None:
    objects = one_page(catalogue=b"/AcroForm<</Fields[<</FT/Sig/T(a)/Kids[7 0 R]>>]>>")
    objects[7] = b"<<" + value + b">>"
    objects[8] = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 1 2 3]/Contents<308201>>>"
    facts = facts_of(assemble(objects))
    assert facts.signed is signed
    assert facts.second_reader == (() if signed else None)


def test_appended_changes_are_counted_and_call_the_second_reader() -> None:
    pdf = assemble(one_page())
    assert facts_of(pdf).incremental_updates == 0
    once = update(pdf, {4: stream(text("A later version of the same application"))})
    twice = update(once, {4: stream(text("The last version of the same application"))})
    facts = facts_of(twice)
    assert facts.incremental_updates == 2
    assert facts.second_reader == ()
    assert facts.text == "thelastversionofthesameapplication"


def test_a_file_laid_out_for_the_web_is_not_a_changed_file() -> None:
    facts = facts_of(papers.linearized(papers.paper(["一"], ["二"])))
    assert (facts.incremental_updates, facts.second_reader) == (0, None)


BLANK = {
    "no content": b"",
    "settings only": b"q 1 0 0 1 0 0 cm 0 0 0 rg Q",
    "a word processor's space": b"BT /F1 12 Tf 72 720 Td [( )] TJ ET",
    "an unpainted path": b"0 0 9 9 re W n",
}
DRAWN = {
    "text": text("x"),
    "a filled box": b"0 0 9 9 re f",
    "a stroked line": b"0 0 m 9 9 l S",
    "an inline image": b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI",
    "a shading": b"/Sh1 sh",
}


@pytest.mark.parametrize(
    ("content", "blank"), [(c, True) for c in BLANK.values()] + [(c, False) for c in DRAWN.values()]
)
def test_a_page_is_blank_when_nothing_on_it_leaves_a_mark(content: bytes, blank: bool) -> None:
    facts = facts_of(assemble(one_page(content)))
    assert (facts.blank_pages, facts.all_pages_blank) == (int(blank), blank)


@pytest.mark.parametrize(("drawing", "blank"), [(b"q Q", True), (b"0 0 9 9 re f", False)])
def test_a_form_is_looked_into_before_its_page_is_called_blank(drawing: bytes, blank: bool) -> None:
    objects = one_page(b"/X Do", resources=b"/XObject<</X 6 0 R>>")
    objects[6] = flate(drawing, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    assert facts_of(assemble(objects)).all_pages_blank is blank


def test_a_filled_form_field_makes_a_page_more_than_blank() -> None:
    objects = one_page(b"", page=b"/Annots[<</Subtype/Widget/Rect[0 0 9 9]/AP<</N 6 0 R>>>>]")
    objects[6] = stream(b"BT (x) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    assert facts_of(assemble(objects)).all_pages_blank is False


def test_blank_pages_are_counted_among_others() -> None:
    facts = facts_of(papers.paper(["一"], [], ["三"]))
    assert (facts.pages, facts.blank_pages, facts.all_pages_blank) == (3, 1, False)


def test_content_that_cannot_be_decoded_is_counted_and_not_called_blank() -> None:
    objects = one_page()
    objects[4] = stream(b"no such thing", b"/Filter/FlateDecode")
    facts = facts_of(assemble(objects))
    assert (facts.opens, facts.unreadable_pages, facts.blank_pages, facts.over_limits) == (Opens.YES, 1, 0, ())


@pytest.mark.parametrize(("format_", "kind"), [("JPEG", Kind.JPEG), ("PNG", Kind.PNG)])
def test_a_picture_decodes_and_tells_its_size(format_: str, kind: Kind) -> None:
    facts = facts_of(papers.picture(format_))
    assert (facts.kind, facts.opens, facts.pages) == (kind, Opens.YES, 1)
    assert (facts.width, facts.height) == (1240, 1754)
    assert (facts.text_on_page_1, facts.all_pages_blank, facts.damaged) == (False, False, False)


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_an_empty_sheet_as_a_picture_is_blank(format_: str) -> None:
    assert facts_of(papers.picture(format_, blank=True)).all_pages_blank


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_a_cut_off_picture_is_truncated(format_: str) -> None:
    whole = papers.picture(format_)
    facts = facts_of(whole[: len(whole) * 2 // 3])
    assert (facts.opens, facts.damaged, facts.truncated) == (Opens.NO, True, True)


def test_a_picture_with_a_flipped_bit_is_damaged_but_not_truncated() -> None:
    data = bytearray(papers.picture("PNG"))
    data[len(data) // 2] ^= 1
    facts = facts_of(bytes(data))
    assert (facts.opens, facts.damaged, facts.truncated, facts.over_limits) == (Opens.NO, True, False, ())


def test_limits_are_a_closed_list_that_findings_can_name() -> None:
    assert {"cpu", "time", "memory", "crash"} <= {limit.value for limit in Limit}
