"""portal: answers the HTTP API: it reads, and puts what people do to a packet beside it. What it offers stands in
`kaigong.contract.routes`.
"""

from typing import Any

from kaigong.portal.api import app


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
