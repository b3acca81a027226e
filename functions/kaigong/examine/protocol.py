"""How the parent, the process that children are forked from, and the children speak with each other."""

import struct

# Parent to child: the length of a command in JSON, and it. What it asks for: a length, and so many bytes.
LENGTH = struct.Struct("!Q")
# Child to parent: READ, start, end; HASH or EMIT, length, 0 and that many bytes of JSON; DONE, 0, 0.
SAID = struct.Struct("!cQQ")
READ, HASH, EMIT, DONE = b"R", b"H", b"E", b"D"
DIGESTS = frozenset(("sha1", "sha224", "sha256", "sha384", "sha512"))  # that the parent works out
MEMORY_EXIT = 86  # exit status of a child that ran out of its address space

# Parent to the process that children are forked from: requests in JSON of so many bytes; how a child is to end.
LONGEST = 64 * 1024
AT_ONCE, BY_ITSELF = b"0", b"1"

NOWHERE, CONTROL = 0, 3  # the numbers of /dev/null, and of that process's connection to the parent
