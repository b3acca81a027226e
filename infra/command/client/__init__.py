"""A client of a deployed stack: object storage, queues and the JSON API, as anybody outside would use them.

The `kaigong` command and the demo talk to the stack through this package alone.
"""

from .connection import Connection, connect
from .target import Target, locate, of_local

__all__ = ["Connection", "Target", "connect", "locate", "of_local"]
