"""Applying: drawing an application up, its letters and uploads, handing it in."""
