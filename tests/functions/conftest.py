"""Handlers and store on moto, in one process."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from . import world as worlds


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[worlds.World]:
    """An empty stack."""
    from kaigong.handlers import validate
    from kaigong.settings import settings
    from kaigong.store.clients import client

    for name, value in worlds.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(validate, "examine", worlds.canned)
    settings.cache_clear()
    client.cache_clear()
    with mock_aws():
        worlds.build()
        with worlds.watched(worlds.World()) as world:
            yield world
    settings.cache_clear()
    client.cache_clear()
