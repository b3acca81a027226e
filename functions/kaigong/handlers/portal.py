"""portal: answers the HTTP API and shows the pages: it reads, and puts what people do to a packet beside it.

What the API offers stands in `kaigong.contract.routes`; the desk's part of it is answered by `desk`.
"""

from typing import Any

from kaigong.portal.app import answer


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    return answer(event)
