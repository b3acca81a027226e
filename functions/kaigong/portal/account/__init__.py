"""Signing in and out, and the people of an enterprise."""
