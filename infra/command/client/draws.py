"""A draw done again: which records are inspected and by whom, from the published seed, without our functions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kaigong import catalog
from kaigong.contract.verification import signature_holds
from kaigong.domain.flow.draw import commitment, inspectors, is_drawn
from kaigong.domain.model.anchor import Anchor, SignedAnchor
from kaigong.errors import Refused

if TYPE_CHECKING:
    from .api import Api

_BY_CHANCE = ("drawn", "not-drawn", "for-cause")  # a commitment, and what rules decided, is always inspected


def check(found: dict[str, Any], key: str = "") -> None:
    """Whether the seed of a day is the one that was promised and published. Raises Refused where it is not.

    `key`: what the city publishes, DER in base64; without it an anchor is believed by the key that comes with it.
    """
    if found["seed"] is None:
        raise Refused(
            "该日尚未结束，次日公布种子后才能复算。", "The seed is told when its day is over; try again then."
        )
    if commitment(found["seed"]) != found["sha256"]:
        raise Refused("种子与当日公布的 SHA-256 不符。", "The seed is not the one whose SHA-256 was shown on the day.")
    for when, what in (("promised", "sha256"), ("published", "seed")):
        if (signed := found.get(when)) and not _tells(signed, found, what, key):
            raise Refused(
                "签名留存中的种子与公布的不符，或者签名不成立。",
                "The signed anchor has another seed, or its signature does not hold.",
            )


def _tells(signed: dict[str, Any], found: dict[str, Any], what: str, key: str) -> bool:
    """Whether an anchor says this of the day, under its signature."""
    anchor = Anchor.model_validate(signed["anchor"])
    whole = SignedAnchor(anchor=anchor, signature=signed["signature"], public_key=signed["public_key"], parts=())
    told = [entry[what] for entry in signed["anchor"]["draws"] if entry["day"] == found["day"]]
    return told == [found[what]] and signature_holds(whole, key or signed["public_key"])


def drawn_again(api: "Api", packet: str, found: dict[str, Any], key: str = "") -> list[dict[str, Any]]:
    """What the draw of a day comes to for the records of a packet that were pushed on it."""
    check(found, key)
    grade, records = api.status(packet)["credit_grade"], api.supervision_of(packet)["records"]
    return list(_compared(api, found, grade, (r for r in records if r["drawn_on"] == found["day"])))


def _compared(
    api: "Api", found: dict[str, Any], grade: str | None, records: Iterable[dict[str, Any]]
) -> Iterable[dict[str, Any]]:
    terms = catalog.load().supervision
    percent = terms.grading(grade).percent
    for record in records:
        name, seed = record["record"], found["seed"]
        as_drawn = record["drawn"] not in _BY_CHANCE or is_drawn(seed, name, percent) is (record["drawn"] == "drawn")
        numbers = [one["number"] for one in record["inspectors"]]
        again: tuple[str, ...] = ()
        if record["roster"]:
            roster = api.roster_numbers(record["department"]["code"], record["roster"])["numbers"]
            again = inspectors(seed, name, roster, record["barred"], terms.inspectors)
        yield {
            "record": name,
            "drawn": record["drawn"],
            "inspectors": numbers,
            "barred": record["barred"],
            "as_drawn": as_drawn and numbers == list(again),
        }
