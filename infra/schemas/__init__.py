"""Generates schemas/: the contracts that others code against, from the models."""
