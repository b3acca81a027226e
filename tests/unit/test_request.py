"""What of a request's headers is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from kaigong.portal.web.request import cookies_of

SESSION = "__Host-session"


def cookies(*sent: str, header: str = "") -> dict[str, str]:
    return cookies_of({"cookies": list(sent)}, {"cookie": header} if header else {})


def test_cookies_come_from_the_event_or_the_header() -> None:
    assert cookies("a=1", " b=2\t", header="c=x=y; d=") == {"a": "1", "b": "2", "c": "x=y", "d": ""}


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\u3000", "\x0b", "\x0c", "\x1c", "\x85", "\u200b", "\ufeff"])
def test_a_blank_that_only_unicode_knows_makes_no_name(blank: str) -> None:
    forged = f"{blank}{SESSION}=theirs"
    assert cookies(forged) == cookies(header=forged) == cookies(f"{SESSION}{blank}=theirs") == {}
    assert cookies(f"{SESSION}=ours", forged) == {SESSION: "ours"}


def test_of_two_values_of_one_name_neither_counts() -> None:
    assert cookies(f"{SESSION}=ours", f"{SESSION}=theirs", "lang=en") == {"lang": "en"}


@given(some.lists(some.text()), some.text())
def test_whatever_is_sent_is_a_cookie_or_nothing(sent: list[str], header: str) -> None:
    for name, value in cookies(*sent, header=header).items():
        assert (name + value).isascii()
        assert not set(name + value) & set(' ",;\\\t')
