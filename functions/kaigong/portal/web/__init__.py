"""Requests and their answers, whatever is asked for: no area of the portal is known here."""
