"""The problem list and the risks of packets, for departments and for who sees all of them."""
