"""The local AWS itself: a stack comes up whole, and what must be refused is refused."""

import json
import re
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from kaigong.catalog import load
from pydantic import SecretStr

from infra.identity.client import NotSignedIn
from infra.local import Stack, up
from tests.patience import PATIENCE, eventually
from tests.rest import comes_to_rest, under_way


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


# Says that it began, and what it is, once it may.
WAITS = """
import pathlib, time

def handler(event, context):
    folder = pathlib.Path(event)
    (folder / "began").touch()
    while not (folder / "may-end").exists():
        time.sleep(0.05)
    return "{said}"
"""


def test_what_runs_while_its_function_is_changed_goes_on_to_its_end(stack: Stack, tmp_path: Path) -> None:
    """As on AWS: else each release under way would leave messages hidden for as long as their queue hides them."""
    functions = stack.client("lambda")
    with function(stack, WAITS.format(said="before")) as name:

        def says() -> Any:
            return json.load(functions.invoke(FunctionName=name, Payload=json.dumps(str(tmp_path)))["Payload"])

        with ThreadPoolExecutor() as pool:
            first = pool.submit(says)
            eventually((tmp_path / "began").exists)
            functions.update_function_code(FunctionName=name, ZipFile=zipped(WAITS.format(said="after")))
            (tmp_path / "may-end").touch()
            assert first.result() == "before"
        assert says() == "after"


LOGS = """
def handler(event, context):
    for line in range(event):
        print(f"line {line} of {event}")
"""


def test_a_call_s_log_has_every_line_that_it_wrote_and_no_other_s(stack: Stack) -> None:
    """Without waiting for more of them, which each call of a silent function would pay for."""
    with function(stack, LOGS) as name:
        for lines in (3, 0, 100, 1, 0):
            told = stack.client("lambda").invoke(FunctionName=name, LogType="Tail", Payload=json.dumps(lines))
            found = re.findall(r"line \d+ of \d+", b64decode(told.get("LogResult", "")).decode())
            assert found == [f"line {line} of {lines}" for line in range(lines)]


@contextmanager
def function(stack: Stack, code: str) -> Iterator[str]:
    """A function of the stack's, with its name."""
    functions = stack.client("lambda")
    like = functions.get_function_configuration(FunctionName=f"{stack.stack}-advance")
    name = f"{stack.stack}-trial"
    functions.create_function(
        FunctionName=name,
        Runtime=like["Runtime"],
        Role=like["Role"],
        Handler="trial.handler",
        Code={"ZipFile": zipped(code)},
    )
    try:
        yield name
    finally:
        functions.delete_function(FunctionName=name)


def zipped(code: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("trial.py", code)
    return made.getvalue()


def test_what_a_function_has_not_been_told_of_yet_is_under_way(stack: Stack) -> None:
    """Else a test that waits for rest goes on before a packet that somebody acted upon has moved."""
    comes_to_rest(stack)
    name, item = f"{stack.stack}-advance", {"pk": {"S": "TEST#rest"}, "sk": {"S": "-"}}
    functions, table = stack.client("lambda"), stack.client("dynamodb")
    mappings = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    (reader,) = (mapping["UUID"] for mapping in mappings if ":dynamodb:" in mapping["EventSourceArn"])
    functions.update_event_source_mapping(UUID=reader, Enabled=False)
    try:
        table.put_item(TableName=stack.table, Item=item)
        table.delete_item(TableName=stack.table, Key=item)
        assert int(dict(under_way(stack))[name].split()[0]) >= 2
    finally:
        functions.update_event_source_mapping(UUID=reader, Enabled=True)
    comes_to_rest(stack)
    assert name not in dict(under_way(stack))
