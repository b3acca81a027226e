"""Whatever call a function dies at, and whether its events come twice, in any order or never: the end is the same."""

import gc
import json
import os
import random
import re
import signal
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kaigong.handlers import watch
from kaigong.store import keys, packets

from tests.hours import LATER
from tests.patience import PATIENCE

from .conftest import NewWorld
from .figures import counters, miscounted
from .story import PACKET, play
from .world import ENVIRONMENT, Context, Faults, World, end_of

CHILDREN = os.cpu_count() or 2
STATUS = keys.status_key(PACKET)
ORDERS = int(
    os.environ.get("KAIGONG_ORDERS", "5")
)  # of events that are tried: always the same ones, or more and new ones
EVERY_DEATH = "KAIGONG_EVERY_DEATH" in os.environ


# What differs between two runs of which neither dies: times, and what is drawn at random.
CHANCE = re.compile(
    r"\d{4}-\d\d-\d\d(T|%3A)[\d:.]+(Z|[+-]\d\d:?\d\d)?"
    r"|(?<=at_us\": {\"N\": \")\d+"
    r"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"  # a version of storage
    r"|\b[0-9a-f]{64}\b"  # the ledger's hashes are of times too
    r"|(?<=\")(?=[\w-]*[A-Z])([\w-]{32}|[\w-]{43})(?=\")"  # the token of a progress link, of a reply
)


@dataclass(frozen=True)
class Calm:
    """The story when nothing goes wrong: all there is whenever the system is quiet, what counts at the end, and of how
    many items of each kind the stream told.
    """

    states: list[list[str]]
    end: dict[str, Any]
    told: Counter[str]

    def took_over(self, world: World, number: int) -> bool:
        """Whether all there is now is what was there when the calm system was quiet for the n-th time."""
        return self.states[number : number + 1] == [_all_there_is(world)]


@pytest.fixture
def calm(new_world: NewWorld) -> Calm:
    """Played once a process: it comes out the same."""
    if not _CALM:
        _CALM.append(_played_calmly(new_world))
    return _CALM[0]


_CALM: list[Calm] = []


def _played_calmly(new_world: NewWorld) -> Calm:
    told: Counter[str] = Counter()
    with new_world(Faults(lose=lambda sk: told.update([keys.kind_of(sk)]) is not None)) as world:
        states: list[list[str]] = []
        play(world, lambda _: states.append(_all_there_is(world)))
        return Calm(states, end_of(world, PACKET), told)


def _all_there_is(world: World) -> list[str]:
    """Whatever can make a difference to what comes: the table, what lies in storage, what departments were sent."""
    packet = packets.load(PACKET)
    table = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    table = [item for item in table if item["pk"]["S"] != keys.SWEEP["pk"]]  # how far the watch has come
    # Into which shards and in how many turns it was counted may differ, what it comes to may not.
    table = [item for item in table if item["sk"]["S"] != keys.COUNTED and not item["pk"]["S"].startswith("FIGURES")]
    stored = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"])["Versions"]
    found = [
        packet.model_dump_json(exclude={"submissions"}),
        *(submission.model_dump_json() for submission in packet.submissions.values()),
        *(json.dumps({name: v for name, v in item.items() if "B" not in v}, sort_keys=True) for item in table),
        *(version["Key"] for version in stored if version["Key"] != STATUS),  # there the newest counts
        *(json.dumps(task, sort_keys=True) for task in world.tasks if not task.get("answered")),
        *(json.dumps(function) for function, records in world.waiting.items() if records),
        json.dumps([counters(), miscounted()], sort_keys=True),
    ]
    answered = {CHANCE.sub("", json.dumps(task, sort_keys=True)) for task in world.tasks if task.get("answered")}
    return sorted([*answered, *(CHANCE.sub("", one) for one in found)])


class Lives:
    """Runs the story once; after every call that changed something, a copy of the process goes on as the one that died.

    Between two changes nothing lasts of what a function does, so one life stands for every moment until the next
    change: before it, and around the reads between. KAIGONG_EVERY_DEATH=1 lives them all one by one. Forking at the
    call saves playing the story again from its start: moto's state is in the process. A life that has come to where
    the calm story was, in everything that there is, goes on as that did, and need not be lived to its end.
    """

    def __init__(self, folder: Path, calm: Calm) -> None:
        self.folder = folder
        self.calm = calm
        self.running: dict[int, tuple[str, int]] = {}
        self.name: tuple[str, int] | None = None  # in a copy: where it died
        self.lived = 0
        self.changes = 0
        self.world: World | None = None

    def at(self, moment: str, call: int, changes: bool) -> None:
        """A moment at which the function may die: `before` or `after` a call, which may change something."""
        changed = changes and moment == "after"
        self.changes += changed
        if self.name is not None or not (changed or EVERY_DEATH):
            return
        while len(self.running) >= CHILDREN:
            self._reap()
        pid = os.fork()
        if pid:
            self.running[pid] = (moment, call)
            return
        self.name = (moment, call)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(PATIENCE))
        assert self.world is not None
        self.world.death = (call, moment)

    def _reap(self) -> None:
        pid = next(iter(self.running))  # by its number: the process may have other children, a browser for example
        _, status = os.waitpid(pid, 0)
        moment, call = self.running.pop(pid)
        self.lived += 1
        if status:
            (self.folder / f"{call}-{moment}").touch()

    def all_reaped(self) -> None:
        while self.running:
            self._reap()

    def quiet(self, number: int) -> None:
        """The system is quiet for the n-th time: this life is over when nothing is left of its death."""
        if self.name is None or self.world is None or EVERY_DEATH:
            return
        if self.calm.took_over(self.world, number):
            self.end("")

    def end(self, difference: str) -> None:
        """A copy is at its end: leave word of what differs, if anything."""
        if self.name is not None:
            if difference:
                call = self.world.calls[self.name[1]] if self.world else ""
                (self.folder / f"{self.name[1]}-{self.name[0]}").write_text(f"{call}\n{difference}")
            os._exit(0)


def test_a_function_may_die_before_or_after_any_call(calm: Calm, new_world: NewWorld) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lives = Lives(Path(folder), calm)
        try:
            with new_world(Faults(fork=lives.at)) as world:
                lives.world = world
                gc.freeze()  # copies share this memory; a collection would write to all of it
                gc.disable()
                play(world, lives.quiet)
                end = end_of(world, PACKET)
        except BaseException:
            if lives.name is not None:
                lives.end(traceback.format_exc())
            raise
        lives.end(_difference(calm.end, end))
        lives.all_reaped()
        gc.enable()
        gc.unfreeze()
        failures = {path.name: path.read_text() for path in sorted(Path(folder).iterdir())}
        assert end == calm.end
        assert not world.again  # nothing failed where nothing died
        assert not failures, "\n\n".join(f"{name}: {text}" for name, text in failures.items())
        assert lives.lived == (2 * len(world.calls) if EVERY_DEATH else lives.changes) > 60


def _difference(expected: dict[str, Any], found: dict[str, Any]) -> str:
    return "\n".join(f"{k}: {expected[k]} != {found[k]}" for k in expected if expected[k] != found[k])


def test_every_event_may_come_twice(calm: Calm, new_world: NewWorld) -> None:
    with new_world(Faults(twice=True)) as world:
        play(world)
        assert end_of(world, PACKET) == calm.end


# What other functions note for `advance`, and `advance` for `dispatch`; the stream tells of each.
FACTS = (keys.SUBMISSION, keys.DECISION, keys.PROCEDURE, keys.REVOCATION, keys.ACT, keys.ISSUED, keys.OUTBOX)
FACTS += (keys.HEADER, keys.SUPERVISION)  # by which packets are counted


class Losing:
    """Loses the stream's event of the n-th item of a kind."""

    def __init__(self, kind: str, number: int) -> None:
        self.kind, self.number, self.seen = kind, number, 0

    def __call__(self, sk: str) -> bool:
        mine = keys.kind_of(sk) == self.kind
        self.seen += mine
        return mine and self.seen == self.number


def test_an_event_of_any_fact_may_never_come(calm: Calm, new_world: NewWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LATER)
    monkeypatch.setattr(watch, "FINISHED_EVERY", 1)  # test_watch.py looks after the others
    for kind, number in ((fact, n) for fact in FACTS for n in sorted({1, calm.told[fact]})):
        losing = Losing(kind, number)
        with new_world(Faults(lose=losing)) as world:
            try:
                play(world, partial(_looked_after, world, losing, calm))
            except Healed:
                continue
            assert losing.seen >= number, kind
            assert end_of(world, PACKET) == calm.end, f"{kind} {number}"


class Healed(Exception):
    """Nothing is left of the loss: from here on the story goes as the calm one went."""


def _looked_after(world: World, losing: Losing, calm: Calm, number: int) -> None:
    """Nobody does anything for a while: the watch runs, once something is lost."""
    if losing.seen < losing.number:
        return
    with world.inside("watch"):
        watch.handler({}, Context())
    world.run()
    if calm.took_over(world, number):
        raise Healed


@settings(
    max_examples=ORDERS,
    derandomize="KAIGONG_ORDERS" not in os.environ,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # a story takes seconds: finding a failure matters more than the shortest one
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(seed=st.integers(0, 2**32), twice=st.booleans())
def test_events_may_come_in_any_order(seed: int, twice: bool, calm: Calm, new_world: NewWorld) -> None:
    faults = Faults(shuffle=random.Random(seed), twice=twice)  # noqa: S311 - a repeatable order is the point
    with new_world(faults) as world:
        play(world)
        assert end_of(world, PACKET) == calm.end
