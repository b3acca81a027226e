"""Commands of the catalogue: whether its files fit together, and what the city's figures come to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.errors import ExitCode

from .options import AsJson
from .terminal import Command, answer, table

if TYPE_CHECKING:
    from kaigong.domain.model.catalogue import Catalogue
    from rich.console import Console

    from infra.figures.figures import Figures

app = typer.Typer(no_args_is_help=True)


@app.command(cls=Command)
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="事项清单文件夹，默认为随系统发布的清单 / The catalogue's folder; the shipped one unless named.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查事项清单，一次说清全部问题 / Check a catalogue: every problem at once, by file, entry and reason.

    Exit 0 when everything fits together, 1 otherwise.
    """
    from kaigong.catalog import DATA, CatalogueError, load_from

    from infra.figures.conventional import FLOW, NAME, load_conventional

    place = folder or DATA
    document: dict[str, Any] = {"folder": str(place), "ok": True, "problems": []}
    try:
        catalogue = load_from(place)
        flow = place if folder else FLOW
        if (flow / NAME).exists():  # a catalogue needs none; only the figures do
            load_conventional(flow, catalogue)
        document |= _counts(catalogue)
    except CatalogueError as error:
        document["ok"] = False
        document["problems"] = [
            {"file": p.file, "entry": p.entry, "reason": {"zh": p.zh, "en": p.en}} for p in error.problems
        ]
    answer(document, as_json=as_json, show=lambda console: _show_check(console, document))
    if not document["ok"]:
        raise typer.Exit(ExitCode.REFUSED)


@app.command(cls=Command)
def figures(as_json: AsJson = False) -> None:
    """改革前后各项指标及算法 / The city's figures before and after the reform, and how each is counted."""
    from kaigong import catalog

    from infra.figures import figures
    from infra.figures.conventional import FLOW, load_conventional

    catalogue = catalog.load()
    found = figures.figures(catalogue, load_conventional(FLOW, catalogue))
    answer(found.model_dump(mode="json"), as_json=as_json, show=lambda console: _show_figures(console, found))


def _counts(catalogue: "Catalogue") -> dict[str, Any]:
    return {
        "version": catalogue.version,
        "departments": len(catalogue.departments),
        "matters": len(catalogue.matters),
        "supervised": sum(matter.supervisor is not None for matter in catalogue.matters.values()),
        "materials": len(catalogue.materials),
        "processes": len(catalogue.processes),
        "fields": len(catalogue.form.fields),
        "letters": len(catalogue.letters),
        "schemes": len(catalogue.schemes),
    }


def _show_check(console: "Console", document: dict[str, Any]) -> None:
    if document["problems"]:
        rows = [(p["file"], p["entry"], f"{p['reason']['zh']}\n{p['reason']['en']}") for p in document["problems"]]
        title = f"{len(rows)} 处有误 / problems: {len(rows)}"
        console.print(table(title, ("文件 file", "条目 entry", "原因 reason"), rows))
        return
    console.print(
        f"事项清单 {document['version']} 版，完整一致：{document['departments']} 个部门，{document['matters']} 个事项"
        f"（{document['supervised']} 个已对应监管部门），{document['materials']} 份材料，"
        f"{document['processes']} 种项目类型，申请表 {document['fields']} 项，"
        f"{document['letters']} 份告知承诺书，{document['schemes']} 套信用等级。\n"
        f"Catalogue {document['version']} fits together: {document['departments']} departments, "
        f"{document['matters']} matters ({document['supervised']} with a supervisor), {document['materials']} "
        f"papers, {document['processes']} project types, {document['fields']} fields of the form, "
        f"{document['letters']} letters, {document['schemes']} credit "
        "schemes.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _show_figures(console: "Console", found: "Figures") -> None:
    """The figures side by side, and below how each is counted: beside them there is no room for it."""
    each = list(enumerate(found.each(), start=1))
    rows = [(n, f"{f.name.zh}\n{f.name.en}", f.conventional, f.reformed) for n, f in each]
    headings = ("", "指标 figure", "改革前 before", "改革后 after")
    console.print(table("各项指标 / figures", headings, rows))
    for n, figure in each:
        console.print(f"{n}. {figure.how.zh}\n   {figure.how.en}", markup=False, highlight=False, soft_wrap=True)
    papers = [(e.matter, e.name.zh, e.conventional, e.reformed) for e in found.papers]
    headings = ("代码 code", "事项 matter", "改革前 before", "现行 today")
    console.print(table("\n各事项材料份数 / papers that each matter asks for", headings, papers))
    console.print(f"{found.choice.zh}\n{found.choice.en}", markup=False, highlight=False, soft_wrap=True)
