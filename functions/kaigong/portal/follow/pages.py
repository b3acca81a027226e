"""Following a packet: its page, its record, receipt, notices and letters in full, and the public progress page.

What is shown stands in `views` (`packet`, `progress`, `timeline`); the pages add who may do what from here. The
page refreshes by itself while somebody has the packet: a fragment is asked for again, and sent only when it changed.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from kaigong.catalog import load as catalogue
from kaigong.catalog import with_calendar
from kaigong.contract import acts, problems
from kaigong.contract.limits import ACTS, PROGRESS
from kaigong.contract.routes import LINKING, READERS, Group
from kaigong.domain.flow.acts import why_not
from kaigong.domain.intake.letter import in_force
from kaigong.domain.model.packet import ActKind, Packet
from kaigong.domain.model.text import Model, Text
from kaigong.portal import access
from kaigong.portal.asking import Question, Unanswered
from kaigong.portal.tags import TONES
from kaigong.portal.web.request import Answered, Page, Raw, Redirect, Shown, Visit
from kaigong.settings import settings
from kaigong.store import progress_links
from kaigong.views import ledger as view_ledger
from kaigong.views import materials as view_materials
from kaigong.views import packet as view
from kaigong.views import words
from kaigong.views.guide import ROUTES
from kaigong.views.ledger import Ledger
from kaigong.views.next_step import Holder, Phase
from kaigong.views.packet import PacketStatus
from kaigong.views.progress import PublicProgress
from kaigong.views.timeline import Timeline, timeline

from . import actions as reading
from . import acts as acting
from . import links as linking
from .picture import Picture, picture

_QUICK, _SLOW = 3, 10  # seconds between two looks: while the system has the packet, and while people have it
_IN_ITS_PAGE = {"base": "../"}  # a fragment's links start from the page that it is put into, one step above its own
_NO_RESULT = Text(
    zh="联合审批结果尚未出具，出具后可在办理进度页下载。",
    en="The joint result is not issued yet. Once it is, the packet's page has it.",
)


# the packet's page


def _packet(visit: Visit) -> Answered:
    return Shown("follow/packet.html", _page(visit))


def _live(visit: Visit) -> Answered:
    """The part of the page that changes. Not sent again to who has it as it is."""
    return _unless_same(visit, "follow/live.html", _page(visit))


def _unless_same(visit: Visit, template: str, values: dict[str, Any]) -> Answered:
    headers = {"ETag": values["etag"]}
    if visit.headers.get("if-none-match") == values["etag"]:
        return Raw(b"", "text/html; charset=utf-8", status=304, headers=headers)
    return Shown(template, values | _IN_ITS_PAGE, headers=headers)


def _page(visit: Visit) -> dict[str, Any]:
    packet, now = _of(visit), datetime.now(UTC)
    office = with_calendar(settings().office)
    found = view.status(packet, catalogue(), now, office)
    line = timeline(packet, found.matters, now)
    moves = found.next.holder is not Holder.NOBODY
    papers = view_materials.materials(packet, catalogue())
    link = progress_links.of(packet.packet) if visit.caller.groups & LINKING else None
    may_withdraw = _can_withdraw(visit, packet, now)
    return {
        "s": found,
        "materials": papers,
        "picture": picture(line, office.zone) if line else None,
        "moves": moves,
        "every": _QUICK if found.next.holder is Holder.SYSTEM else _SLOW,
        "owner": _owner(visit),
        "may_share": bool(visit.caller.groups & LINKING),
        "can_withdraw": may_withdraw,
        "withdrawing": any(act.kind is ActKind.WITHDRAW for act in packet.acts.values()),
        "link": link,
        "etag": _etag(visit, line, now, found, papers, *((link,) if link else ()), said=str(may_withdraw)),
        **_words(),
    }


def _words() -> Mapping[str, Any]:
    return {
        "phases": words.PHASES,
        "states": words.MATTER_STATES,
        "channels": words.CHANNELS,
        "routes": {code: name for code, (name, _) in ROUTES.items()},
        "tones": TONES,
        "signed": words.SIGNINGS,
        "Holder": Holder,
        "Phase": Phase,
    }


def _etag(visit: Visit, line: Timeline | None, now: datetime, *shown: Model, said: str = "") -> str:
    """What is shown, as a mark. The line of the present counts once it moved by a hundredth of the picture."""
    moved = _moved(line, now) if line and line.now else 0
    told = said + "".join(model.model_dump_json(exclude={"as_of", "timeline"}) for model in shown)
    return f'"{hashlib.sha256(f"{visit.lang} {moved} {told}".encode()).hexdigest()[:20]}"'


def _moved(line: Timeline, now: datetime) -> int:
    """How far the present has come, in hundredths of the picture. Where it is the picture's end, the picture grows: a
    hundredth of its width each time.
    """
    elapsed = max((now - line.start).total_seconds(), 1.0)
    if line.end > now:
        return int(100 * elapsed / (line.end - line.start).total_seconds())
    return int(100 * math.log(elapsed))


def _of(visit: Visit) -> Packet:
    return cast(Packet, visit.packet)  # on every page of a packet


def _owner(visit: Visit) -> bool:
    return access.may_act(visit.caller, _of(visit), acts.Withdraw(kind="withdraw", reason="-"))


def _can_withdraw(visit: Visit, packet: Packet, now: datetime) -> bool:
    act = acts.act(acts.Withdraw(kind="withdraw", reason="-"), visit.caller.name, now, packet)
    begun = packet.header or packet.submissions
    return bool(begun and _owner(visit) and act.name not in packet.acts and why_not(packet, act) is None)


# its documents


def _receipt(visit: Visit) -> Answered:
    """项目受理单 with the QR code of the progress page: the link is made when the receipt is first looked at, and not
    again once it was withdrawn.
    """
    packet = _of(visit)
    values = _page(visit)
    found = cast(PacketStatus, values["s"])
    if found.accepted_at is None:
        raise Unanswered(problems.NO_RECEIPT_YET)
    link = progress_links.unless_withdrawn(packet.packet, datetime.now(UTC))
    address = f"{visit.home}/{linking.path(link)}" if link else ""
    return Shown(
        "follow/receipt.html", {**values, "link": link, "address": address, "qr": _qr(address) if link else ""}
    )


@cache
def _qr(address: str) -> str:
    """The QR code of an address as SVG, to be put into a page as it is."""
    import segno  # the receipt alone needs it

    code = segno.make(address, error="m", micro=False)
    return str(
        code.svg_inline(scale=4, border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    )


def _notice(visit: Visit) -> Answered:
    """One notice in full, to print."""
    wanted, values = visit.named["number"], _page(visit)
    found = cast(PacketStatus, values["s"])
    notice = next((notice for notice in found.notices if str(notice.number) == wanted), None)
    if notice is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return Shown("follow/notice.html", {**values, "notice": notice})


def _letter(visit: Visit) -> Answered:
    """The commitment letter that was accepted, where the catalogue still has that text."""
    packet, values = _of(visit), _page(visit)
    found, applied = cast(PacketStatus, values["s"]), packet.applied_for
    commitment = next((c for c in found.commitments if c.matter == visit.named["matter"]), None)
    matter = catalogue().matters.get(visit.named["matter"])
    if commitment is None or matter is None or applied is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    text = in_force(matter, catalogue(), packet.applicant, applied.project)
    same = text if text and text.sha256 == commitment.sha256 else None
    return Shown("follow/letter.html", {**values, "commitment": commitment, "letter": same})


def _ledger(visit: Visit) -> Answered:
    """办理档案: every entry of the ledger in words, and whether its chain holds. Whole, as the API gives it."""
    packet = _of(visit)
    found = cast(Ledger, reading.PACKET_ANSWERS["ledger"](packet))
    record = view_ledger.record(found, catalogue())
    return Shown("follow/ledger.html", {"packet": packet.packet, "record": record, "notices": packet.notices})


def _result(visit: Visit) -> Answered:
    """The joint result's document as it was issued, to keep."""
    packet = _of(visit)
    if packet.issued is None:
        raise Unanswered(problems.NO_RESULT_YET, _NO_RESULT)
    document = cast(bytes, reading.PACKET_ANSWERS["result"](packet))
    headers = {"Content-Disposition": f'attachment; filename="{packet.packet}-joint-result.json"'}
    return Raw(document, "application/json; charset=utf-8", headers=headers)


# what the applicant does


def _withdrawal(visit: Visit) -> Answered:
    values = _page(visit)
    return Shown("follow/withdraw.html", {**values, "reason": "", "wrong": None})


def _withdraw(visit: Visit) -> Answered:
    """撤件, after the confirmation: recorded as the API does it."""
    reason = visit.value("reason")
    if not reason or len(reason) > 1000:
        wrong = Text(zh="请填写撤回原因（不超过 1000 字）。", en="Say why, in 1000 characters at most.")
        values = {**_page(visit), "reason": reason, "wrong": wrong}
        return Shown("follow/withdraw.html", values, status=422)
    asked = acts.ActRequest(acts.Withdraw(kind="withdraw", reason=reason))
    packet = _of(visit)
    acting.PACKET_ANSWERS["act"](packet, Question(visit.caller, {}, {}, asked))
    return Redirect(f"packets/{packet.packet}")


def _renew(visit: Visit) -> Answered:
    linking.given(_of(visit), renew=True)
    return Redirect(f"packets/{_of(visit).packet}#share")


def _share(visit: Visit) -> Answered:
    linking.given(_of(visit))
    return Redirect(f"packets/{_of(visit).packet}#share")


def _unshare(visit: Visit) -> Answered:
    progress_links.withdraw(_of(visit).packet, datetime.now(UTC))
    return Redirect(f"packets/{_of(visit).packet}#share")


# the public page


def _progress(visit: Visit) -> Answered:
    return Shown("follow/progress.html", _public(visit))


def _progress_live(visit: Visit) -> Answered:
    return _unless_same(visit, "follow/progress_live.html", _public(visit))


def _public(visit: Visit) -> dict[str, Any]:
    """What the page behind the QR code shows: what `views.progress` gives, and nothing beside it."""
    found: PublicProgress = linking.opened(visit.named["token"])
    drawn: Picture | None = picture(found.timeline, settings().office.zone) if found.timeline else None
    return {
        "s": found,
        "picture": drawn,
        "moves": found.moves,
        "every": _QUICK if found.next.holder is Holder.SYSTEM else _SLOW,
        "etag": _etag(visit, found.timeline, found.as_of, found),
        "token": visit.named["token"],
        **_words(),
    }


_APPLICANT = frozenset((Group.APPLICANT,))

PAGES = (
    Page("packet", "/packets/{packet}", _packet, groups=READERS),
    Page("packet-live", "/packets/{packet}/live", _live, groups=READERS),
    Page("receipt", "/packets/{packet}/receipt", _receipt, groups=LINKING),
    Page("notice", "/packets/{packet}/notices/{number}", _notice, groups=READERS),
    Page("letter", "/packets/{packet}/letters/{matter}", _letter, groups=READERS),
    Page("ledger", "/packets/{packet}/ledger", _ledger, groups=READERS),
    Page("result", "/packets/{packet}/result", _result, groups=READERS),
    Page("withdrawal", "/packets/{packet}/withdraw", _withdrawal, groups=_APPLICANT),
    Page("withdraw", "/packets/{packet}/withdraw", _withdraw, groups=_APPLICANT, method="POST", limit=ACTS),
    Page("share", "/packets/{packet}/link", _share, groups=LINKING, method="POST", limit=ACTS),
    Page("renew-link", "/packets/{packet}/link/renew", _renew, groups=LINKING, method="POST", limit=ACTS),
    Page("withdraw-link", "/packets/{packet}/link/withdraw", _unshare, groups=LINKING, method="POST", limit=ACTS),
    Page("progress", "/p/{token}", _progress, limit=PROGRESS),
    Page("progress-live", "/p/{token}/live", _progress_live, limit=PROGRESS),
)
