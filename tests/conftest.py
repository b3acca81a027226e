"""A deployed stack for the tests that need one.

Each worker of a run has one of its own, all deployed from one build: nobody waits for another, and what a test finds
there is what the tests before it left. Those make packets of their own and do not count what others made; a test whose
packet gets to the departments asks for `desks`, because a department's queue knows no packet.

`KAIGONG_TEST_STACK=mine` tries the tests on stacks of that name, which stay up for the next run;
`python -m infra.local down --stack mine --forget` takes one down.
"""

import os
from collections.abc import Iterator

import pytest

from infra.local import Stack, down, up

from .patience import eventually
from .rest import is_at_rest, is_read_by_others

KEPT = os.environ.get("KAIGONG_TEST_STACK")
NAME = "-".join(filter(None, (KEPT or "kaigong-test", os.environ.get("PYTEST_XDIST_WORKER"))))
FIRST = "test_load.py"  # it mostly waits: the other workers have both cores meanwhile
KINDS = ("browser", "stack", "functions", "unit")  # in this order: what waits most begins first
LONGEST = ("test_deploy.py", "test_local.py", "test_template.py", "test_die_anywhere.py")  # between stack and functions


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-xdist deals each worker one stretch of the tests, and gives a worker that has none left half of what
    another still has, from its end: tests that only compute go beside those that wait, and no long test comes last.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[float, bool]:
    kind, name = item.path.parent.name, item.path.name
    if name == FIRST:
        return -1, False
    return 1.5 if name in LONGEST else KINDS.index(kind), "story" not in name


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
    eventually(lambda: is_at_rest(stack))
    for name, url in stack.queues.items():
        if is_read_by_others(name) and not name.endswith("-dlq"):
            stack.client("sqs").purge_queue(QueueUrl=url)
