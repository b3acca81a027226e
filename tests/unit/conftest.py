"""Unit tests reach no network, and property tests give the same answer on every run."""

import os
import socket
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from kaigong.examine import pipeline

from tests.patience import PATIENCE

# A run is reproducible; `KAIGONG_HYPOTHESIS_EXAMPLES=2000` looks further, with fresh examples each time.
EXAMPLES = os.environ.get("KAIGONG_HYPOTHESIS_EXAMPLES")
settings.register_profile(
    "ci",
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("more", settings.get_profile("ci"), max_examples=int(EXAMPLES or 40), derandomize=False)
settings.load_profile("more" if EXAMPLES else "ci")


@pytest.fixture(scope="session", autouse=True)
def no_hurry() -> Iterator[None]:
    """A file is judged by what it does to its readers, not by how long a busy machine takes to read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "Limits", partial(pipeline.Limits, wall=PATIENCE))
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any attempt to connect fails the test that makes it."""

    def refuse(_: socket.socket, address: object) -> None:
        raise AssertionError(f"a unit test tried to connect to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
