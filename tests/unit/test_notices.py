"""What a message gateway sends of a notice: short enough for one SMS, about nobody, with what to do next."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow import delivery
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.words import names, notices

from .building import PACKET, Case

KINDS = st.sampled_from([*NoticeKind, None])
WHAT_NEXT = re.compile("请|可登录|不必")


@given(st.from_regex(PACKET_PATTERN, fullmatch=True), KINDS)
def test_an_sms_is_never_longer_than_70_characters_and_says_which_packet(packet: str, kind: NoticeKind | None) -> None:
    said = notices.sms(packet, kind)
    for text in (said.zh, said.en):
        assert len(text) <= 70
        assert packet in text or f"…{packet[-6:]}" in text
    assert packet in notices.sms(packet[:22], kind).zh or len(packet) > 22, "our own numbers are told whole"


@pytest.mark.parametrize("kind", [*NoticeKind, None])
def test_every_sms_says_what_to_do_next(kind: NoticeKind | None) -> None:
    assert WHAT_NEXT.search(notices.sms(PACKET, kind).zh)
    assert notices.sms(PACKET, kind).en.endswith(".")


@given(st.from_regex(PACKET_PATTERN, fullmatch=True), st.sampled_from(NoticeKind), st.none() | st.dates())
def test_the_long_text_adds_the_title_and_the_first_limit(packet: str, kind: NoticeKind, until: date | None) -> None:
    said = notices.long(packet, kind, until)
    assert packet in said.zh
    assert names.NOTICES[kind].zh in said.zh
    assert names.NOTICES[kind].en in said.en
    assert ("最近的期限" in said.zh) == (until is not None)


def test_what_goes_out_names_nobody_and_keeps_its_id_however_often_it_is_built() -> None:
    case = Case().accepted("soil", "flood", promises=["soil-plan"])
    [message] = delivery.notices(case.packet, case.told(), case.now)
    [again] = delivery.notices(case.packet, case.told(), case.now.replace(hour=23))
    assert again.id == message.id
    known = case.header.enterprise
    for private in (known.name, known.uscc, known.phone, known.legal_representative, case.header.project.name):
        assert private is None or private not in message.model_dump_json()
