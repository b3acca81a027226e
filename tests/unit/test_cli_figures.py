"""`kaigong ops figures`: what it prints of the city, and of one process."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong import catalog
from kaigong.views.warnings import warnings
from typer.testing import CliRunner, Result

from infra.command import app, client
from infra.command.client.api import Api
from tests.city_figures import OFFICE, figures

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def portal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal answers with figures of 1,000 packets."""
    found = warnings(figures(1_000, NOW), (), NOW, catalog.load(), OFFICE)

    def get(_: Api, path: str) -> Any:
        assert path == "/api/warnings"
        return found.model_dump(mode="json")

    monkeypatch.setattr(Api, "_get", get)
    monkeypatch.setattr(client, "connect", lambda _: None)
    monkeypatch.setattr(Api, "__init__", lambda *_, **__: None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ops", "figures", *arguments], env={"COLUMNS": "200"})


def test_it_says_how_the_city_stands_and_why() -> None:
    found = run()
    assert found.exit_code == 0, found.output
    for said in (
        "1000",
        "已逾期 overdue",
        "即将到期 due soon",
        "时限暂停 clock paused",
        "最慢环节",
        "生产建设项目水土保持方案审批",
        "等得最久",
    ):
        assert said in found.stdout, found.stdout


def test_it_says_it_of_one_process_and_as_one_document() -> None:
    whole = json.loads(run("--json").stdout)
    one = json.loads(run("--process", "general", "--json").stdout)
    assert one["all"] == whole["by_process"]["general"] == one["by_process"]["general"]
    assert one["all"]["totals"]["taken"] < whole["all"]["totals"]["taken"] == 1000
    refused = run("--process", "nothing", "--json")
    assert refused.exit_code == 1
    assert "general" in json.loads(refused.stdout)["error"]["zh"]
