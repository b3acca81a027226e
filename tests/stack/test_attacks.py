"""Attacks on the deployed stack, where only its parts together can refuse: storage, gateway, user pool, portal."""

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.exceptions import ClientError
from kaigong.contract import routes

from infra.local import Stack
from infra.samples import city_case
from tests.patience import PATIENCE
from tests.signing_in import cookies_of

CASE = city_case()
SLOT, NAME = "business-licence", "f.pdf"
PDF = "application/pdf"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _ask(stack: Stack, user: str, path: str, **body: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {stack.token(user)}"}
    return requests.post(stack.portal_url + path, json=body, headers=headers, timeout=PATIENCE)


@pytest.fixture(scope="module")
def drafts(stack: Stack) -> dict[str, str]:
    """A draft of each of two enterprises."""
    return {
        user: _ask(stack, user, "/api/drafts", process=CASE.process).json()["packet"]
        for user in ("applicant", "stranger")
    }


def _permit(stack: Stack, user: str, draft: str, size: int) -> dict[str, Any]:
    answer = _ask(stack, user, f"/api/drafts/{draft}/uploads", slot=SLOT, name=NAME, size=size, media_type=PDF)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


# uploads


def test_a_permit_is_for_one_place_one_size_and_one_type(stack: Stack, drafts: dict[str, str]) -> None:
    permit = _permit(stack, "applicant", drafts["applicant"], 4)
    url = permit["url"]
    for address, content, kind in (
        (url, b"%PDF", "text/html"),
        (url, b"%PDF-longer", PDF),
        (url.replace(drafts["applicant"], drafts["stranger"]), b"%PDF", PDF),
        (url.replace(SLOT, "construction-drawings"), b"%PDF", PDF),
        (url.replace("X-Amz-Expires=3600", "X-Amz-Expires=604800"), b"%PDF", PDF),
    ):
        headers = {**permit["headers"], "Content-Type": kind}
        assert requests.put(address, content, headers=headers, timeout=PATIENCE).status_code == 403, address
    assert requests.put(url, b"%PDF", headers={"Content-Type": PDF}, timeout=PATIENCE).status_code == 403  # over again
    answers = [requests.put(url, b"%PDF", headers=permit["headers"], timeout=PATIENCE).status_code for _ in range(2)]
    assert answers == [200, 412]  # once
    assert requests.get(url, timeout=PATIENCE).status_code == 403
    assert requests.delete(url, timeout=PATIENCE).status_code == 403


def test_somebody_elses_upload_in_parts_is_not_there(stack: Stack, drafts: dict[str, str]) -> None:
    """By its id alone: the place is always one of the caller's own application."""
    mine = _permit(stack, "applicant", drafts["applicant"], 20 * 1024 * 1024)
    place = {name: mine[name] for name in ("slot", "upload", "name", "parts")}
    foreign, own = (f"/api/drafts/{drafts[user]}/uploads" for user in ("applicant", "stranger"))
    for path in ("parts", "finish", "give-up"):
        answer = _ask(stack, "stranger", f"{foreign}/{path}", **place)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    for path in ("parts", "finish"):
        answer = _ask(stack, "stranger", f"{own}/{path}", **place)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-upload")
    address = _ask(stack, "stranger", f"{own}/part", **place, number=1, size=4).json()["url"]
    assert requests.put(address, b"%PDF", timeout=PATIENCE).status_code in (403, 404)
    assert _ask(stack, "stranger", f"{own}/give-up", **place).status_code == 200  # nothing: it was never there
    came = _ask(stack, "applicant", f"{foreign}/parts", **place)
    assert (came.status_code, came.json()["parts"]) == (200, [])
    assert _ask(stack, "applicant", f"{foreign}/give-up", **place).status_code == 200


# who is not signed in


@pytest.mark.parametrize("bearer", ["", "Bearer made.up.token", "Basic YTpi"])
def test_the_api_answers_nobody_who_is_not_signed_in_and_never_with_an_error(stack: Stack, bearer: str) -> None:
    for route in routes.ROUTES:
        path = route.path.replace("{", "").replace("}", "")
        headers = {"Authorization": bearer} if bearer else {}
        answer = requests.request(
            route.method.value,
            stack.portal_url + path,
            headers=headers,
            json={} if route.body else None,
            timeout=PATIENCE,
        )
        expected = (200, 400, 404) if route.open else (401,)  # the guide asks which process is meant
        assert answer.status_code in expected, route.name
        if not route.open:
            assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_a_session_that_was_ended_is_over_for_whoever_kept_its_cookie(stack: Stack) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(stack.portal_url))
    kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies_of(stack, "supervisor").items())}

    def me() -> str:
        shown = requests.get(f"{stack.portal_url}/me", headers=kept, allow_redirects=False, timeout=PATIENCE)
        return str(shown.headers.get("location", ""))

    assert "sign-in" not in me()
    sent = kept | {"Origin": origin}
    ended = requests.post(f"{stack.portal_url}/sign-out", headers=sent, allow_redirects=False, timeout=PATIENCE)
    assert "/logout?" in ended.headers["refresh"]
    assert "sign-in" in me()


def test_no_password_can_be_tried_at_the_pool_beside_its_own_pages(stack: Stack) -> None:
    """Where guessing is locked out, and locks out nobody else."""
    user, pool = stack.user("supervisor"), stack.client("cognito-idp")
    for client in (stack.user_pool_client_id, stack.command_client_id):
        for flow in ("USER_PASSWORD_AUTH", "USER_SRP_AUTH"):
            given = {"USERNAME": user.username, "PASSWORD": user.password.get_secret_value(), "SRP_A": "1"}
            with pytest.raises(ClientError):
                pool.initiate_auth(ClientId=client, AuthFlow=flow, AuthParameters=given)


# what no browser sends


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("GET", "/static/%00.css", {}, b""),
        ("GET", f"/static/{'a' * 300}.css", {}, b""),
        ("GET", "/static/..%2f..%2fportal%2fsite.css", {}, b""),
        ("GET", "/packets/%ff%fe", {}, b""),
        ("GET", "/packets/a%0d%0aSet-Cookie:%20x=1", {}, b""),
        ("GET", "/%E4%B8%AD", {}, b""),
        ("GET", "/guide?stage=%ff&process=%00&process=x", {}, b""),
        ("GET", "/", {"Cookie": "=;;lang; __Host-session=.."}, b""),
        ("HEAD", "/", {}, b""),
        ("OPTIONS", "/", {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, b""),
        ("PATCH", "/sign-in", {}, b""),
        (
            "POST",
            "/backchannel-logout",
            FORM,
            b"logout_token=\xff&password=%zz",
        ),
        ("POST", "/backchannel-logout", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x"),
        (
            "POST",
            "/backchannel-logout",
            FORM,
            b"&".join([b"a=1"] * 600),
        ),
        ("POST", "/backchannel-logout", FORM, b"a=" + b"x" * 400_000),
        ("GET", "/api", {}, b""),
        ("DELETE", "/api/guide", {}, b""),
    ],
)
def test_whatever_is_sent_is_answered_and_never_with_an_error(
    stack: Stack, method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    at = urlsplit(stack.portal_url)
    line = HTTPConnection(at.netloc, timeout=PATIENCE)
    origin = {"Origin": f"{at.scheme}://{at.netloc}"} if method == "POST" else {}
    line.request(method, at.path + path, body or None, origin | headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status < 500
    assert answer.getheader("Access-Control-Allow-Origin") is None
    assert "x=1" not in (answer.getheader("Set-Cookie") or "")
