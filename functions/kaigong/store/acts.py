"""What people do to a packet: each act an item of its own, written once. `advance` looks at them."""

from kaigong.domain.model.packet import Act

from . import keys
from .items import LATER, dump, put_once


def record(packet: str, act: Act) -> Act | None:
    """Keep the first act of its name. Returns the one that was there before, if any; then nothing is written."""
    old = put_once(packet, keys.act_sk(act.name), dump(act))
    return Act.model_validate(old, extra=LATER) if old else None
