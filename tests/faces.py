"""Which of the two functions that the internet reaches answers what, as the template's routes have it."""

import re
from functools import cache

from kaigong.portal import app, desk_app

from tests.stack import template

PAGES = (*app.PAGES, *desk_app.PAGES)


@cache
def _routes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Paths, and the functions that they lead to; `$default` is not among them."""
    integrations = template.by_type("AWS::ApiGatewayV2::Integration")
    found = []
    for route in template.by_type("AWS::ApiGatewayV2::Route").values():
        key = template.text(route["RouteKey"])
        integration = integrations[re.findall(r"\$\{(\w+)\}", template.text(route["Target"]))[0]]
        function = template.text(integration["IntegrationUri"]).removesuffix("Function").lower()
        if key == "$default":
            assert function == "portal"
            continue
        method, _, path = key.partition(" ")
        assert method == "ANY"
        found.append((re.compile(re.escape(path).replace(r"\{proxy\+\}", ".+")), function))
    return tuple(found)


def function_of(path: str) -> str:
    """The function that API Gateway hands a request for this path to."""
    return next((function for pattern, function in _routes() if pattern.fullmatch(path)), "portal")
