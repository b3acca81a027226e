"""Credit codes and project codes: a wrong shape is refused, a wrong check character is a doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain import identity
from kaigong.domain.manifest import Enterprise, Project
from pydantic import ValidationError

from .building import ENTERPRISE, Case, NoticeKind

PUBLISHED = ["91110000600037341L", "91350100M000100Y43"]  # as their owners and the standard's text publish them
BODIES = st.text(identity.CREDIT_ALPHABET, min_size=17, max_size=17)


def enterprise(uscc: str) -> Enterprise:
    return Enterprise(name="某公司", uscc=uscc)


@pytest.mark.parametrize("uscc", PUBLISHED)
def test_a_published_code_holds(uscc: str) -> None:
    assert identity.doubts(enterprise(uscc)) == ()


@given(BODIES, st.integers(0, 16), st.sampled_from(identity.CREDIT_ALPHABET))
def test_one_wrong_character_is_always_doubted(body: str, place: int, other: str) -> None:
    code = body + identity.credit_check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert bool(identity.doubts(enterprise(wrong))) == (wrong != code)


def test_a_failing_code_whose_organisation_part_holds_is_told_apart() -> None:
    code = PUBLISHED[0]
    kept = code[:17] + ("A" if code[17] != "A" else "B")
    [doubt] = identity.doubts(enterprise(kept))
    assert "organisation code in it holds" in doubt.text.en
    lost = code[:16] + ("2" if code[16] != "2" else "3") + code[17]
    [doubt] = identity.doubts(enterprise(lost))
    assert "fails as well" in doubt.text.en


@pytest.mark.parametrize(
    "uscc", ["", "9111000060003734", "91110000600037341I", "91110000600037341l", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_code_of_a_wrong_shape_is_refused(uscc: str) -> None:
    with pytest.raises(ValidationError):
        enterprise(uscc)


@pytest.mark.parametrize(
    "code",
    [
        "2613-411402-04-01-380164",
        "2600-411402-04-01-380164",
        "2602411402040138016",
        "2602-411402-04-01-38016",
        "２602-411402-04-01-380164",
    ],
)
def test_a_project_code_of_a_wrong_shape_or_month_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        Project(name="某项目", code=code)


def test_a_doubtful_credit_code_is_told_and_does_not_stop_the_packet() -> None:
    wrong = ENTERPRISE.uscc[:17] + ("A" if ENTERPRISE.uscc[17] != "A" else "B")
    case = Case().accepted("soil", enterprise={"name": ENTERPRISE.name, "uscc": wrong})
    assert "credit-code-check" in {item.code for item in case.last_notice(NoticeKind.ACCEPTED).items}
