"""Who draws an application up, and who speaks for its enterprise: two questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.routes import Group
from kaigong.portal.access import NOBODY, Caller, may_apply, may_draw_up, may_read

OWN, OTHER = "91411402MA0KG0002N", "91411402MA0KG0003M"
CALLERS = st.builds(
    Caller,
    name=st.just("u"),
    groups=st.frozensets(st.sampled_from(Group)),
    uscc=st.sampled_from([OWN, OTHER, None]),
    department=st.sampled_from(["housing", None]),
)
OWNERS = st.sampled_from([OWN, OTHER, None])


@given(CALLERS, OWNERS)
def test_the_enterprises_own_people_alone_speak_for_it(caller: Caller, owner: str | None) -> None:
    own = Group.APPLICANT in caller.groups and caller.uscc == owner and owner is not None
    assert may_apply(caller, owner) == own


@given(CALLERS, OWNERS)
def test_the_window_and_the_enterprises_own_people_draw_up_what_is_somebodys(caller: Caller, owner: str | None) -> None:
    helps = Group.WINDOW in caller.groups and owner is not None
    assert may_draw_up(caller, owner) == (helps or may_apply(caller, owner))


@pytest.mark.parametrize(
    ("group", "owner", "accepted", "may"),
    [
        (Group.APPLICANT, OWN, False, True),
        (Group.APPLICANT, OTHER, True, False),
        (Group.DEPARTMENT, OTHER, False, False),  # nothing was sent to any department
        (Group.DEPARTMENT, OTHER, True, True),
        (Group.WINDOW, OTHER, False, True),
        (Group.LEADER, OTHER, False, True),
        (Group.SUPERVISOR, OTHER, True, False),
    ],
)
def test_who_may_read_a_packet_of_which_little_is_known(group: Group, owner: str, *, accepted: bool, may: bool) -> None:
    caller = Caller(name="u", groups=frozenset({group}), uscc=OWN, department="housing")
    assert may_read(caller, owner, accepted=accepted) == may


def test_who_is_not_signed_in_does_neither() -> None:
    assert not may_draw_up(NOBODY, OWN)
    assert not may_apply(NOBODY, OWN)
