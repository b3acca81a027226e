"""How often one caller may do something: so many calls within a fixed window of time."""

from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from .text import Model


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
