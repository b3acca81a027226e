"""A deployed stack for the tests that need one, and which worker runs which tests.

Two workers of a run have a stack of their own, both deployed from one build: that of the pages and that of the other
tests. A third stack would cost more than a third pair of hands saves. What a test finds there is what the tests before
it left. Those make packets of their own and do not count what others made; a test whose packet gets to the departments
asks for `desks`, because a department's queue knows no packet.

`KAIGONG_TEST_STACK=mine` tries the tests on stacks of that name, which stay up for the next run;
`python -m infra.local down --stack mine --forget` takes one down.
"""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from infra.local import Stack, down, up

from .rest import comes_to_rest, is_read_by_others

KEPT = os.environ.get("KAIGONG_TEST_STACK")
NAME = "-".join(filter(None, (KEPT or "kaigong-test", os.environ.get("PYTEST_XDIST_WORKER"))))
SHARED = ("stack", "browser")  # folders of which the tests share a stack: each is one worker's
ONE_BY_ONE = ("die_anywhere", "deploy", "template", "locks")  # files without a stack whose tests take long


class ByStack(LoadScopeScheduling):
    """Deals workers the tests by what they share: a stack, or what a file has made once for its tests. What takes
    longest goes first, so that no long test comes last.
    """

    def _split_scope(self, nodeid: str) -> str:
        return dealt_with(nodeid)


def dealt_with(nodeid: str) -> str:
    """The name of the tests that one worker runs one after another, this one among them."""
    path = nodeid.partition("::")[0]
    if _name(path) in ONE_BY_ONE:
        return nodeid
    folder = path.split("/")[1]
    return folder if folder in SHARED else path


def _name(path: str) -> str:
    return path.rpartition("/test_")[2].removesuffix(".py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByStack:
    config.option.loadscopereorder = False  # the order is ours
    return ByStack(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            assert dealt_with(item.nodeid) in SHARED, f"{item.nodeid} would have one stack more made"


def pytest_collection_finish() -> None:
    """What the functions' package does at the first look for garbage is over before Hypothesis looks for who holds its
    random numbers, which it does not find among what is left alone.
    """
    importlib.import_module("kaigong.handlers")
    gc.collect()
    gc.unfreeze()
    gc.set_threshold(2_000, 10, 100)  # there are half a million objects that stay: a look at all of them takes 0.3 s


def pytest_unconfigure() -> None:
    """The processes that read papers for this one end with it, and with them what is open to them."""
    if parent := sys.modules.get("kaigong.examine.parent"):
        for each in parent._running.values():
            each.end()
        parent._running.clear()


def _place(item: pytest.Item) -> tuple[int, bool]:
    path = item.nodeid.partition("::")[0]
    dealt = dealt_with(item.nodeid)
    if dealt in SHARED:
        return SHARED.index(dealt), "story" not in path
    return 2 if _name(path) in ONE_BY_ONE else 4 if "/unit/" in path else 3, False


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The real template on local AWS."""
    if not KEPT:
        down(NAME, forget=True)  # what an interrupted run left behind
    try:
        yield up(NAME)
    finally:
        if not KEPT:
            down(NAME, forget=True)


@pytest.fixture
def desks(stack: Stack) -> Iterator[None]:
    """The departments' review queues, empty. What a test leaves in them goes, once nothing more is on its way there."""
    yield
    comes_to_rest(stack)
    for name, url in stack.queues.items():
        if is_read_by_others(name) and not name.endswith("-dlq"):
            stack.client("sqs").purge_queue(QueueUrl=url)
