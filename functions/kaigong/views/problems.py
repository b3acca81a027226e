"""The problem list as people and programs read it: a department's matters, or all departments, over some days, with the
risk of each, its parts, and what is advised; and the same as CSV.

Source: mission 11.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pydantic import Field

from kaigong.domain import words
from kaigong.domain.flow import risk
from kaigong.domain.flow.risk import Advice, Figures
from kaigong.domain.model.catalogue import Catalogue, Code, Department, Matter
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.problems import APART, MOST_RISKY, SHARE_OF, STOCK, Counted, Day, Risk, Risky
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

MOST_DAYS = 366  # that one list adds up
_BY_MATERIAL = (Counted.MISSING, Counted.GAP_LATE)  # whose reasons are materials


class ProblemFigure(Model):
    """One number of a row."""

    what: Counted
    name: Text
    count: int
    of: Counted | None = Field(default=None, description="What it is a share of.")
    percent: int | None = Field(
        default=None, description="That share, rounded down; left out where there are more than of that in these days."
    )


class ProblemReason(Model):
    """What something was returned for, refused or late for, and how often."""

    what: Counted
    reason: str = Field(description="A stable code, or a material's.")
    name: Text
    count: int


class ProblemGrade(Model):
    """The numbers of enterprises of one credit grade, as it was when they applied; empty: they had none."""

    grade: str
    name: Text
    figures: tuple[ProblemFigure, ...]


class ProblemRow(Model):
    """A matter of the department, or a department: what was counted, how risky it is and why, and what is advised."""

    code: str = Field(description="A matter; a department, where all of them are listed.")
    name: Text
    figures: tuple[ProblemFigure, ...]
    reasons: tuple[ProblemReason, ...] = ()
    grades: tuple[ProblemGrade, ...] = ()
    risk: Risk
    advice: tuple[Advice, ...] = ()


class RiskyPacket(Model):
    """A packet that a day's list names, with its risk on the last of these days on which it moved."""

    packet: str
    day: date
    risk: Risk


class ProblemList(Model):
    """What went wrong with a department's matters on some days, the highest risk first."""

    department: Code | None = Field(default=None, description="Left out: all of them, a row each.")
    name: Text
    first: date
    last: date
    days: int = Field(description="How many of these days were counted; each is, in the night after it.")
    rows: tuple[ProblemRow, ...]
    packets: tuple[RiskyPacket, ...] = ()


class PacketRisk(Model):
    """The risk of a packet as it is now: its points are those of its parts."""

    packet: str
    risk: Risk


def problem_list(
    department: Code | None, first: date, last: date, days: list[Day], catalogue: Catalogue
) -> ProblemList:
    """The list of some days, which are in order: of a department's matters, or of all departments."""
    found: dict[str, list[tuple[Counted, str, str, int]]] = {}
    newest = days[-1].day if days else None
    for day in days:
        for code, what, reason, grade, count in (*day.cells, *_of_reasons_alone(day)):
            if what not in STOCK or day.day == newest:
                found.setdefault(code, []).append((what, reason, grade, count))
    known: Mapping[Code, Matter | Department] = catalogue.matters if department else catalogue.departments
    rows = [_row(code, known.get(code), risk.figures(cells), catalogue) for code, cells in found.items()]
    return ProblemList(
        department=department,
        name=name_of(catalogue.departments, department) if department else words.problems.ALL_DEPARTMENTS,
        first=first,
        last=last,
        days=len(days),
        rows=tuple(sorted(rows, key=lambda row: (-row.risk.points, row.code))),
        packets=tuple(_packets(days)),
    )


def _of_reasons_alone(day: Day) -> Iterator[tuple[str, Counted, str, str, int]]:
    """Of what is counted apart from its reasons the numbers that a day has not, which a release counted by reason
    alone: at least as many as have the reason that most have.
    """
    there = {(code, what, grade) for code, what, reason, grade, _ in day.cells if not reason}
    most: dict[tuple[str, Counted, str], int] = {}
    for code, what, _, grade, count in day.cells:
        if what in APART and (code, what, grade) not in there:
            most[code, what, grade] = max(count, most.get((code, what, grade), 0))
    yield from ((code, what, "", grade, count) for (code, what, grade), count in most.items())


def _row(code: str, known: Matter | Department | None, found: Figures, catalogue: Catalogue) -> ProblemRow:
    judged = risk.of_figures(found)
    return ProblemRow(
        code=code,
        name=known.name if known else words.problems.OTHER_MATTER,
        figures=tuple(_figures(found.total)),
        reasons=tuple(_reasons(found, catalogue)),
        grades=tuple(_grades(found)),
        risk=judged,
        advice=risk.advice(found, judged, catalogue),
    )


def _figures(total: Mapping[Counted, int]) -> Iterator[ProblemFigure]:
    for what in Counted:
        if count := total.get(what, 0):
            of, percent = SHARE_OF.get(what), risk.share(total, what)
            yield ProblemFigure(what=what, name=names.PROBLEMS[what], count=count, of=of, percent=percent)


def _reasons(found: Figures, catalogue: Catalogue) -> Iterator[ProblemReason]:
    for (what, reason), count in sorted(found.by_reason.items(), key=lambda each: (-each[1], each[0])):
        material = what in _BY_MATERIAL
        name = name_of(catalogue.materials, reason) if material else words.problems.reason(reason)
        yield ProblemReason(what=what, reason=reason, name=name, count=count)


def _grades(found: Figures) -> Iterator[ProblemGrade]:
    by_grade: dict[str, dict[Counted, int]] = {}
    for (what, grade), count in found.by_grade.items():
        by_grade.setdefault(grade, {})[what] = count
    for grade, total in sorted(by_grade.items()):
        yield ProblemGrade(grade=grade, name=words.problems.graded_as(grade), figures=tuple(_figures(total)))


def _packets(days: Iterable[Day]) -> list[RiskyPacket]:
    newest: dict[str, tuple[date, Risky]] = {}
    for day in days:
        newest |= {risky.packet: (day.day, risky) for risky in day.packets}
    found = [RiskyPacket(packet=packet, day=day, risk=risky.risk) for packet, (day, risky) in newest.items()]
    return sorted(found, key=lambda each: (-each.risk.points, each.day, each.packet))[:MOST_RISKY]


# as a table for spreadsheets

_HEADS = ("code", "name_zh", "name_en", "what", "what_zh", "what_en", "reason", "reason_zh", "reason_en", "grade")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, "CSV Injection"; wide ones too


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like one has an apostrophe before it.

    Source: OWASP, CSV Injection. Every cell is in quotes as well, and quotes in it are doubled, so that nobody's text
    begins a new cell.
    """
    return f"'{cell}" if cell.startswith(_STARTS) else cell


def as_csv(found: ProblemList) -> bytes:
    """Each number in a line of its own; in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*_HEADS, "count", "percent", "risk", "risk_points"])
    for row in found.rows:
        for about, count, percent in _cells(row):
            level = names.RISKS[row.risk.level].zh
            written = (row.code, row.name.zh, row.name.en, *about, str(count), percent, level, str(row.risk.points))
            writer.writerow([safe(cell) for cell in written])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cells(row: ProblemRow) -> Iterator[tuple[tuple[str, ...], int, str]]:
    def told(what: Counted, reason: str = "", name: Text | None = None, grade: str = "") -> tuple[str, ...]:
        said = names.PROBLEMS[what]
        return what.value, said.zh, said.en, reason, name.zh if name else "", name.en if name else "", grade

    for figure in row.figures:
        yield told(figure.what), figure.count, "" if figure.percent is None else str(figure.percent)
    for each in row.reasons:
        yield told(each.what, each.reason, each.name), each.count, ""
    for grade in row.grades:
        for figure in grade.figures:
            yield told(figure.what, grade=grade.grade or grade.name.zh), figure.count, ""
