"""How the keys begin that infra reads and erases by, of the table and of object storage.

`store/keys` spells all of them, and is no part of what a client may know; a test holds these against it.
"""

from datetime import date

# partitions of the table
PACKET, DRAFT, SUPERVISION, PHOTOS, BENEFIT = "PACKET#", "DRAFT#", "SUPERVISION#", "PHOTOS#", "BENEFIT#"
OF_PACKET = (PACKET, DRAFT, SUPERVISION, PHOTOS, BENEFIT)  # that are about one packet

# items of a packet
HEADER = "HEADER"
LEDGER = "~LEDGER"  # with or without orders
UPLOAD, OLD_UPLOAD = "UPLOAD#", "~OLD#UPLOAD#"
MAIL_TO, LEASE, ANSWERING = "~OLD#MAIL-TO#", "~OLD#LEASE#", "~OLD#ANSWERING#"
REMARK = "~OLD#REMARK#"

# object storage
PAPERS, COPIES, ISSUED = "packets/", "shown/", "issued/"
EXCHANGE, EVENTS, ANCHORS = "exchange/", "events/v1/", "anchors/"


def exchange_manifest(day: date, resent: str = "") -> str:
    """Of a day; of rows that are sent again, by the run that made them."""
    return f"{EXCHANGE}day={day.isoformat()}/{f'resend-{resent}' if resent else 'manifest'}.json"


def anchor_part(number: int, index: int, root: str) -> str:
    return f"parts/{number:08}/{index:05}-{root}.json"
