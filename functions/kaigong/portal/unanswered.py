"""How whoever answers a request says no."""

from collections.abc import Mapping

from kaigong.contract import problems
from kaigong.domain.model.text import Text


class Unanswered(Exception):
    """The request ends in a problem."""

    def __init__(
        self, kind: problems.ProblemKind, detail: Text | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind.code)
        self.problem = kind.problem(detail)
        self.headers = dict(headers or {})
