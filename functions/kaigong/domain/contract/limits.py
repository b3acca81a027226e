"""How often one caller may do what costs much. All of it choice: generous for people, tight for programs that guess.

Behind these stands the throttling of API Gateway (template.yaml, `ApiStage`), which protects all from all.
"""

from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from kaigong.domain.model.text import Model


class Limit(Model):
    """So many calls within a fixed window of time, of one user, or of one address where nobody is signed in."""

    name: str
    calls: int
    seconds: int

    def window(self, now: datetime) -> int:
        """The number of the window that `now` lies in."""
        return int(now.timestamp()) // self.seconds

    def ends_at(self, now: datetime) -> datetime:
        """When the window ends that `now` lies in, and counting begins anew."""
        return datetime.fromtimestamp((self.window(now) + 1) * self.seconds, UTC)


def counted_address(address: str) -> str:
    """What is counted of a client's address. Of IPv6 the first half: whoever has one has all of the other."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return address if known.version == 4 else str(ip_network((known, 64), strict=False))


SIGN_IN = Limit(name="sign-in", calls=60, seconds=60)  # of an address; failures count on their own (lockout.py)
UPLOADS = Limit(name="uploads", calls=600, seconds=600)  # permits; a packet has some forty papers, a large scan parts
LETTERS = Limit(name="letters", calls=60, seconds=60)
ACTS = Limit(name="acts", calls=60, seconds=60)
PROGRESS = Limit(name="progress", calls=240, seconds=60)  # of an address; a page asks by itself, 20 times at most
RENEWALS = Limit(name="renewals", calls=120, seconds=60)  # of an address: of each session, one in an hour
BEGINNINGS = Limit(name="beginnings", calls=60, seconds=60)  # of applications
SEARCH = Limit(name="search", calls=60, seconds=60)
