"""Attempts to sign in: what protects one is made of the browser's secret alone, and of nobody else's."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st
from kaigong.portal.account.attempt import Attempt, begun, resumed
from kaigong.portal.web.session import new_secret

onwards = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=300)


@given(onward=onwards, stronger=st.booleans())
def test_an_answer_finds_the_attempt_that_it_belongs_to(onward: str, stronger: bool) -> None:
    secret = new_secret()
    made = begun(secret, onward, stronger=stronger)
    assert resumed(secret, made.state) == made
    assert (made.onward, made.stronger) == (onward, stronger)


@given(onward=onwards)
def test_of_one_browser_no_two_attempts_share_anything_and_their_parts_tell_nothing_of_each_other(onward: str) -> None:
    secret = new_secret()
    parts = [part for made in (begun(secret, onward), begun(secret, onward)) for part in _parts(made)]
    assert len(set(parts)) == len(parts)
    assert all(secret not in part for part in parts)


def _parts(made: Attempt) -> list[str]:
    return [made.state, made.nonce, made.verifier, made.challenge]


def test_what_goes_into_addresses_and_to_the_issuer_has_the_form_that_standards_ask_for() -> None:
    made = begun(new_secret(), "apply?process=general&matters=a,b")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made.verifier)  # RFC 7636, 4.1: 43 to 128 of these
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made.challenge)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", made.state)
    assert len(begun(new_secret(), "x" * 5000).state) < 2048
    assert begun(new_secret(), "x" * 5000).onward == ""


@given(state=st.text(max_size=200))
def test_no_made_up_state_is_anybody_s(state: str) -> None:
    assert resumed(new_secret(), state) is None
    assert resumed("", state) is None


@given(data=st.data())
def test_a_state_that_was_changed_anywhere_is_nobody_s(data: st.DataObject) -> None:
    secret = new_secret()
    state = begun(secret, "guide").state
    place = data.draw(st.integers(0, len(state) - 1))
    sign = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
    assume(state[place] != sign)
    assert resumed(secret, f"{state[:place]}{sign}{state[place + 1 :]}") is None
    assert resumed(new_secret(), state) is None
