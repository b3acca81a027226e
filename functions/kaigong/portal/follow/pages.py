"""Following a packet: its page, its record, receipt, notices and letters in full, and the public progress page.

What is shown stands in `views` (`packet`, `progress`, `timeline`); the pages add who may do what from here. The
page refreshes by itself while somebody has the packet: a fragment is asked for again, and sent only when it changed.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from kaigong import catalog
from kaigong.contract import acts, problems
from kaigong.contract.limits import ACTS, PROGRESS, STORIES
from kaigong.contract.routes import LINKING, READERS, Group
from kaigong.domain.flow import withdrawal
from kaigong.domain.flow.acts import why_not
from kaigong.domain.intake.letter import in_force
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names
from kaigong.portal import access, audit, papers, parameters
from kaigong.portal.tags import TONES
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.api import JSON
from kaigong.portal.web.forms import answered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, elsewhere, redirect, shown
from kaigong.settings import settings
from kaigong.store import catalogues, progress_links
from kaigong.views.form import sheet
from kaigong.views.ledger import record
from kaigong.views.next_step import Holder
from kaigong.views.packet import PacketStatus
from kaigong.views.progress import PublicProgress
from kaigong.views.states import BARS, MATTER_STATES, PHASES, MatterState, Phase
from kaigong.views.timeline import Timeline, timeline

from . import actions
from .picture import Picture, picture

_QUICK, _SLOW = 3, 10  # seconds between two looks: while the system has the packet, and while people have it
_IN_ITS_PAGE = {"base": "../"}  # a fragment's links start from the page that it is put into, one step above its own
_REFUSED = (MatterState.REJECTED, MatterState.UNOPENED, MatterState.RECALLED, MatterState.REVOKED)
_NO_REASON = N_("请填写撤回原因（不超过 1000 字）。")
_NO_RESULT = Text(
    zh="联合审批结果尚未出具，出具后可在办理进度页下载。",
    en="The joint result has not been issued yet. It will appear on the packet's page.",
)


# the packet's page


def _story(request: Request) -> Reply:
    """A project from land to acceptance."""
    code = parameters.project(request)
    values = {
        "s": actions.story_of(request.caller, code),
        "states": MATTER_STATES,
        "tones": TONES,
        "findings": names.FINDINGS,
    }
    return shown("follow/story.html", values)


def _packet(request: Request) -> Reply:
    return shown("follow/packet.html", _page(request))


def _live(request: Request) -> Reply:
    """The part of the page that changes. Not sent again to who has it as it is."""
    return _unless_same(request, "follow/live.html", _page(request))


def _unless_same(request: Request, template: str, values: dict[str, Any]) -> Reply:
    headers = {"ETag": values["etag"]}
    if request.headers.get("if-none-match") == values["etag"]:
        return Reply(status=304, kind="text/html; charset=utf-8", headers=headers)
    return shown(template, values | _IN_ITS_PAGE, headers=headers)


def _page(request: Request) -> dict[str, Any]:
    packet, now = request.packet, datetime.now(UTC)
    found = actions.status_of(packet)
    line = timeline(packet, found.matters, now)
    moves = found.next.holder is not Holder.NOBODY
    materials, form = actions.materials_of(packet), sheet(packet, catalogues.of(packet, catalog.load()))
    link = progress_links.of(packet.packet) if request.caller.groups & LINKING else None
    documents = actions.documents_of(packet) if request.caller.groups & LINKING else None
    there = filter(None, (link, form, documents))
    may_withdraw = _can_withdraw(request, packet, now)
    return {
        "s": found,
        "materials": materials,
        "form": form,
        "picture": picture(line, settings().office.zone) if line else None,
        "moves": moves,
        "every": _QUICK if found.next.holder is Holder.SYSTEM else _SLOW,
        "owner": _owner(request),
        "documents": documents,
        "may_share": bool(request.caller.groups & LINKING),
        "may_again": access.may_draw_up(request.caller, packet.owner),
        "can_withdraw": may_withdraw,
        "hand_out": packet.hand_out if packet.issued and request.caller.groups & LINKING else None,
        "ways": names.WAYS,
        "withdrawing": withdrawal.asked(packet) is not None,
        "link": link,
        "etag": _etag(request, line, now, found, materials, *there, said=str(may_withdraw)),
        **_words(),
    }


def _words() -> Mapping[str, Any]:
    return {
        "phases": PHASES,
        "states": MATTER_STATES,
        "bars": BARS,
        "channels": names.CHANNELS,
        "routes": names.ROUTES,
        "tones": TONES,
        "verdicts": names.VERDICTS,
        "in_its_place": names.REPLACEMENTS,
        "seal_states": names.SEAL_STATES,
        "signed": names.SIGNINGS,
        "levels": names.SIGNATURE_LEVELS,
        "roles": names.ROLES,
        "Holder": Holder,
        "REFUSED": _REFUSED,
        "telephones": {code: found.telephone for code, found in catalog.load().departments.items()},
        "Phase": Phase,
    }


def _etag(request: Request, line: Timeline | None, now: datetime, *models: Model, said: str = "") -> str:
    """What is shown, as a mark. The line of the present counts once it moved by a hundredth of the picture."""
    moved = _moved(line, now) if line and line.now else 0
    told = said + "".join(model.model_dump_json(exclude={"as_of", "timeline"}) for model in models)
    return f'"{hashlib.sha256(f"{request.lang} {moved} {told}".encode()).hexdigest()[:20]}"'


def _moved(line: Timeline, now: datetime) -> int:
    """How far the present has come, in hundredths of the picture. Where it is the picture's end, the picture grows: a
    hundredth of its width each time.
    """
    elapsed = max((now - line.start).total_seconds(), 1.0)
    if line.end > now:
        return int(100 * elapsed / (line.end - line.start).total_seconds())
    return int(100 * math.log(elapsed))


def _owner(request: Request) -> bool:
    return access.may_act(request.caller, request.packet, acts.Withdraw(kind="withdraw", reason="-"))


def _can_withdraw(request: Request, packet: Packet, now: datetime) -> bool:
    act = acts.act(acts.Withdraw(kind="withdraw", reason="-"), request.caller, now, packet)
    begun = packet.header or packet.submissions
    return bool(begun and _owner(request) and act.name not in packet.acts and why_not(packet, act) is None)


# its documents


def _receipt(request: Request) -> Reply:
    """项目受理单 with the QR code of the progress page, by the link that was made at acceptance, unless withdrawn."""
    packet = request.packet
    values = _page(request)
    found = cast(PacketStatus, values["s"])
    if found.accepted_at is None:
        raise Unanswered(problems.NO_RECEIPT_YET)
    link = progress_links.of(packet.packet)
    address = f"{request.home}/{actions.link_path(link)}" if link else ""
    return shown(
        "follow/receipt.html", {**values, "link": link, "address": address, "qr": _qr(address) if link else ""}
    )


@lru_cache(maxsize=64)
def _qr(address: str) -> str:
    """The QR code of an address as SVG, to be put into a page as it is."""
    import segno  # the receipt alone needs it

    code = segno.make(address, error="m", micro=False)
    return str(
        code.svg_inline(scale=4, border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    )


def _notice(request: Request) -> Reply:
    """One notice in full, to print."""
    wanted, values = request.named["number"], _page(request)
    found = cast(PacketStatus, values["s"])
    notice = next((notice for notice in found.notices if str(notice.number) == wanted), None)
    if notice is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return shown("follow/notice.html", {**values, "notice": notice})


def _letter(request: Request) -> Reply:
    """The commitment letter that was accepted, where the catalogue still has that text."""
    packet, values = request.packet, _page(request)
    found, applied = cast(PacketStatus, values["s"]), packet.applied_for
    commitment = next((c for c in found.commitments if c.matter == request.named["matter"]), None)
    catalogue = catalogues.of(packet, catalog.load())
    matter = catalogue.matters.get(request.named["matter"])
    if commitment is None or matter is None or applied is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    text = in_force(matter, catalogue, packet.applicant, applied.project)
    same = text if text and text.sha256 == commitment.sha256 else None
    return shown("follow/letter.html", {**values, "commitment": commitment, "letter": same})


def _form(request: Request) -> Reply:
    """The form as it was taken, to print. One that came on paper is among the materials."""
    packet = request.packet
    found = sheet(packet, catalogues.of(packet, catalog.load()))
    if found is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return shown("follow/form_sheet.html", {"packet": packet.packet, "sheet": found})


def _ledger(request: Request) -> Reply:
    """办理档案: every entry of the ledger in words, and whether its chain holds. Whole, as the API gives it."""
    packet = request.packet
    told = record(actions.ledger_of(packet), catalogues.of(packet, catalog.load()))
    return shown("follow/ledger.html", {"packet": packet.packet, "record": told, "notices": packet.notices})


def _result(request: Request) -> Reply:
    """The joint result's document as it was issued, to keep."""
    packet = request.packet
    if packet.issued is None:
        raise Unanswered(problems.NO_RESULT_YET, _NO_RESULT)
    headers = {"Content-Disposition": f'attachment; filename="{packet.packet}-joint-result.json"'}
    return Reply(actions.result_of(packet), kind=JSON, headers=headers)


def _document(request: Request) -> Reply:
    """A document that was issued, as a browser shows and prints it."""
    return elsewhere(actions.document_of(request.packet, request.named["document"]).address)


def _paper(request: Request) -> Reply:
    """A paper of one's own, as a browser shows it: the newest of its material, or the file named, replaced or not."""
    packet, slot, file = request.packet, request.named["slot"], request.query.get("file")
    upload = actions.upload_of(packet, slot, file) if file else packet.slots.get(slot)
    if upload is None:
        raise Unanswered(problems.NO_SUCH_PAPER)
    audit.looked(request.caller, packet.owner, packet.packet, slot, file or "")
    return elsewhere(papers.address(packet, upload.slot, upload.mark, upload.key, upload.version).address)


# what the applicant does


def _withdrawal(request: Request) -> Reply:
    values = _page(request)
    return shown("follow/withdraw.html", {**values, "reason": "", "wrong": None})


def _withdraw(request: Request) -> Reply:
    """撤回申请, after the confirmation: recorded as the API does it."""
    reason = request.value("reason")

    def done(asked: acts.Withdraw) -> Reply:
        actions.act(request.caller, request.packet, asked)
        return redirect(request, f"packets/{request.packet.packet}")

    def again(wrong: Message | Text, status: int) -> Reply:
        return shown("follow/withdraw.html", {**_page(request), "reason": reason, "wrong": wrong}, status)

    return answered(lambda: acts.Withdraw(kind="withdraw", reason=reason), done, again, _NO_REASON)


def _renew(request: Request) -> Reply:
    actions.link(request.packet, renew=True)
    return redirect(request, f"packets/{request.packet.packet}#share")


def _share(request: Request) -> Reply:
    actions.link(request.packet)
    return redirect(request, f"packets/{request.packet.packet}#share")


def _unshare(request: Request) -> Reply:
    actions.withdraw_link(request.packet)
    return redirect(request, f"packets/{request.packet.packet}#share")


# the public page


def _progress(request: Request) -> Reply:
    return shown("follow/progress.html", _public(request))


def _progress_live(request: Request) -> Reply:
    return _unless_same(request, "follow/progress_live.html", _public(request))


def _public(request: Request) -> dict[str, Any]:
    """What the page behind the QR code shows: what `views.progress` gives, and nothing beside it."""
    found: PublicProgress = actions.progress(request.named["token"])
    drawn: Picture | None = picture(found.timeline, settings().office.zone) if found.timeline else None
    return {
        "s": found,
        "picture": drawn,
        "moves": found.moves,
        "every": _QUICK if found.next.holder is Holder.SYSTEM else _SLOW,
        "etag": _etag(request, found.timeline, found.as_of, found),
        "token": request.named["token"],
        **_words(),
    }


_APPLICANT = frozenset((Group.APPLICANT,))

PAGES = (
    Page("story", "/projects/{code}", _story, groups=READERS, limit=STORIES),
    Page("packet", "/packets/{packet}", _packet, groups=READERS),
    Page("packet-live", "/packets/{packet}/live", _live, groups=READERS),
    Page("paper", "/packets/{packet}/papers/{slot}", _paper, groups=LINKING),
    Page("receipt", "/packets/{packet}/receipt", _receipt, groups=LINKING),
    Page("notice", "/packets/{packet}/notices/{number}", _notice, groups=READERS),
    Page("letter", "/packets/{packet}/letters/{matter}", _letter, groups=READERS),
    Page("form", "/packets/{packet}/form", _form, groups=LINKING),
    Page("ledger", "/packets/{packet}/ledger", _ledger, groups=READERS),
    Page("document", "/packets/{packet}/documents/{document}", _document, groups=LINKING),
    Page("result", "/packets/{packet}/result", _result, groups=READERS),
    Page("withdrawal", "/packets/{packet}/withdraw", _withdrawal, groups=_APPLICANT),
    Page("withdraw", "/packets/{packet}/withdraw", _withdraw, groups=_APPLICANT, method="POST", limit=ACTS),
    Page("share", "/packets/{packet}/link", _share, groups=LINKING, method="POST", limit=ACTS),
    Page("renew-link", "/packets/{packet}/link/renew", _renew, groups=LINKING, method="POST", limit=ACTS),
    Page("withdraw-link", "/packets/{packet}/link/withdraw", _unshare, groups=LINKING, method="POST", limit=ACTS),
    Page("progress", "/p/{token}", _progress, limit=PROGRESS),
    Page("progress-live", "/p/{token}/live", _progress_live, limit=PROGRESS),
)
