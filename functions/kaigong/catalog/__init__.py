"""The city's catalogue: departments, matters, materials and processes as data files, and their loader."""

from .loader import DATA, SAMPLES, load, load_from, open_folder, with_calendar
from .problem import CatalogueError, Problem

__all__ = ["DATA", "SAMPLES", "CatalogueError", "Problem", "load", "load_from", "open_folder", "with_calendar"]
