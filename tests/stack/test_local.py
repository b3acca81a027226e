"""The local AWS itself: a stack comes up whole, and what must be refused is refused."""

import urllib.error
import urllib.request

import pytest
from kaigong.catalog import load
from pydantic import SecretStr

from infra.identity.client import NotSignedIn
from infra.local import Stack, up
from tests.patience import PATIENCE


def status(stack: Stack, path: str, token: str | None = None) -> int:
    request = urllib.request.Request(  # noqa: S310 - http, to this machine
        f"{stack.portal_url}{path}", headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - http, to this machine
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_every_department_has_its_two_queues_and_an_officer(stack: Stack) -> None:
    for department in load().departments:
        assert {f"review-{department}", f"review-{department}-priority"} <= set(stack.queues)
        assert stack.user(f"officer-{department}").attributes == {"department": department}


def test_bringing_up_a_stack_that_is_up_changes_nothing(stack: Stack) -> None:
    assert up(stack.stack) == stack


def test_nobody_reaches_the_api_without_a_valid_token(stack: Stack) -> None:
    token = stack.token("applicant")
    forged = token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)
    assert status(stack, "/api/packets") == 401
    assert status(stack, "/api/packets", forged) == 401
    assert status(stack, "/api/health") == 200


def test_a_wrong_password_gives_no_token(stack: Stack) -> None:
    wrong = stack.user("applicant").model_copy(update={"password": SecretStr("Not-the-password-1")})
    with pytest.raises(NotSignedIn):
        stack.model_copy(update={"users": (wrong,)}).token("applicant")
