"""Supervision after the decision: who supervises, and what the enterprise answers."""
