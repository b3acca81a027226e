"""The letters of an application: each as it holds now, and every matter that has none told at once."""

from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.letters import LettersRequest, letters, why_not

from .building import CATALOGUE, ENTERPRISE, PROJECT
from .lettering import LETTERED, in_force, with_letters, without_letters

COMMITTED = tuple(code for code, matter in CATALOGUE.matters.items() if matter.takes_commitment)
CODES = st.sampled_from([*CATALOGUE.matters, "no-such-matter"])


def asked(*matters: str) -> LettersRequest:
    return LettersRequest(enterprise=ENTERPRISE, project=PROJECT, matters=matters)


@given(matters=st.lists(CODES, min_size=1, max_size=40))
def test_a_matter_is_answered_with_the_letter_in_force_or_named_as_having_none(matters: list[str]) -> None:
    found, barred = letters(asked(*matters), LETTERED).letters, why_not(asked(*matters), LETTERED)
    assert found == tuple(in_force(LETTERED, code) for code in dict.fromkeys(matters) if code in COMMITTED)
    told = barred.zh if barred else ""
    named = {code for code in matters if f"（{code}）" in told or f"“{code}”" in told}
    assert named == set(matters) - set(COMMITTED)
    assert (barred is None) is (not named)


def test_why_a_matter_has_no_letter_is_told_for_each() -> None:
    told = why_not(asked("soil", "land-use", "no-such-matter"), LETTERED)
    assert told is not None
    assert f"“{CATALOGUE.matters['soil'].name.zh}”（soil）不适用告知承诺" in told.zh
    assert "目录中没有事项“no-such-matter”" in told.zh
    assert "land-use" not in told.zh + told.en
    assert "(soil) takes no commitment" in told.en
    assert "there is no matter no-such-matter" in told.en


def test_a_new_version_of_a_letter_is_the_one_in_force() -> None:
    old, new = (letters(asked("land-use"), with_letters(CATALOGUE, version)).letters[0] for version in (1, 2))
    assert (old.version, new.version) == (1, 2)
    assert old.sha256 != new.sha256


def test_a_matter_without_a_text_in_the_catalogue_has_no_letter() -> None:
    bare = without_letters(CATALOGUE)
    assert letters(asked("land-use"), bare).letters == ()
    assert why_not(asked("land-use"), bare) is not None
