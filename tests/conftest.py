"""A deployed stack for the tests that need one.

All workers of a run share it, so a test makes packets of its own and does not count what others may have made. Review
queues know no packet: a test whose packet gets that far asks for `desks`, and has them to itself.
`xdist_group` cannot put them into one worker: pytest 9.2 does not read the id in which pytest-xdist 3.8 notes the
group.

`KAIGONG_TEST_STACK=mine` tries the tests on a stack of that name, which stays up for the next run;
`python -m infra.local down --stack mine --forget` takes it down.
"""

import os
from collections.abc import Iterator
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from typing import IO

import pytest

from infra.local import Stack, down, paths, up

NAMED = os.environ.get("KAIGONG_TEST_STACK")
NAME = NAMED or "kaigong-test"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that take turns come first, those of the one browser before the others: pytest-xdist deals halves and moves
    tests from the end of one to a worker that has none left, so that one worker has them all and none waits.
    """
    items.sort(key=lambda item: ("browser" not in item.path.parts, "desks" not in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The real template on local AWS. The first worker that asks brings it up; the last one out takes it down."""
    paths.RUNS.mkdir(parents=True, exist_ok=True)
    with (paths.RUNS / f"{NAME}.users").open("w") as users:
        if not NAMED and _alone(users):
            down(NAME, forget=True)  # what an interrupted run left behind
        flock(users, LOCK_SH)
        yield up(NAME)
        flock(users, LOCK_UN)
        if not NAMED and _alone(users):
            down(NAME, forget=True)


@pytest.fixture
def desks(stack: Stack) -> Iterator[None]:
    """The departments' review queues, empty and for this test alone."""
    with (paths.RUNS / f"{NAME}.desks").open("w") as desks:
        flock(desks, LOCK_EX)
        yield
        for name, url in stack.queues.items():
            if name.startswith("review-"):
                stack.client("sqs").purge_queue(QueueUrl=url)


def _alone(users: IO[str]) -> bool:
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
