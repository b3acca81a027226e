"""Packets on the deployed stack while things go wrong: `make load` with few of them."""

import pytest

from infra.local import Stack
from tests.load.__main__ import OWN, Load


@pytest.mark.usefixtures("desks")
def test_every_packet_is_decided_exactly_once_whatever_goes_wrong(stack: Stack) -> None:
    load = Load(stack, 6, seed=1, killing=20)
    before = {queue: load.dead_letters(queue) for queue in OWN}
    found = load.run()
    assert found["wrong"] == {}
    assert sum(found["killed"].values()) > 0
    assert {queue: load.dead_letters(queue) for queue in OWN} == before
