"""The `kaigong` command. Exit code 0: done; 1: a refusal, with its reason; 2: wrong usage.

Heavy libraries are imported by the commands that need them: `kaigong examine` works without the AWS SDK.
"""

import sys

import typer

from . import (
    applicant,
    benefits,
    catalog,
    department,
    doctor,
    exchange,
    letter,
    local,
    operations,
    problems,
    questions,
    sample,
    supervision,
    window,
)

app = typer.Typer(
    name="kaigong",
    help="开工：投资项目材料受理与并联审批 / Document intake and parallel approval for investment projects.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (
    local.app,
    sample.app,
    letter.app,
    applicant.app,
    department.app,
    window.app,
    doctor.app,
    questions.app,
):
    app.add_typer(commands)
app.add_typer(catalog.app, name="catalog", help="事项清单 / The catalogue: check its files, count the city's figures.")
app.add_typer(supervision.app, name="supervision", help="批准后的监管 / Supervision after the approval, and its draw.")
app.add_typer(benefits.policies, name="policies", help="惠企政策 / Policies: list, check, simulate.")
app.add_typer(benefits.app, name="benefits", help="免申即享的待遇 / Benefits that need no application.")
app.add_typer(problems.app, name="problems", help="问题清单、风险与建议 / What went wrong, risks, and advice.")
app.add_typer(exchange.app, name="exchange", help="国家系统数据交换 / The national exchange of project data.")
app.add_typer(operations.app, name="ops", help="运维 / Operations: dead letters, stuck packets, replay.")


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal without Chinese is no reason to fail
    app()
