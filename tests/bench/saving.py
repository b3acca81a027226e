"""What it asks of AWS to save the form of an application while somebody types, and to look at what would come of it.

The page's script saves as here: the whole form, every time. One round before warms the function up, so that neither
the user pool's keys nor a first connection count. `python -m tests.bench.saving` measures this alone.
"""

import re
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from infra.local import Stack, down, up
from tests.signing_in import cookies_of

from .counting import Counter, Request, counting
from .functions import Functions
from .scenario import Wrong, case

PORTAL = "portal"  # the function that is asked


@dataclass(frozen=True)
class Saving:
    """The portal's requests to AWS, by service and operation."""

    save: dict[str, int]  # one save of the form
    ahead: dict[str, int]  # one look at what would come of handing in


def saving(stack: Stack, counter: Counter) -> Saving:
    """Draw an application up, and save its form once more. Raises Wrong where the portal refuses."""
    form = _Form(stack)
    form.save("试测项目")
    form.look()
    first = len(counter.requests())
    form.save("性能测量项目")
    then = len(counter.requests())
    form.look()
    requests = counter.requests()
    return Saving(save=_tally(requests[first:then]), ahead=_tally(requests[then:]))


def _tally(requests: Iterable[Request]) -> dict[str, int]:
    return dict(sorted(Tally(f"{r.service} {r.operation}" for r in requests if r.caller == PORTAL).items()))


class _Form:
    """The form of a new application, as its page's script sends it."""

    def __init__(self, stack: Stack) -> None:
        self._http, self._home = urllib3.PoolManager(), stack.portal_url.rstrip("/")
        token, parts = stack.token("applicant"), urlsplit(stack.portal_url)
        self._headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies_of(stack, "applicant").items()),
            "Authorization": f"Bearer {token}",
            "Origin": f"{parts.scheme}://{parts.netloc}",
            "HX-Request": "true",
        }
        self._matters = case().matters
        asked = {"process": case().process, "matters": self._matters}
        answer = self._ask("POST", "/api/drafts", json=asked)
        self._packet, self._version = str(answer.json()["packet"]), int(answer.json()["version"])
        page = self._ask("GET", f"/apply/{self._packet}").data.decode()
        self._key = re.findall(r'name="form-key" value="([^"]+)"', page)[0]

    def save(self, name: str) -> None:
        fields = [
            ("form-key", self._key),
            ("version", str(self._version)),
            ("enterprise.name", case().enterprise.name),
            ("project.name", name),
            ("project.code", case().project.code or ""),
            *(("matters", matter) for matter in self._matters),
        ]
        self._ask("POST", f"/apply/{self._packet}/save", fields=fields, encode_multipart=False)
        self._version += 1

    def look(self) -> None:
        self._ask("GET", f"/apply/{self._packet}/state")

    def _ask(self, method: str, path: str, **more: object) -> urllib3.BaseHTTPResponse:
        answer = self._http.request(method, self._home + path, headers=self._headers, redirect=False, **more)
        if answer.status >= 300:
            raise Wrong(f"{path} 应答 {answer.status}。", f"{path} answers {answer.status}.")
        return answer


def lines(found: Saving) -> list[str]:
    """What people read of it."""
    told = ((f"{sum(asked.values())}（{_told(asked)}）") for asked in (found.save, found.ahead))
    saved, ahead = told
    return [
        f"保存一次申请表，门户的请求 / the portal's requests for one save of the form: {saved}; "
        f"看一次“现在提交会怎样” / for one look at what would come of it: {ahead}"
    ]


def _told(asked: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in asked.items())


def main() -> None:
    stack = up("kaigong-bench", print)
    try:
        functions = Functions(stack)
        with counting(stack.endpoint_url, list(functions.configurations)) as counter:
            functions.go_through(counter.doors)
            for line in lines(saving(stack, counter)):
                print(line)
    finally:
        down("kaigong-bench", forget=True)


if __name__ == "__main__":
    main()
