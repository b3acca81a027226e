"""Photos and scans: what they are, what is found in them, and several of them as the pages of one paper."""

import io
import random
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake.draft import MEDIA_TYPES, format_of, stored_as, why_no_more
from kaigong.domain.intake.finding import judge, judge_all
from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.catalogue import Checks, Process
from kaigong.domain.model.facts import Facts, Found, Kind, Limit, Opens, Other, Verdict
from kaigong.domain.model.files import Room, counting, is_picture
from kaigong.examine import copy_of
from kaigong.examine.picture import is_even
from PIL import Image, ImageDraw, ImageMath

from .building import Case, catalogue_of, material, matter, named
from .documents import ofd, papers
from .test_examine import Memory, facts_of

DOCUMENTS = Path(__file__).parent / "documents"


def sheet(width: int = 1240, height: int = 1754, *, blank: bool = False) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    if not blank:
        draw = ImageDraw.Draw(image)
        for row in range(40, height, 80):
            draw.line((60, row, width - 60, row), fill="black", width=8)
    return image


def scan(*pages: Image.Image, **options: str) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", **options)
    return out.getvalue()


def webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True)
    return out.getvalue()


def heic(name: str) -> bytes:
    return (DOCUMENTS / f"{name}.heic").read_bytes()


# what is found in them


def test_a_scan_of_several_pages_tells_which_of_them_are_blank() -> None:
    facts = facts_of(scan(sheet(), sheet(blank=True), sheet()))
    assert (facts.kind, facts.opens, facts.pages, facts.damaged) == (Kind.TIFF, Opens.YES, 3, False)
    assert (facts.blank_pages, facts.all_pages_blank, facts.on_pages[Found.BLANK_PAGES]) == (1, False, (2,))


def test_a_page_of_a_scan_that_is_too_small_is_named() -> None:
    facts = facts_of(scan(sheet(), sheet(300, 400)))
    (reason,) = judge(facts, material("scan").changed(formats=("tiff",)), None).reasons
    assert reason.code == "image-too-small"
    assert "300×400 像素（第 2 页）" in reason.zh
    assert "(page 2)" in reason.en


def test_a_page_of_a_scan_that_does_not_decode_is_named() -> None:
    data = bytearray(scan(sheet(), sheet()))
    data[400:430] = b"\xff" * 30  # within the first page's data
    facts = facts_of(bytes(data))
    assert (facts.opens, facts.damaged, facts.on_pages[Found.UNREADABLE_PAGES]) == (Opens.YES, True, (1,))
    reason = judge(facts, material("scan").changed(formats=("tiff",)), None).reasons[0]
    assert (reason.code, reason.verdict) == ("damaged", Verdict.DEFICIENT)
    assert "（第 1 页）" in reason.zh


@pytest.mark.parametrize(
    ("data", "kind", "blank"),
    [
        (heic("photo"), Kind.HEIC, False),
        (heic("blank"), Kind.HEIC, True),
        (webp(sheet()), Kind.WEBP, False),
        (webp(sheet(blank=True)), Kind.WEBP, True),
        (scan(sheet(blank=True)), Kind.TIFF, True),
    ],
    ids=["heic", "blank heic", "webp", "blank webp", "blank tiff"],
)
def test_what_telephones_and_scanners_write_is_looked_at(data: bytes, kind: Kind, blank: bool) -> None:
    facts = facts_of(data)
    assert (facts.kind, facts.opens, facts.pages, facts.all_pages_blank) == (kind, Opens.YES, 1, blank)


def test_a_photo_of_several_pictures_in_one_file_is_a_photo() -> None:
    out = io.BytesIO()
    sheet().save(out, "MPO", save_all=True, append_images=[sheet(600, 800)])
    facts = facts_of(out.getvalue())
    assert (facts.kind, facts.opens, facts.damaged, facts.all_pages_blank) == (Kind.JPEG, Opens.YES, False, False)
    assert (facts.width, facts.height) == (1240, 1754)


def deep(brightest: int, mode: str, *, blank: bool = False) -> bytes:
    """A sheet in 16 or 32 bits a pixel, of which so much is used: its lines black, its paper not quite even."""
    grey = (sheet(620, 877, blank=blank)).convert("L")
    noise = Image.effect_noise(grey.size, 8)
    paper = grey.convert("I").point(lambda value: value * (brightest - brightest // 25) / 255)
    grain = noise.convert("I").point(lambda value: value * (brightest // 25) / 255)
    image = ImageMath.lambda_eval(lambda args: args["paper"] + args["grain"], paper=paper, grain=grain)
    out = io.BytesIO()
    (big_endian(image) if mode == "I;16B" else image.convert(mode)).save(out, "TIFF")
    return out.getvalue()


def big_endian(image: Image.Image) -> Image.Image:
    return Image.frombytes("I;16B", image.size, image.convert("I;16").tobytes("raw", "I;16B"))


DEEP = [(65535, "I;16"), (65535, "I;16B"), (4095, "I;16"), (255, "I"), (1_000_000, "I"), (255, "F")]


@pytest.mark.parametrize(("brightest", "mode"), DEEP)
@pytest.mark.parametrize("blank", [False, True])
def test_a_grey_scan_of_more_than_8_bits_is_judged_by_its_own_brightest(brightest: int, mode: str, blank: bool) -> None:
    facts = facts_of(deep(brightest, mode, blank=blank))
    assert (facts.opens, facts.damaged, facts.all_pages_blank) == (Opens.YES, False, blank)


@pytest.mark.parametrize(("brightest", "mode"), DEEP)
def test_a_grey_scan_of_more_than_8_bits_is_shown_as_it_is(brightest: int, mode: str) -> None:
    data = deep(brightest, mode)
    [shown] = pages_of_copy(data)
    low, high = shown.convert("L").getextrema()
    assert isinstance(low, (int, float))
    assert isinstance(high, (int, float))
    assert low < 40
    assert high > 230
    dark = sum(shown.convert("L").histogram()[:128]) / (shown.width * shown.height)
    assert 0.05 < dark < 0.2, "lines are black and paper is white"


def pages_of_copy(data: bytes) -> list[Image.Image]:
    kind, copy = copy_of(Memory(data), facts_of(data)) or ("", b"")
    assert kind == "pdf"
    with pypdfium2.PdfDocument(copy) as drawn:
        return [page.render().to_pil() for page in drawn]


@pytest.mark.parametrize("blank", [False, True])
def test_a_scan_in_colours_by_lightness_is_no_damaged_one(blank: bool) -> None:
    lightness = sheet(blank=blank).convert("L")
    neutral = Image.new("L", lightness.size, 128)
    data = scan(Image.merge("LAB", (lightness, neutral, neutral)))
    facts = facts_of(data)
    assert (facts.opens, facts.damaged, facts.all_pages_blank) == (Opens.YES, False, blank)
    [shown] = pages_of_copy(data)
    assert shown.getpixel((5, 5)) == pytest.approx((255, 255, 255), abs=6)


def test_what_decodes_and_cannot_be_judged_is_not_known_to_be_blank_and_not_damaged() -> None:
    class Odd:
        mode, size = "RGB", (10, 10)

        def load(self) -> None:
            pass

        def getbands(self) -> tuple[str, ...]:
            raise ValueError("no such conversion")

    assert is_even(Odd()) is None


@pytest.mark.parametrize("data", [heic("photo"), webp(sheet()), scan(sheet())], ids=["heic", "webp", "tiff"])
def test_one_that_was_cut_off_is_damaged(data: bytes) -> None:
    facts = facts_of(data[: len(data) * 2 // 3])
    assert (facts.opens, facts.damaged) == (Opens.NO, True)


@pytest.mark.long
def test_a_drawing_too_large_to_decode_counts_where_its_data_are_there() -> None:
    out = io.BytesIO()
    sheet(14043, 9933).convert("1").save(out, "TIFF", compression="group4")  # A0 at 300 dpi
    facts = facts_of(out.getvalue())
    assert (facts.opens, facts.width, facts.all_pages_blank, facts.over_limits) == (Opens.YES, 14043, None, ())


def test_a_scan_too_large_to_be_fetched_is_looked_at_in_part() -> None:
    out = io.BytesIO()
    sheet(5000, 5200).save(out, "TIFF")  # 78 MB, uncompressed
    facts = facts_of(out.getvalue())
    assert (facts.opens, facts.over_limits) == (Opens.YES, (Limit.BYTES,))
    assert facts.bytes_read < 1024 * 1024


def test_a_thumbnail_in_a_scan_is_no_page() -> None:
    small = sheet(100, 140)
    small.encoderinfo = {}
    out = io.BytesIO()
    sheet().save(out, "TIFF", save_all=True, append_images=[small], tiffinfo={254: 0})
    with Image.open(out) as image:
        image.seek(1)
        assert image.size == (100, 140)
        at = out.getvalue().rfind(b"\xfe\x00\x04\x00\x01\x00\x00\x00")  # NewSubfileType of the second
    data = bytearray(out.getvalue())
    assert at > 0
    data[at + 8] = 1
    assert facts_of(bytes(data)).pages == 1


def test_a_picture_that_no_reader_here_knows_is_named_with_a_way_out() -> None:
    facts = facts_of(b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1" + b"\x00" * 40)
    assert (facts.kind, facts.other) == (Kind.OTHER, Other.AVIF)


# a copy for browsers


def test_of_what_browsers_cannot_draw_there_is_a_copy() -> None:
    photo = heic("photo")
    kind, copy = copy_of(Memory(photo), facts_of(photo)) or ("", b"")
    assert kind == "jpeg"
    with Image.open(io.BytesIO(copy)) as image:
        assert (image.format, image.size) == ("JPEG", (900, 1200))
    pages = scan(sheet(), sheet(blank=True))
    kind, copy = copy_of(Memory(pages), facts_of(pages)) or ("", b"")
    assert kind == "pdf"
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert len(pdf.pages) == 2


OBJECTS = (
    '<ofd:ImageObject Boundary="20 30 100 50" CTM="100 0 0 50 0 0" ResourceID="4"/>'
    '<ofd:ImageObject Boundary="0 0 10 10" ResourceID="5"/>'  # which there is not
    '<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 Q 1 1 2 0 C</ofd:AbbreviatedData></ofd:PathObject>'
    '<ofd:PathObject Boundary="0 x 9 9"><ofd:AbbreviatedData>M 0 0</ofd:AbbreviatedData></ofd:PathObject>'
    '<ofd:TextObject Boundary="10 10 90 9" Size="5"><ofd:TextCode X="1" Y="4" DeltaX="g 3 7">开工申请</ofd:TextCode>'
    "</ofd:TextObject>"
)


SHARED = b"<ofd:CommonData><ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>"


def test_the_pages_of_an_ofd_document_are_drawn_where_browsers_cannot() -> None:
    found = ofd.parts(pages=2, document=SHARED)
    found["Doc_0/Res.xml"] = (
        b'<ofd:Res %s BaseLoc="Res"><ofd:MultiMedia ID="4"><ofd:MediaFile>A.JPG</ofd:MediaFile></ofd:MultiMedia>'
        b"</ofd:Res>" % ofd.SPACE
    )
    found["Doc_0/Res/a.jpg"] = papers.picture("JPEG", 640, 480)
    page = f"<ofd:Page {ofd.SPACE.decode()}><ofd:Area><ofd:PhysicalBox>0 0 200 100</ofd:PhysicalBox></ofd:Area>"
    page += f"<ofd:Content><ofd:Layer>{OBJECTS}</ofd:Layer></ofd:Content></ofd:Page>"
    found["Doc_0/Pages/Page_1/Content.xml"] = page.encode()
    data = ofd.packed(found)
    kind, copy = copy_of(Memory(data), facts_of(data)) or ("", b"")
    assert kind == "pdf"
    with pypdfium2.PdfDocument(copy) as drawn:
        assert len(drawn) == 2
        words = drawn[1].get_textpage()
        assert words.get_text_bounded().strip() == "开 工 申 请"  # as far apart as that
        first, second = (words.get_charbox(number)[0] for number in (0, 2))
        assert (second - first) * 25.4 / 72 == pytest.approx(7, abs=0.5)
        kinds = [item.type for item in drawn[1].get_objects()]
        assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_PATH) == 1
        (image,) = (item for item in drawn[1].get_objects() if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)
        left, bottom, right, top = (side * 25.4 / 72 for side in image.get_bounds())
        assert (left, 100 - top, right, 100 - bottom) == pytest.approx((20, 30, 120, 80), abs=0.1)


def test_what_many_pages_of_an_ofd_document_share_is_read_once() -> None:
    found = ofd.parts(pages=40, document=SHARED)
    note = random.Random(0).randbytes(3_000_000).hex()  # noqa: S311 - 40 times that is more than is unpacked of one
    found["Doc_0/Res.xml"] = f"<Res><Note>{note}</Note></Res>".encode()
    data = ofd.packed(found)
    _, copy = copy_of(Memory(data), facts_of(data)) or ("", b"")
    with pypdfium2.PdfDocument(copy) as drawn:
        assert len(drawn) == 40


def test_of_an_ofd_document_of_too_many_pages_there_is_none() -> None:
    data = ofd.packed(ofd.parts(pages=41))
    assert copy_of(Memory(data), facts_of(data)) is None


@pytest.mark.parametrize("data", [webp(sheet()), scan(sheet())[:-500]], ids=["drawn", "broken"])
def test_of_what_they_can_draw_and_of_what_is_broken_there_is_none(data: bytes) -> None:
    assert copy_of(Memory(data), facts_of(data)) is None


# pages of one paper

PHOTOS = Room(files=1, pictures=3)


def kept(*names: str, room: Room = PHOTOS) -> list[str]:
    order = {name: number for number, name in enumerate(names)}
    return list(counting(names, room, order=lambda name: order[name], name=str))


def test_photos_stand_beside_each_other_and_a_document_in_place_of_them_all() -> None:
    assert kept("licence.pdf", "2.jpg", "10.heic", "1.PNG") == ["1.PNG", "2.jpg", "10.heic"]
    assert kept("1.jpg", "2.jpg", "whole.pdf") == ["whole.pdf"]
    assert kept("1.pdf", "2.pdf") == ["2.pdf"]


def test_where_photos_are_no_pages_the_newest_file_counts_alone() -> None:
    assert kept("1.jpg", "2.jpg", room=Room()) == ["2.jpg"]
    assert kept("1.jpg", "2.pdf", "3.jpg", room=Room(files=3)) == ["1.jpg", "2.pdf", "3.jpg"]


@given(st.lists(st.sampled_from(["1.jpg", "2.jpg", "a.pdf", "b.pdf", "3.tif"]), max_size=8))
def test_of_a_paper_there_is_one_document_or_photos_alone(names: list[str]) -> None:
    found = counting(list(enumerate(names)), PHOTOS, order=lambda file: file[0], name=lambda file: file[1])
    assert len(found) <= 1 or all(is_picture(name) for _, name in found)
    assert bool(found) == bool(names)
    assert not names or is_picture(names[-1]) or [number for number, _ in found] == [len(names) - 1]


def test_more_photos_than_a_paper_may_have_are_refused_before_they_are_sent() -> None:
    licence = material("licence").changed(max_pictures=2)
    lying = [Stored(slot="licence", upload=name, name=name, mark="", size=1) for name in ("1.jpg", "2.jpg")]
    assert why_no_more(lying, "3.jpg", 1, licence) is not None
    assert why_no_more(lying, "2.jpg", 1, licence) is None
    assert why_no_more(lying, "whole.pdf", 1, licence) is None
    document = Stored(slot="licence", upload="u", name="a.pdf", mark="", size=1)
    assert why_no_more([document], "1.jpg", 1, licence) is None


PHOTO = Facts(kind=Kind.JPEG, size=9, opens=Opens.YES, pages=1, width=900, height=1200, text_on_page_1=False)
LICENCE = material("licence", checks=Checks(min_pages=2, max_pages=3, signed=True)).changed(
    formats=("pdf", "jpeg", "tiff"), max_pictures=4
)
CATALOGUE = catalogue_of(
    [LICENCE],
    [matter("works", "housing", "licence")],
    [Process(code="ordinary", name=named("ordinary"), matters=("works",))],
)


def judged(*pages: Facts) -> list[str]:
    case = Case(CATALOGUE)
    files = [case.announced("licence", facts, f"{number}.jpg") for number, facts in enumerate(pages, 1)]
    return [f"{reason.code}: {reason.zh}" for reason in judge_all(files, LICENCE, None).reasons]


def test_photos_of_one_paper_are_judged_as_its_pages_and_together() -> None:
    assert [said.partition(":")[0] for said in judged(PHOTO, PHOTO)] == ["not-signed"]
    blank = PHOTO.changed(all_pages_blank=True, blank_pages=1)
    assert judged(PHOTO, blank, PHOTO.changed(width=300))[0].startswith("all-pages-blank: 第 2 页（2.jpg）：")
    assert judged(PHOTO, blank, PHOTO.changed(width=300))[1].startswith("image-too-small: 第 3 页（3.jpg）：")
    assert judged(*[PHOTO] * 4)[0].startswith("too-many-pages: 共 4 页")


def test_a_scan_among_photos_counts_with_all_its_pages() -> None:
    pages = PHOTO.changed(kind=Kind.TIFF, pages=2)
    blank = PHOTO.changed(all_pages_blank=True, blank_pages=1)
    assert judged(pages, blank)[0].startswith("all-pages-blank: 第 3 页（2.jpg）：")


# what clients call them


@pytest.mark.parametrize(
    ("called", "format_"),
    [
        ("application/pdf", "pdf"),
        ("application/wps-office.pdf", "pdf"),
        ("application/x-pdf", "pdf"),
        ("Application/PDF; charset=binary", "pdf"),
        ("application/vnd.ofd", "ofd"),
        ("image/jpg", "jpeg"),
        ("image/pjpeg", "jpeg"),
        ("image/jfif", "jpeg"),
        ("image/x-png", "png"),
        ("image/heif", "heic"),
        (".TIF", "tiff"),
        ("", None),
        ("application/octet-stream", None),
        ("text/html", None),
        ("image/svg+xml", None),
    ],
)
def test_systems_have_names_of_their_own_for_types(called: str, format_: str | None) -> None:
    assert format_of(called) == format_


@given(st.text(max_size=200))
def test_whatever_a_client_calls_a_file_it_is_stored_as_nothing_that_runs(called: str) -> None:
    assert stored_as(called) in {*MEDIA_TYPES.values(), "application/octet-stream"}
