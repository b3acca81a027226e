"""Stacks of accounts, and a client of whatever issuer says who people are (`client`)."""
