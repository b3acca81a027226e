"""`kaigong problems` and `kaigong exchange`: what they ask, what they write, and how they end."""

import csv
import hashlib
import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from kaigong.domain.model.daily import DayAsked, ExchangeFile
from kaigong.domain.model.problems import Counted, Day
from kaigong.views.exchange import ExchangeManifest
from kaigong.views.problems import problem_list
from typer.testing import CliRunner, Result

from infra.command import app, client
from infra.command.client import exchange
from infra.command.client.api import Api

from .building import CATALOGUE

DAY = date(2026, 3, 6)
LINE = b'{"dfsjzj": "p.soil"}\n'
KEY = "exchange/day=2026-03-06/run=r/table=spgl_xmspsxblxxb/part-00000.jsonl"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_list_is_asked_for_shown_and_kept_as_a_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cells = (("soil", Counted.BROKEN, "", "AAA", 3), ("soil", Counted.REFUSED, "locked", "AAA", 1))
    found = problem_list("water", DAY, DAY, [Day(department="water", day=DAY, cells=cells)], CATALOGUE)
    asked: list[str] = []

    def get(_: Api, path: str) -> dict[str, Any]:
        asked.append(path)
        return found.model_dump(mode="json") if "risk" not in path else {"packet": "P", "risk": row["risk"]}

    monkeypatch.setattr(client, "connect", lambda _: None)
    monkeypatch.setattr(Api, "_get", get)
    row = found.model_dump(mode="json")["rows"][0]
    table = tmp_path / "list.csv"
    shown = run("problems", "list", "--department", "water", "--first", "2026-03-01", "--csv", table)
    assert shown.exit_code == 0, shown.output
    assert asked == ["/api/problems?department=water&first=2026-03-01"]
    assert "提高该事项的抽查比例" in shown.stdout
    with table.open(encoding="utf-8-sig") as lines:
        assert {line["what"] for line in csv.DictReader(lines)} == {"broken", "refused"}
    assert "+4" in run("problems", "risk", "P").stdout
    assert run("problems", "list", "--department", "nobody").exit_code == 2


class Bucket:
    """Object storage and the queue of `daily`, which does what it is asked at once."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {KEY: LINE}
        self.asked: list[DayAsked] = []
        self.target = self
        self.bucket = "papers"

    def client(self, _: str) -> "Bucket":
        return self

    def queue_url(self, name: str) -> str:
        return name

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: ARG002 - as boto3 calls it
        if Key not in self.kept:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": ""}}, "GetObject")
        return {"Body": BytesIO(self.kept[Key])}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        assert QueueUrl == "daily"
        asked = DayAsked.model_validate_json(MessageBody)
        self.asked.append(asked)
        name = "manifest"
        if asked.failed:
            [(_, run_)] = exchange.resends(asked.day, asked.failed)
            name = f"resend-{run_}"
        sha256 = hashlib.sha256(LINE).hexdigest()
        told = ExchangeManifest(
            day=asked.day,
            region="411400",
            run=name.removeprefix("resend-"),
            resend=bool(asked.failed),
            packets=1,
            files=(ExchangeFile(table="spgl_xmspsxblxxb", key=KEY, rows=1, size=len(LINE), sha256=sha256),),
            made_at=datetime.now(UTC),
        )
        self.kept[f"exchange/day={asked.day}/{name}.json"] = told.model_dump_json(by_alias=True).encode()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(client, "connect", lambda _: made)
    return made


def test_a_day_is_told_once_and_again_where_that_is_asked_for(bucket: Bucket, tmp_path: Path) -> None:
    assert run("exchange", "show", "--day", "2026-03-06").exit_code == 1
    done = run("exchange", "export", "--day", "2026-03-06", "--to", tmp_path, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["manifests"][0]["files"][0]["rows"] == 1
    assert (tmp_path / KEY.removeprefix("exchange/")).read_bytes() == LINE
    assert (tmp_path / "day=2026-03-06" / "manifest.json").exists()
    assert run("exchange", "export", "--day", "2026-03-06").exit_code == 0
    assert bucket.asked == [DayAsked(day=DAY)]
    assert run("exchange", "export", "--day", "2026-03-06", "--again").exit_code == 0
    assert bucket.asked[1:] == [DayAsked(day=DAY, again=True)]
    assert run("exchange", "show", "--day", "2026-03-06").exit_code == 0


def test_a_file_that_is_not_what_the_manifest_says_is_refused(bucket: Bucket, tmp_path: Path) -> None:
    run("exchange", "export", "--day", "2026-03-06")
    bucket.kept[KEY] += b"{}\n"
    assert run("exchange", "show", "--day", "2026-03-06", "--to", tmp_path).exit_code == 1


def test_a_day_that_is_not_done_in_time_says_where_to_look(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "send_message", lambda **_: None)
    found = run("exchange", "export", "--day", "2026-03-06", "--wait", "0")
    assert found.exit_code == 1
    assert "kaigong exchange show --day 2026-03-06" in found.stderr


def test_refused_rows_are_sent_again(bucket: Bucket, tmp_path: Path) -> None:
    table = tmp_path / "refused.csv"
    table.write_text("dfsjzj,sbyy\np-1.soil,缺少审批部门\n", "utf-8-sig")
    assert run("exchange", "resend", table, "--day", "2026-03-06").exit_code == 0
    assert bucket.asked == [DayAsked(day=DAY, failed={"p-1.soil": "缺少审批部门"})]
    for wrong in ("a,b\n1,2\n", "dfsjzj,sbyy\n", "dfsjzj,sbyy\n=1+1,x\n"):
        table.write_text(wrong, "utf-8")
        refused = run("exchange", "resend", table, "--day", "2026-03-06")
        assert (refused.exit_code, "dfsjzj" in refused.stderr) == (1, True)
    assert len(bucket.asked) == 1
