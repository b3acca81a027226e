"""The window and operations: find a packet, see what waits, do what is the window's own to do."""
