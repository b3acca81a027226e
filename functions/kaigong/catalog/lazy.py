"""Entries that are read when they are first asked for.

A function handles one packet: some ten of the city's 2,147 matters. To make an entry of each would cost several times
what parsing the files costs, in time and in memory, at every cold start.
"""

from collections.abc import Callable, Iterator, Mapping

from kaigong.domain.model.catalogue import Code


class Lazy[R, T](Mapping[Code, T]):
    """A mapping over raw values. `read` makes an entry of its code and its raw value, once, when it is asked for."""

    def __init__(self, raw: Mapping[Code, R], read: Callable[[Code, R], T]) -> None:
        self._raw, self._read = raw, read
        self._made: dict[Code, T] = {}

    def __getitem__(self, code: Code) -> T:
        if code not in self._made:
            self._made[code] = self._read(code, self._raw[code])
        return self._made[code]

    def __contains__(self, code: object) -> bool:
        return code in self._raw

    def __iter__(self) -> Iterator[Code]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)
