"""The portal's JSON API, with a token of whom the command acts as."""

import json
import time
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from kaigong.contract.letters import LettersRequest
from kaigong.domain.model.text import Model

from . import sign_in
from .connection import Connection
from .faults import CallRefused, Unreachable, translated

_PATIENCE = urllib3.Timeout(connect=5, read=30)  # seconds
_AGAIN = urllib3.Retry(
    total=3,
    backoff_factor=0.3,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=None,  # every method: what is asked for a second time is done once
    raise_on_status=False,
)
_THERE_ALREADY = 412  # an earlier try came, though not its answer
_EARLY = 60  # seconds before its end at which a token is renewed


class Api:
    """The JSON API of one stack, used as one user. May be used by one thread at a time."""

    def __init__(self, connection: Connection, role: str = "window", named: str | None = None) -> None:
        self._connection = connection
        self._role = role  # the user of a local stack that it signs in as
        self._named = named  # the user whom somebody asked for; None: nobody in particular
        self._http = urllib3.PoolManager(timeout=_PATIENCE, retries=_AGAIN)
        self._token = ""
        self._token_ends = 0.0

    def status(self, packet: str) -> dict[str, Any]:
        """Where a packet is. Raises CallRefused with code `not-found` for one that is not there."""
        return self._get(_of(packet))

    def materials(self, packet: str) -> dict[str, Any]:
        """What was handed in for each material, and what was found in it."""
        return self._get(f"{_of(packet)}/materials")

    def result(self, packet: str) -> bytes:
        """The issued joint result, byte for byte. Raises CallRefused while there is none."""
        return self._fetch(f"{_of(packet)}/result")

    def documents(self, packet: str) -> dict[str, Any]:
        """The documents that were issued to a packet."""
        return self._get(f"{_of(packet)}/documents")

    def document(self, packet: str, name: str) -> bytes:
        """One of them, or all of the result at once by `result-archive`. Raises CallRefused."""
        found = self._get(f"{_of(packet)}/documents/{name}")
        return bytes(self._http.request("GET", found["address"]).data)

    def story(self, code: str) -> dict[str, Any]:
        """A project from land to acceptance, of the packets that may be seen."""
        return self._get(f"/api/projects/{quote(code, safe='')}/story")

    def ledger(self, packet: str) -> dict[str, Any]:
        """A packet's ledger, and whether it holds."""
        return self._get(f"{_of(packet)}/ledger")

    def proof(self, packet: str) -> dict[str, Any]:
        """The proof of a packet's ledger, with what is wrong with it."""
        return self._get(f"{_of(packet)}/proof")

    def verify(self, **asked: str) -> dict[str, Any]:
        """What is known of a document, by `sha256`, `number` or both. Nobody needs to be signed in."""
        return dict(json.loads(self._fetch(f"/api/verify?{urlencode(asked)}", signed_in=False)))

    def routes(self, packet: str) -> dict[str, Any]:
        """The routes that are open to each matter of a packet, and why. Raises CallRefused."""
        return self._get(f"{_of(packet)}/routes")

    def act(self, packet: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Put an act on record. Returns what is there; raises CallRefused where it would come to nothing."""
        return self._json("POST", f"{_of(packet)}/acts", asked)

    def again(self, packet: str, matters: list[str]) -> dict[str, Any]:
        """A draft that applies again for matters of a packet. Raises CallRefused where none of them can be."""
        process = self.status(packet)["process"]
        asked = {"process": process["code"] if process else "-", "follows": packet, "matters": matters}
        return self._json("POST", "/api/drafts", asked)

    def letters(self, asked: LettersRequest) -> dict[str, Any]:
        """The commitment letters as they read now. Raises CallRefused with code `no-letter` for what has none."""
        return self._json("POST", "/api/letters", asked.model_dump(mode="json", exclude_none=True))

    def desk_review(self, packet: str, matter: str) -> dict[str, Any]:
        """A review as its department's officers see it. Raises CallRefused for who is none of them."""
        return self._get(_review(packet, matter))

    def desk_answer(self, packet: str, matter: str, what: str, asked: Model) -> dict[str, Any]:
        """Send an officer's answer: a `decision` or a `procedure`. Raises CallRefused where it would not count."""
        return self._json("POST", f"{_review(packet, matter)}/{what}", asked.model_dump(mode="json", exclude_none=True))

    def enterprise(self, uscc: str) -> dict[str, Any]:
        """What is known of an enterprise: its credit, what it may use now, breaches on record."""
        return self._get(f"/api/enterprise?uscc={uscc}")

    def project(self, code: str) -> dict[str, Any]:
        """What is on record of a project."""
        return self._get(f"/api/projects/{quote(code, safe='')}")

    def record_project(self, code: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Replace what is on record of a project. Raises CallRefused."""
        return self._json("PUT", f"/api/projects/{quote(code, safe='')}", asked)

    def supervision(self) -> dict[str, Any]:
        """What the department supervises and has not ended."""
        return self._get("/api/supervision")

    def supervision_record(self, record: str) -> dict[str, Any]:
        """A supervision record as its department sees it. Raises CallRefused for who is of none or another."""
        return self._get(f"/api/supervision/{quote(record, safe='')}")

    def supervise(self, record: str, version: int, says: dict[str, Any]) -> dict[str, Any]:
        """Say something of a record. Raises CallRefused where nothing comes of it."""
        return self._json("POST", f"/api/supervision/{quote(record, safe='')}", {"version": version, "says": says})

    def photograph(self, record: str, name: str, content: bytes, media_type: str) -> dict[str, Any]:
        """Upload a photo of an inspection. Raises CallRefused where it may not come."""
        asked = {"name": name, "size": len(content), "media_type": media_type}
        permit = self._json("POST", f"/api/supervision/{quote(record, safe='')}/photos", asked)
        with translated("S3"):
            answer = self._http.request("PUT", permit["url"], body=content, headers=permit["headers"])
        if not 200 <= answer.status < 300 and answer.status != _THERE_ALREADY:
            raise _refused(answer.status, answer.data)
        return {"record": record, "upload": permit["upload"], "name": permit["name"]}

    def supervision_of(self, packet: str) -> dict[str, Any]:
        """The supervision of what was approved in a packet."""
        return self._get(f"{_of(packet)}/supervision")

    def answer_supervision(self, packet: str, matter: str, says: dict[str, Any]) -> dict[str, Any]:
        """What the enterprise says of a finding. Raises CallRefused where nothing comes of it."""
        found = self.supervision_of(packet)["records"]
        version = next((r["version"] for r in found if r["matter"]["code"] == matter), 1)
        path = f"{_of(packet)}/supervision/{quote(matter, safe='')}"
        return self._json("POST", path, {"version": version, "says": says})

    def roster(self) -> dict[str, Any]:
        """The department's roster of inspectors."""
        return self._get("/api/supervision/roster")

    def save_roster(self, version: int, inspectors: list[dict[str, Any]]) -> dict[str, Any]:
        """Put a roster in the place of the one before. Raises CallRefused where somebody was faster."""
        return self._json("PUT", "/api/supervision/roster", {"version": version, "inspectors": inspectors})

    def roster_numbers(self, department: str, version: int) -> dict[str, Any]:
        """The certificates of a version of a department's roster."""
        return self._get(f"/api/supervision/rosters/{quote(department, safe='')}/{version}")

    def draw(self, day: str) -> dict[str, Any]:
        """The draw of a day: its seed once the day is over."""
        return self._get(f"/api/supervision/draws/{day}")

    def policies(self) -> dict[str, Any]:
        """Every policy whose benefits need no application, and what is left of it."""
        return self._get("/api/policies")

    def policy_facts(self, year: int, after: str | None) -> dict[str, Any]:
        """A page of what policies look at, of packets first submitted in a year."""
        return self._get(f"/api/policies/facts?{urlencode({'year': year} | ({'after': after} if after else {}))}")

    def benefits(self) -> dict[str, Any]:
        """What the department is to pay or provide."""
        return self._get("/api/benefits")

    def benefit(self, benefit: str) -> dict[str, Any]:
        """A benefit as who pays sees it. Raises CallRefused for who is of none or another department."""
        return self._get(f"/api/benefits/{quote(benefit, safe='')}")

    def say_of_benefit(self, benefit: str, version: int, says: dict[str, Any]) -> dict[str, Any]:
        """Say that it was paid, or revoke it. Raises CallRefused where nothing comes of it."""
        return self._json("POST", f"/api/benefits/{quote(benefit, safe='')}", {"version": version, "says": says})

    def benefits_of(self, packet: str) -> dict[str, Any]:
        """What policies give for a packet, and why."""
        return self._get(f"{_of(packet)}/benefits")

    def decline_benefit(self, packet: str, policy: str) -> dict[str, Any]:
        """The enterprise does not want a benefit. Raises CallRefused where nothing comes of it."""
        found = self.benefits_of(packet)["benefits"]
        version = next((b["version"] for b in found if b["policy"]["code"] == policy), 1)
        path = f"{_of(packet)}/benefits/{quote(policy, safe='')}"
        return self._json("POST", path, {"version": version, "says": {"kind": "decline"}})

    def stuck(self, days: int) -> dict[str, Any]:
        """Packets that should have moved on by now, of so many days."""
        return self._get(f"/api/ops/stuck?days={days}")

    def warnings(self) -> dict[str, Any]:
        """The figures of early warning."""
        return self._get("/api/warnings")

    def deadlines(self, **asked: str | None) -> dict[str, Any]:
        """A page of the limits that are overdue or end soon."""
        return self._get("/api/deadlines?" + urlencode({name: value for name, value in asked.items() if value}))

    def problems(self, **asked: str | None) -> dict[str, Any]:
        """The problem list of a department, or of all, over some days."""
        return self._get("/api/problems?" + urlencode({name: value for name, value in asked.items() if value}))

    def risk(self, packet: str) -> dict[str, Any]:
        """The risk of a packet, and its parts. Raises CallRefused for one that is not there."""
        return self._get(f"{_of(packet)}/risk")

    def inspect(self, packet: str) -> dict[str, Any]:
        """What the table holds of a packet, and what it waits for."""
        return self._get(f"/api/ops/packets/{packet}")

    def refused(self, days: int) -> dict[str, Any]:
        """Messages that did not count, of so many days."""
        return self._get(f"/api/ops/refused?days={days}")

    def _get(self, path: str) -> dict[str, Any]:
        return self._json("GET", path)

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            return dict(json.loads(self._fetch(path, method, body)))
        except ValueError as error:
            raise Unreachable(
                f"{path} 的应答不是 JSON。请核对门户地址。",
                f"The answer of {path} is not JSON. Check the portal's address.",
            ) from error

    def _fetch(
        self, path: str, method: str = "GET", body: dict[str, Any] | None = None, *, signed_in: bool = True
    ) -> bytes:
        headers = {"Accept": "application/json"}
        if signed_in:
            headers["Authorization"] = f"Bearer {self._signed_in()}"
        url = self._connection.target.portal_url.rstrip("/") + path
        with translated("接口 API"):
            answer = self._http.request(method, url, headers=headers, json=body)
        if not 200 <= answer.status < 300:
            raise _refused(answer.status, answer.data)
        return bytes(answer.data)

    def _signed_in(self) -> str:
        """The token of whom this acts as, renewed before its end."""
        if time.monotonic() >= self._token_ends:
            given = sign_in.tokens(self._connection.target, self._role, self._named)
            self._token, self._token_ends = given.bearer, time.monotonic() + given.seconds - _EARLY
        return self._token


def _of(packet: str) -> str:
    """The address of a packet; no name of one leads anywhere else."""
    return f"/api/packets/{quote(packet, safe='')}"


def _review(packet: str, matter: str) -> str:
    """The address of a review at its department's desk."""
    return f"/api/desk/reviews/{quote(packet, safe='')}/{quote(matter, safe='')}"


def _refused(status: int, body: bytes) -> CallRefused:
    """What the API says is wrong, in its own words where it has some."""
    try:
        problem = json.loads(body)
        return CallRefused(str(problem["code"]), str(problem["zh"]), str(problem["en"]))
    except (ValueError, KeyError, TypeError):
        return CallRefused(
            f"http-{status}",
            f"接口应答 {status}。请稍后重试；仍不行请联系运维。",
            f"The API answered {status}. Try again later; if it persists, ask operations.",
        )
