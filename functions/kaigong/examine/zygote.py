"""The process that children are forked from: it has what readers need, and nothing else.

It is started with an empty environment and sees no key, no connection and no paper: what is forked from it has a copy
of nothing that is worth stealing, and is forked fast, because it is small. It never reads a file itself.
"""

import codecs
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import warnings
from collections.abc import Iterable
from contextlib import suppress

from .child import live, own_group
from .confine import can_be_confined
from .limits import Limits

CONTROL = 3  # the number of its connection to `parent`
LONGEST = 64 * 1024  # bytes of a message
AT_ONCE, BY_ITSELF = b"0", b"1"  # how a child is to end
_DYING = 2000  # ms that a child may take to end that has closed its connection
_USES = 3  # of each reader before the first file: Python then has made its code ready, once for all children
_ENCODINGS = (
    "ascii latin-1 cp1252 mac-roman charmap cp437 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 gb18030 gbk gb2312 hz "
    "big5 big5hkscs cp950 shift_jis cp932 euc_jp iso2022_jp euc_kr cp949"
)


def main() -> None:
    """Fork children until the parent is gone."""
    os.closerange(CONTROL + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])  # whatever the parent left open
    with suppress(ConnectionError):
        _serve(socket.socket(fileno=CONTROL))


def _serve(control: socket.socket) -> None:
    """Load readers, and fork a child for each file, one after another; say what became of it."""
    for name in _ENCODINGS.split():  # of text in papers and names of files: each is a file that is read when first used
        codecs.lookup(name)
    warnings.simplefilter("ignore")
    _say(control, confined=can_be_confined())
    while True:
        message, connections, _, _ = socket.recv_fds(control, LONGEST, 1)
        if not message:
            return
        request = json.loads(message)
        if connections:
            _say(control, status=_one_life(control, connections[0], Limits(**request["limits"])))
        else:
            _load(request["modules"])
            _say(control)


def _one_life(control: socket.socket, channel: int, limits: Limits) -> int:
    """Returns how the child ended, as `os.waitpid` tells it."""
    pid = os.fork()
    if pid == 0:
        live(channel, limits)
    own_group(pid)
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
    for name in modules:
        module = importlib.import_module(name)
        if warm_up := getattr(module, "warm_up", None):
            for _ in range(_USES):
                warm_up()
    gc.collect()
    gc.freeze()  # the collector leaves what is inherited alone, so that its pages stay shared


def _say(control: socket.socket, **said: int) -> None:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(usage.ru_utime + usage.ru_stime for usage in both)
    control.send(json.dumps({"spent": spent, **said}).encode())
