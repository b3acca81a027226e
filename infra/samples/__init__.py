"""Sample papers of every material, and the city's case as a packet on disk."""

from .case import Case, city_case, draw, write_packet, write_supplement

__all__ = ["Case", "city_case", "draw", "write_packet", "write_supplement"]
