"""AWS on this machine: the real template, built and deployed by SAM CLI against an emulator that needs no container.

`up` and `down` are what the `kaigong` command and the tests call. Several stacks can be up at once, each with an
emulator, a port and data of its own under `.local/run/<stack>`.
"""

from .lifecycle import down, up
from .stack import Stack, User

__all__ = ["Stack", "User", "down", "up"]
