"""Commands of policies and benefits: whether policies can be applied and what they would have given; what a packet
gets, and what a department is to pay.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.errors import ExitCode

from . import clock, show
from .department import known
from .options import ActAs, AsJson, Packet, StackName
from .terminal import Command, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaigong.domain.model.benefits import Case
    from kaigong.domain.model.policy import Policy

    from .client.api import Api

policies = typer.Typer(no_args_is_help=True)
app = typer.Typer(no_args_is_help=True)

Department = Annotated[str, typer.Argument(metavar="DEPT", help="兑现部门代码 / The department that pays.")]
Benefit = Annotated[
    str, typer.Argument(metavar="BENEFIT", help="待遇编号：材料包编号.政策代码 / Packet, a dot, policy.")
]
File = Annotated[
    Path | None,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="政策文件，默认为随系统发布的 policies.json / A file of policies; the shipped one unless named.",
    ),
]


# policies


@policies.command("list", cls=Command)
def list_(stack: StackName = None, as_json: AsJson = False) -> None:
    """免申即享的惠企政策及余额 / Policies whose benefits need no application, and what is left of them."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack)).policies()
    answer(found, as_json=as_json, show=lambda console: show.policies(console, found["policies"]))


@policies.command(cls=Command)
def check(file: File = None, as_json: AsJson = False) -> None:
    """检查政策文件，一次说清全部问题 / Check a file of policies: every problem at once. Exit code 1 if any."""
    document: dict[str, Any] = {"ok": True, "problems": [], "policies": []}
    found, wrong = _read(file)
    document["policies"] = [policy.code for policy in found]
    document["problems"] = wrong
    document["ok"] = not wrong
    answer(document, as_json=as_json, show=lambda console: show.policies_checked(console, document))
    if wrong:
        raise typer.Exit(ExitCode.REFUSED)


@policies.command(cls=Command)
def simulate(
    file: File = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR",
            min=2000,
            max=2099,
            help="按该年首次提交的材料包试算，默认去年 / Packets first submitted in this year; last year unless named.",
        ),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """试算新政策：某年的材料包会得到什么 / What policies would have given to a year's packets, in the order of results.

    Nothing is given and nothing is changed. Exit code 1 where the file has a problem.
    """
    from .client import connect
    from .client.api import Api

    found, wrong = _read(file)
    if wrong:
        document: dict[str, Any] = {"ok": False, "problems": wrong, "policies": []}
        answer(document, as_json=as_json, show=lambda console: show.policies_checked(console, document))
        raise typer.Exit(ExitCode.REFUSED)
    api = Api(connect(stack), role="operations", named=act_as)
    asked = year or datetime.now(clock.zone()).year - 1
    cases = list(_cases(api, asked))
    told = {"year": asked, "packets": len(cases), "policies": [_simulated(policy, cases) for policy in found]}
    answer(told, as_json=as_json, show=lambda console: show.simulated(console, told))


def _read(file: Path | None) -> "tuple[tuple[Policy, ...], list[dict[str, Any]]]":
    """The policies of a file, and what is wrong with them."""
    from kaigong import catalog
    from kaigong.catalog.loader import POLICIES, policies_from

    try:
        return policies_from(file or catalog.DATA / POLICIES, catalog.load()), []
    except catalog.CatalogueError as error:
        told = [{"file": p.file, "entry": p.entry, "reason": {"zh": p.zh, "en": p.en}} for p in error.problems]
        return (), told


def _cases(api: "Api", year: int) -> "Iterator[Case]":
    from kaigong.domain.model.benefits import Case

    after: str | None = None
    while True:
        page = api.policy_facts(year, after)
        yield from map(Case.model_validate, page["cases"])
        after = page.get("next")
        if not after:
            return


def _simulated(policy: "Policy", cases: "list[Case]") -> dict[str, Any]:
    from kaigong.domain.flow.benefits import simulated

    found = [
        {"packet": case.packet, "decided_at": case.decided_at.isoformat(), "outcome": event.value, "worth": given}
        for case, event, given in simulated(policy, cases, clock.zone())
        if event is not None
    ]
    count = {name: sum(one["outcome"] == name for one in found) for name in ("granted", "waits", "capped")}
    return {
        "policy": policy.code,
        "name": policy.name.model_dump(),
        "budget": policy.budget,
        "spent": sum(int(str(one["worth"])) for one in found),
        **count,
        "used_up_at": next((one["decided_at"] for one in found if one["outcome"] == "waits"), None),
        "packets": found,
    }


# benefits


def _of(department: str, stack: str | None, named: str | None) -> "Api":
    from .client import connect
    from .client.api import Api

    known(department)
    return Api(connect(stack), role=f"officer-{department}", named=named)


@app.command("show", cls=Command)
def show_(packet: Packet, stack: StackName = None, as_json: AsJson = False) -> None:
    """材料包享受的惠企政策及逐条理由 / What policies give for a packet and why; of the others, why not."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack)).benefits_of(packet)
    answer(found, as_json=as_json, show=lambda console: show.benefits_of(console, found))


@app.command("list", cls=Command)
def to_pay(department: Department, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """部门待兑现的待遇 / What a department is to pay or provide, the oldest first."""
    found = _of(department, stack, act_as).benefits()
    answer(found, as_json=as_json, show=lambda console: show.benefits(console, found["rows"]))


@app.command(cls=Command)
def pay(
    department: Department,
    benefit: Benefit,
    reference: Annotated[
        str, typer.Option(metavar="TEXT", help="付款凭证号或者服务登记号 / Of the payment, or of the service.")
    ],
    despite: Annotated[
        str | None, typer.Option(metavar="TEXT", help="事实已有变化仍予兑现的理由 / Why, though a fact has changed.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """登记已兑现 / Record that a benefit was paid or provided."""
    said = {"kind": "pay", "reference": reference, "despite": despite}
    _say(_of(department, stack, act_as), benefit, said, as_json=as_json)


@app.command(cls=Command)
def revoke(
    department: Department,
    benefit: Benefit,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="理由，告知企业 / Why; the enterprise is told.")],
    basis: Annotated[str, typer.Option(metavar="TEXT", help="依据 / On which basis.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """事实有误，撤销待遇 / Revoke a benefit since a fact was wrong."""
    said = {"kind": "revoke", "reason": reason, "basis": basis}
    _say(_of(department, stack, act_as), benefit, said, as_json=as_json)


def _say(api: "Api", benefit: str, said: dict[str, Any], *, as_json: bool) -> None:
    version = api.benefit(benefit)["version"]
    found = api.say_of_benefit(benefit, version, {name: value for name, value in said.items() if value is not None})
    answer(found, as_json=as_json, show=lambda console: show.benefits(console, [found]))


@app.command(cls=Command)
def decline(
    packet: Packet,
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="政策代码 / The policy's code.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """企业谢绝一项待遇，不能恢复 / The enterprise declines a benefit, for good."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack), role="applicant", named=act_as).decline_benefit(packet, policy)
    answer(found, as_json=as_json, show=lambda console: show.benefits_of(console, found))
