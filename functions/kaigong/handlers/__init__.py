"""One thin file for each function.

What a function loads as it starts stays until it ends. To look it through for garbage again and again while it grows
takes a tenth of the start: so the first look comes when the start is over, leaves alone what is there by then, and
later ones come as usual.
"""

import gc
from typing import Any

_LOADED = 250_000  # objects that are followed; no function's start makes as many
_USUAL = gc.get_threshold()


def _started(*_: Any) -> None:
    gc.callbacks.remove(_started)
    gc.freeze()
    gc.set_threshold(*_USUAL)


gc.callbacks.append(_started)
gc.set_threshold(_LOADED)
