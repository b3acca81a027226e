"""Sample papers of every material, and the city's case as a packet on disk."""

from .case import Case, acceptance_case, city_case, credit_record, draw, write_packet, write_supplement

__all__ = ["Case", "acceptance_case", "city_case", "credit_record", "draw", "write_packet", "write_supplement"]
