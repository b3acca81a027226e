"""Deploying while packets are under way loses nothing: a later release, one that cannot be deployed, and back again
(docs/deploy.md, "A new release").
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from kaigong.errors import Refused
from kaigong.store import keys
from kaigong.store.items import to_attributes

from infra.command.client import Connection, deadletters, of_local
from infra.command.client.api import Api
from infra.local import Stack, build, deploy, sealing
from infra.local.emulator import Emulator
from tests.office import Office
from tests.patience import eventually

from .test_stopping import handed_in, is_in_review

pytestmark = pytest.mark.usefixtures("desks", "taken_back")

ADDED = "added_by_a_later_release"
# What a later release might do: every value that it writes as fields has one more.
LATER = f"""

_dump = dump


def dump(value):
    return _dump(value) | {{"{ADDED}": "anything"}}
"""
# A resource that no CloudFormation makes, once the functions have their new code.
BROKEN = """\
  Broken:
    Type: AWS::CloudWatch::Alarm
    DependsOn: [AdvanceFunction, DispatchFunction, DecideFunction]
    Properties: { Namespace: none, MetricName: none, Threshold: 1, EvaluationPeriods: 1, Period: 60 }
"""


@pytest.fixture
def built() -> build.Build:
    """What the stack was deployed from."""
    return build.build(lambda _: None)


@pytest.fixture
def taken_back(stack: Stack, built: build.Build, tmp_path: Path) -> Iterator[None]:
    """However the test ends, other tests find the stack as it was."""
    before = code(stack)
    yield
    if code(stack) != before:
        released(stack, built, tmp_path)


def released(stack: Stack, of: build.Build, folder: Path) -> None:
    """Deploy as people do. Raises Refused."""
    emulator = Emulator(stack.stack)
    deploy.deploy(stack.stack, of, stack.endpoint_url, sealing.address(emulator.folder), folder / "deploy.log")


def changed(of: build.Build, folder: Path, *, code: str = "", resources: str = "") -> build.Build:
    """The build with more code in the module by which all values are written, and more resources."""
    shutil.copytree(of.template.parent, folder)
    template = folder / of.template.name
    template.write_text(template.read_text().replace("\nResources:\n", f"\nResources:\n{resources}", 1))
    for archive in folder.glob("*"):
        if archive != template and code:
            _add(archive, "kaigong/store/items", code)
    return replace(of, template=template)


def _add(archive: Path, module: str, code: str) -> None:
    """Add code to a module of an archive. Its byte code goes: Python would not look at the source."""
    package, _, name = module.rpartition("/")
    with ZipFile(archive) as old:
        if f"{module}.py" not in old.namelist():
            return
        entries = {info: old.read(info) for info in old.infolist()}
    with ZipFile(archive, "w", ZIP_DEFLATED) as new:
        for info, content in entries.items():
            if not info.filename.startswith(f"{package}/__pycache__/{name}."):
                new.writestr(info, content + code.encode() if info.filename == f"{module}.py" else content)


def code(stack: Stack) -> dict[str, str]:
    """What code each function runs."""
    found = stack.client("lambda").list_functions()["Functions"]
    return {f["FunctionName"]: f["CodeSha256"] for f in found if f["FunctionName"].startswith(f"{stack.stack}-")}


def header(stack: Stack, packet: str) -> dict[str, Any]:
    place = to_attributes({"pk": keys.packet_pk(packet), "sk": keys.HEADER})
    return dict(stack.client("dynamodb").get_item(TableName=stack.table, Key=place)["Item"])


def is_issued(api: Api, packet: str) -> bool:
    return bool(api.status(packet)["status"] == "issued")


def test_a_release_and_the_way_back_lose_nothing_that_is_under_way(
    stack: Stack, built: build.Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = Connection(of_local(stack))
    api, before, dead = Api(connection), code(stack), _dead(connection)

    first = handed_in(stack, tmp_path)
    eventually(partial(is_in_review, api, first))
    water = Office(connection, "water")
    water.takes(first)
    on_its_way = handed_in(stack, tmp_path)  # while the functions are replaced

    monkeypatch.setattr(deploy, "PARAMETERS", (*deploy.PARAMETERS, "GapWorkingDays=19"))
    released(stack, changed(built, tmp_path / "later", code=LATER), tmp_path)
    assert all(before[name] != now for name, now in code(stack).items())
    advance = stack.client("lambda").get_function_configuration(FunctionName=f"{stack.stack}-advance")
    assert advance["Environment"]["Variables"]["GAP_WORKING_DAYS"] == "19"

    eventually(partial(is_in_review, api, on_its_way))
    water.decides(first)  # by a task of the release before
    eventually(partial(is_issued, api, first))
    second = handed_in(stack, tmp_path)
    eventually(partial(is_in_review, api, second))
    assert ADDED in header(stack, second)
    water.takes(second)

    later = code(stack)
    with pytest.raises(Refused):
        released(stack, changed(built, tmp_path / "broken", resources=BROKEN), tmp_path)
    assert code(stack) == later  # CloudFormation went back by itself

    monkeypatch.undo()
    released(stack, built, tmp_path)
    assert code(stack) == before
    for packet in (second, on_its_way):
        water.decides(packet)
        eventually(partial(is_issued, api, packet))
    for packet in (first, second, on_its_way):
        assert api.ledger(packet)["holds"]
        kinds = [notice["kind"] for notice in api.status(packet)["notices"]]
        assert kinds == ["accepted", "result"]
    assert _dead(connection) == dead


def _dead(connection: Connection) -> dict[str, int]:
    return {depth.queue: depth.messages for depth in deadletters.depths(connection, ["water"])}
