"""The city's catalogue: departments, matters, materials and processes as data files, and their loader."""

from .checks import Problem
from .loader import DATA, SAMPLES, CatalogueError, load, load_from

__all__ = ["DATA", "SAMPLES", "CatalogueError", "Problem", "load", "load_from"]
