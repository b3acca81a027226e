"""The process that children are forked from: it has what readers need, and nothing else.

It is started with an empty environment and sees no key, no connection and no paper: what is forked from it has a copy
of nothing that is worth stealing, and is forked fast, because it is small. It never reads a file itself.
"""

import ctypes
import gc
import importlib
import json
import logging
import os
import resource
import select
import signal
import socket
import warnings
from collections.abc import Iterable
from contextlib import suppress

from . import heap
from .child import MOST_OPEN, live
from .confine import can_be_confined, forget_environment
from .limits import Limits
from .protocol import BY_ITSELF, CONTROL, LONGEST

_DYING = 2000  # ms that a child may take to end that has closed its connection
# Not Python's own fork: that has modules put themselves right in the child (threading, random, logging), which is a
# tenth of a child's work and for readers of one thread without meaning. Nothing else runs here while it forks.
_fork = ctypes.PyDLL(None).fork
_USES = 3  # of each reader before the first file: Python then has made its code ready, once for all children


def main() -> None:
    """Fork children until the parent is gone."""
    os.closerange(CONTROL + 1, MOST_OPEN)  # whatever the parent left open
    forget_environment()
    logging.disable(logging.CRITICAL)  # what libraries say of papers is nobody's
    with suppress(ConnectionError):
        _serve(socket.socket(fileno=CONTROL))


def _serve(control: socket.socket) -> None:
    """Load readers, and fork a child for each file, one after another; say what became of it."""
    warnings.simplefilter("ignore")
    _say(control, confined=can_be_confined())
    reserved, size = heap.reserve(), 0
    while True:
        message, connections, _, _ = socket.recv_fds(control, LONGEST, 1)
        if not message:
            return
        request = json.loads(message)
        if connections:
            _say(control, status=_one_life(control, connections[0], Limits(**request["limits"]), size))
        else:
            _load(request["modules"])
            size = _address_space() - reserved  # what a child takes of it is its own
            _say(control)


def _one_life(control: socket.socket, channel: int, limits: Limits, size: int) -> int:
    """Returns how the child ended, as `os.waitpid` tells it."""
    pid = _fork()
    if pid < 0:
        raise OSError("no child could be forked")
    if pid == 0:
        live(channel, limits, size)
    with suppress(ProcessLookupError):  # it has ended
        os.setpgid(pid, pid)  # whatever it may start ends with it
    os.close(channel)
    if control.recv(1) == BY_ITSELF:
        _wait_for(pid)
    os.killpg(pid, signal.SIGKILL)  # before its number is free again
    return os.waitpid(pid, 0)[1]


def _wait_for(pid: int) -> None:
    """Until it has ended, or had its time to: one that a file took over may do neither."""
    ending = os.pidfd_open(pid)
    waiting = select.poll()
    waiting.register(ending, select.POLLIN)
    waiting.poll(_DYING)
    os.close(ending)


def _load(modules: Iterable[str]) -> None:
    """Import readers and use each once, so that children find them ready: they could not open a library's files."""
    gc.disable()  # what is loaded stays: nothing to collect
    for name in modules:
        module = importlib.import_module(name)
        if warm_up := getattr(module, "warm_up", None):
            for _ in range(_USES):
                warm_up()
    gc.freeze()  # the collector leaves what is inherited alone, so that its pages stay shared
    gc.enable()


def _address_space() -> int:
    """Bytes of it that children inherit."""
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _say(control: socket.socket, **said: int) -> None:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(usage.ru_utime + usage.ru_stime for usage in both)
    control.send(json.dumps({"spent": spent, **said}).encode())
