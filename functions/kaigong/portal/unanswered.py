"""How whoever answers a request says no."""

from collections.abc import Mapping

from kaigong.contract import problems
from kaigong.domain.model.text import Text
from kaigong.errors import Refused


class Unanswered(Refused):
    """The request ends in a problem."""

    def __init__(
        self, kind: problems.ProblemKind, detail: Text | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.problem = kind.problem(detail)
        super().__init__(self.problem.zh, self.problem.en)
        self.headers = dict(headers or {})

    @property
    def text(self) -> Text:
        """What people are told."""
        return Text(zh=self.zh, en=self.en)

    def __str__(self) -> str:
        return self.problem.code
