"""Examine files without AWS, and compare what is found in a folder of known documents with what is true of them.

`python -m infra.samples.corpus DIR [--json]`, that is `make corpus CORPUS=DIR`, reads DIR/truth.json: a list of
objects with `file` and any of `opens`, `pages`, `encrypted`, `javascript`, `launch`, `embedded_files`, `signed`,
`text_on_page_1`, `verdict_ok` (the verdicts that are right).
A missing or null value is not compared; a list means that either value is right.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.examine import FileSource, examine, warm_up
from rich.console import Console
from rich.progress import track
from rich.table import Table

Row = dict[str, Any]  # one file's JSON object, or one difference

COMPARED = ("opens", "pages", "encrypted", "javascript", "launch", "embedded_files", "signed", "text_on_page_1")
_SHOWN = (
    "kind",
    "opens",
    "pages",
    "encrypted",
    "damaged",
    "javascript",
    "launch",
    "embedded_files",
    "signed",
    "text_on_page_1",
    "blank_pages",
    "all_pages_blank",
    "bytes_read",
)


def examine_file(path: str | os.PathLike[str]) -> Row:
    """What `validate` would find in this file if any document would do. Raises OSError where it cannot be read."""
    began = time.perf_counter()
    with FileSource(path) as source:
        facts = examine(source)
    finding = judge(facts, DEFAULT_MATERIAL, None)
    known = facts.model_dump(mode="json", include=set(_SHOWN))
    return {
        "file": os.fspath(path),
        **{key: known[key] for key in _SHOWN},
        "seconds": round(time.perf_counter() - began, 4),
        "verdict": finding.verdict.value,
        "reasons": [{"code": reason.code, "zh": reason.zh, "en": reason.en} for reason in finding.reasons],
    }


def compare(found: Row, truth: Row) -> list[Row]:
    """Every value in which what was found is not what is true."""
    differences = []
    for key in COMPARED:
        expected = truth.get(key)
        accepted = expected if isinstance(expected, list) else [expected]
        if expected is not None and found[key] not in accepted:
            differences.append({"file": truth["file"], "fact": key, "expected": expected, "found": found[key]})
    right = truth.get("verdict_ok")
    if right is not None and found["verdict"] not in right:
        differences.append({"file": truth["file"], "fact": "verdict", "expected": right, "found": found["verdict"]})
    return differences


def examine_corpus(folder: str | os.PathLike[str], console: Console) -> tuple[list[Row], list[Row]]:
    """The examination of every file that the folder's truth names, and all differences from it."""
    home = Path(folder)
    truths = json.loads((home / "truth.json").read_text(encoding="utf-8"))
    warm_up()  # or the first file would seem slow
    results, differences = [], []
    for truth in track(truths, description="审查 examining", console=console, transient=True):
        found = examine_file(home / truth["file"])
        results.append(found)
        differences.extend(compare(found, truth))
    return results, differences


def run(folder: str | os.PathLike[str], *, as_json: bool = False) -> int:
    """Examine a corpus and print it, or one JSON document. Returns 0 when nothing differs, else 1."""
    console = Console(stderr=as_json)
    results, differences = examine_corpus(folder, console)
    seconds = [result["seconds"] for result in results] or [0.0]
    summary = {
        "files": len(results),
        "differences": len(differences),
        "seconds_median": round(statistics.median(seconds), 4),
        "seconds_max": max(seconds),
    }
    if as_json:
        document = {"summary": summary, "differences": differences, "files": results}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        _show(console, results, differences, summary)
    return 1 if differences else 0


def _show(console: Console, results: list[Row], differences: list[Row], summary: Row) -> None:
    table = Table(title="文件审查 examination")
    for heading in ("文件 file", "打开 opens", "页 pages", "结论 verdict", "原因 reasons", "毫秒 ms"):
        table.add_column(heading, overflow="fold")
    for result in results:
        codes = ", ".join(reason["code"] for reason in result["reasons"])
        pages = "" if result["pages"] is None else str(result["pages"])
        milliseconds = f"{result['seconds'] * 1000:.1f}"
        table.add_row(Path(result["file"]).name, result["opens"], pages, result["verdict"], codes, milliseconds)
    console.print(table)
    for row in differences:
        console.print(f"[red]不一致 differs[/red] {row['file']}: {row['fact']}", end=" ")
        console.print(f"应为 expected {row['expected']!r}, 实为 found {row['found']!r}")
    console.print(f"{summary['files']} 个文件 files, {summary['differences']} 处不一致 differences", end=", ")
    console.print(f"中位 median {summary['seconds_median']} s, 最长 max {summary['seconds_max']} s")


def main() -> int:
    """The command line. Exit 0: no difference; 1: differences; 2: wrong usage or no such folder."""
    parser = argparse.ArgumentParser(prog="python -m infra.samples.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with truth.json and the files that it names")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON document")
    options = parser.parse_args()
    if not (options.folder / "truth.json").is_file():
        parser.error(f"no truth.json in {options.folder}")
    return run(options.folder, as_json=options.as_json)


if __name__ == "__main__":
    raise SystemExit(main())
