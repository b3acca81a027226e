"""Verifying: whether a document is ours and still stands, and whether a packet's ledger is what it was."""
