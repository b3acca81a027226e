"""What a reader may do that a file has taken over: nothing but answer. Each power is tried from inside the child."""

import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kaigong.domain.model.facts import Limit
from kaigong.examine import confine, parent, pipeline, warm_up
from kaigong.examine.limits import Limits
from kaigong.examine.parent import Outcome
from kaigong.examine.source import Blocks

from tests.patience import PATIENCE

from . import reading_alone
from .misreaders import POWERS
from .reading_alone import UNCONFINED
from .test_examine import Memory

SMALL = 18_000  # KB
PATIENT = Limits(wall=PATIENCE)


def run(reader: str, **arguments: Any) -> Outcome:
    return reading_alone.run(reader, PATIENT, **arguments)


@pytest.mark.parametrize("power", POWERS)
def test_each_forbidden_thing_fails_and_the_reader_goes_on(power: str) -> None:
    outcome = run("pry", power=power, caller=os.getpid())
    assert (set(outcome.facts), outcome.limit) == ({"caller", "zygote"}, None)


def test_nothing_of_the_environment_is_left_nor_was_ever_there(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "AWS_SECRET_ACCESS_KEY"
    monkeypatch.setenv(key, "a-key-of-the-function")
    monkeypatch.setattr(parent, "_running", {})  # one that starts now
    try:
        assert run("look_for_keys", key=key).facts == {"seen": {}, "known": None}
        for process in parent._running.values():
            assert key.encode() not in Path(f"/proc/{process._pid}/environ").read_bytes()
    finally:
        for process in parent._running.values():
            process.end()
    assert os.environ[key] == "a-key-of-the-function"


def test_children_are_forked_from_a_process_that_has_nothing_of_ours() -> None:
    """No connection, no key, no paper: it is another program from its start."""
    assert warm_up()
    zygote = parent.zygote("pdf")._pid
    files = {int(path.name): os.readlink(path) for path in Path(f"/proc/{zygote}/fd").iterdir()}
    assert {number for number, what in files.items() if what != "/dev/urandom"} == {0, 1, 2, 3}
    loaded = Path(f"/proc/{zygote}/maps").read_text()
    assert "libqpdf" in loaded
    assert "_ssl.cpython" not in loaded  # nobody can speak to storage there
    assert "_pydantic_core" not in loaded  # nor is there more than reading needs
    assert "_codecs_" not in loaded
    status = Path(f"/proc/{zygote}/status").read_text()
    assert int(status.split("RssAnon:")[1].split()[0]) < SMALL  # each child takes it over page by page


def test_what_a_child_started_in_spite_of_all_ends_with_it() -> None:
    born = run("breed", readers=UNCONFINED).facts["pid"]
    try:
        os.waitpid(born, 0)  # where this process takes up orphans
    except ChildProcessError:
        while Path(f"/proc/{born}/stat").exists() and " Z " not in Path(f"/proc/{born}/stat").read_text():
            pass


def test_where_the_process_that_forks_dies_another_takes_its_place() -> None:
    first = parent.zygote("misreaders")._pid if run("say_done").facts else 0
    os.kill(first, 9)
    assert run("say_done") == Outcome({"done": True})
    assert parent.zygote("misreaders")._pid != first


def test_no_connection_stays_open_to_a_child_that_was_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []
    pair = socket.socketpair

    def noted(*kind: Any) -> tuple[socket.socket, socket.socket]:
        opened.extend(made := pair(*kind))
        return made

    def gone(*_: Any) -> None:
        raise parent._Gone

    monkeypatch.setattr(parent.socket, "socketpair", noted)
    monkeypatch.setattr(parent.Zygote, "fork", gone)
    assert run("say_done") == Outcome(limit=Limit.CRASH)
    assert opened
    assert all(each.fileno() == -1 for each in opened)


def test_what_a_reader_needs_is_loaded_before_its_time_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[set[str]] = []
    serving = parent._Serving

    def noted(*given: Any) -> Any:
        made.append(set(parent.zygote("others").loaded))
        return serving(*given)

    monkeypatch.setattr(parent, "_Serving", noted)
    with parent.Child(pipeline.SIGNED, Blocks(Memory(b"%PDF-"), PATIENT), PATIENT) as child:
        child.read(pipeline._SECOND)
    assert made == [made[0] | set(pipeline.SIGNED.modules)]


def test_a_file_during_which_it_dies_is_read_anew_but_not_for_ever() -> None:
    assert run("end_the_zygote", readers=UNCONFINED) == Outcome({}, Limit.CRASH)
    assert run("say_done", readers=UNCONFINED) == Outcome({"done": True})


def test_a_processor_or_kernel_without_the_filter_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert confine.can_be_confined()
    monkeypatch.setattr(confine.platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(confine, "_program", confine._program.__wrapped__)  # which is remembered
    assert not confine.can_be_confined.__wrapped__()


def test_an_alarm_looks_for_the_words_that_the_function_logs() -> None:
    words = "readers are not confined"
    root = Path(__file__).parents[2]
    assert f'logger.error("{words}")' in (root / "functions/kaigong/handlers/validate.py").read_text("utf-8")
    assert f'$.message = "{words}"' in (root / "template.yaml").read_text("utf-8")


def test_a_reader_that_may_have_threads_may_start_no_process() -> None:
    outcome = reading_alone.run("have_threads", replace(PATIENT, threads=True))
    assert (outcome.facts, outcome.limit) == ({"thread": True, "refused": True}, None)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_of_each_processor_is_a_program_that_the_kernel_could_take(machine: str) -> None:
    code = confine._filter(machine)
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096  # BPF_MAXINSNS


def test_a_reader_that_dies_by_its_own_signal_is_a_crash() -> None:
    assert run("read_a_null_pointer") == Outcome({"done": True}, Limit.CRASH)
