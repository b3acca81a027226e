"""Who draws an application up, and who speaks for its enterprise: two questions."""

from hypothesis import given
from hypothesis import strategies as st
from kaigong.contract.routes import Group
from kaigong.portal.access import NOBODY, Caller, may_apply, may_draw_up

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


def test_who_is_not_signed_in_does_neither() -> None:
    assert not may_draw_up(NOBODY, OWN)
    assert not may_apply(NOBODY, OWN)
