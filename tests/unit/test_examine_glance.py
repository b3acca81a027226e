"""The first glance at a page's content, held against the closer look that it spares."""

import pikepdf
from hypothesis import example, given
from hypothesis import strategies as st
from kaigong.examine.glance import seen_at_once
from kaigong.examine.limits import Limits
from kaigong.examine.marks import Looking, Shown

TOKENS = st.sampled_from((
    b"0", b"1", b".5", b"0.95", b"-3", b"1.", b"1.2.3", b"12f", b"/F1", b"/OC", b"/P", b"<</MCID 0>>", b"<</A 3 Tr>>",
    b"[", b"]", b"[3]", b"( )", b"(a)", b"(\\222)", b"(a(b)c)", b"(\\\n)", b"<20>", b"<2041>", b"<4>", b"%x\n", b"q",
    b"Q", b"BT", b"ET", b"Tf", b"Td", b"Tr", b"Tj", b"TJ", b"'", b"g", b"G", b"rg", b"RG", b"k", b"K", b"cs", b"sc",
    b"scn", b"re", b"m", b"l", b"f", b"f*", b"S", b"B", b"n", b"W*", b"d", b"gs", b"cm", b"BMC", b"BDC", b"EMC", b"Do",
    b"sh",
))  # fmt: skip
DRAWN = st.lists(st.tuples(TOKENS, st.sampled_from((b" ", b"\n", b""))), max_size=30).map(
    lambda parts: b"".join(token + blank for token, blank in parts) + b"\n"
)
INK = b"0 g 0.2 0.2 0.7 rg 0 0 0 1 k /P <</MCID 0>> BDC q 1 0 0 1 72 720 cm BT /F1 12 Tf "


UNKNOWN = b"%\n"  # a comment, which changes nothing, and of which the glance knows nothing


@given(DRAWN)
@example(INK + b"[(T)-40(itle)]TJ ")
@example(b"1 g 0 0 9 9 re f ")
@example(b"3 Tr (a) Tj ")
def test_what_is_seen_at_a_glance_a_closer_look_sees_too(data: bytes) -> None:
    assert not seen_at_once(UNKNOWN + data)
    assert shown(data) is shown(UNKNOWN + data)


def test_ordinary_pages_need_no_closer_look_and_empty_ones_do() -> None:
    for seen in (b"(a) Tj\n", b"[(T)-40(itle)] TJ\n", b"<0041>Tj\n", b"0 0 9 9 re f\n", b"0 0 m 9 9 l S\n"):
        assert seen_at_once(INK + seen)
    for doubtful in (b"( ) Tj\n", b"<2020>Tj\n", b"n\n", b"3 Tr (a) Tj\n", b"1 g 0 0 9 9 re f\n", b"/X Do\n", b""):
        assert not seen_at_once(INK + doubtful)


def test_a_mark_on_a_layer_is_looked_at_closely_where_some_are_hidden() -> None:
    layered = b"/OC /L BDC " + INK + b"(a) Tj\n"
    assert seen_at_once(layered)
    assert not seen_at_once(layered, layers=True)
    assert seen_at_once(INK + b"(a) Tj\n", layers=True)


def shown(data: bytes) -> Shown | None:
    """What a page with this content shows."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(data)
        return Looking(Limits(), frozenset(), closely=True).at(page.obj)
