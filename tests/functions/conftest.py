"""Handlers and store on moto, in one process."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from kaigong.store import catalogues
from moto import mock_aws

from . import world as worlds
from .pool import Pool

NewWorld = Callable[..., AbstractContextManager[worlds.World]]


@pytest.fixture(scope="package", autouse=True)
def issuer() -> Iterator[None]:
    """The portal asks the tests' issuer; elsewhere (tests/identity) it asks real ones."""
    with pytest.MonkeyPatch.context() as patch:
        Pool().patch(patch)
        yield


@pytest.fixture
def new_world(monkeypatch: pytest.MonkeyPatch) -> NewWorld:
    """Makes empty stacks, one after another."""
    from kaigong.handlers.observe import logger
    from kaigong.settings import settings
    from kaigong.store.clients import client

    worlds.prepare(monkeypatch)
    logger.setLevel("CRITICAL")

    @contextmanager
    def make(faults: worlds.Faults | None = None) -> Iterator[worlds.World]:
        settings.cache_clear()
        client.cache_clear()
        monkeypatch.setattr(catalogues, "_kept", set())  # what this process kept in another world
        with mock_aws():
            worlds.build()
            with worlds.watched(worlds.World(faults or worlds.Faults())) as world:
                yield world

    return make


@pytest.fixture
def world(new_world: NewWorld) -> Iterator[worlds.World]:
    """An empty stack."""
    with new_world() as world:
        yield world
