"""desk: the part of the HTTP API that officers work by: reviews of their department, and the answers to them.

It alone of what the internet reaches takes tasks from departments' queues and sends decisions.
"""

from typing import Any

from kaigong.portal.desk_app import answer


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    return answer(event)
