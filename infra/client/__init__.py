"""A client of a deployed stack: object storage, queues and the JSON API, as anybody outside would use them.

The `kaigong` command and the demo talk to the stack through this package alone.
"""

from .connection import Connection, connect
from .target import DEFAULT_STACK, Target, locate

__all__ = ["DEFAULT_STACK", "Connection", "Target", "connect", "locate"]
