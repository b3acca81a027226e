"""How often one caller may do what costs much. All of it choice: generous for people, tight for programs that guess.

Behind these stands the throttling of API Gateway (template.yaml, `ApiStage`), which protects all from all.
"""

from datetime import UTC, datetime

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


SIGN_IN = Limit(name="sign-in", calls=60, seconds=60)  # of an address; failures count on their own (lockout.py)
UPLOADS = Limit(name="uploads", calls=600, seconds=600)  # permits; a packet has some forty papers, a large scan parts
LETTERS = Limit(name="letters", calls=60, seconds=60)
ACTS = Limit(name="acts", calls=60, seconds=60)
PROGRESS = Limit(name="progress", calls=120, seconds=60)  # of an address; the page asks again by itself
SEARCH = Limit(name="search", calls=60, seconds=60)
