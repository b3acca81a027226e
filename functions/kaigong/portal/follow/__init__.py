"""Following a packet: where it is, its documents, what is done to it, and its public progress."""
