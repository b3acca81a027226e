"""Puts the measurement together: a stack of its own, a packet that warms it up, a packet that is measured.

The first packet's papers are as heavy as scans, which tells what heavy papers change; the second one's are the samples.
"""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from infra.local import Stack, down, up

from . import scenario, usage
from .afterwards import Afterwards, afterwards
from .capacity import Meter
from .catalogue import CatalogueLoad, catalogue_load
from .counting import APPLICANT, DEPARTMENT, Request, counting
from .floor import floor, size_of, unsealed, workflow
from .functions import Functions, Work
from .imports import ImportTime, import_times
from .prices import Line, requests, usd
from .saving import Saving, saving
from .scenario import Played, Wrong
from .standing import standing_lines

STACK = "kaigong-bench"
SCHEDULED = ("watch", "survey")  # these run whether packets come or not
COUNTS = "dispatch"  # who adds to the figures
OUTSIDE = (APPLICANT, DEPARTMENT)

Report = Callable[[str], None]


@dataclass(frozen=True)
class Function:
    """One function's part in the packet. Times in ms."""

    name: str
    memory: int  # MB
    invocations: int
    records: int  # messages and stream records in them
    took: float | None  # median of a warm invocation, by this machine's clock
    first: float | None  # the first one: its process starts, imports and makes its clients
    cpu: float  # processor time of all invocations
    billed: float  # what AWS would bill for all invocations, estimated
    imports: ImportTime


@dataclass(frozen=True)
class Packet:
    """One packet's requests, counted and derived."""

    played: Played
    bytes_read: int  # from object storage
    lines: list[Line]
    figures: list[Line]  # those of them that are for the figures of early warning


@dataclass(frozen=True)
class Found:
    """All that was measured."""

    packet: Packet
    scanned: Packet
    compute: list[Line]  # time and logs: no requests, so the floor has nothing to hold against them
    floor: list[Line]
    workflow: list[Line]
    standing: list[Line]  # a month without packets
    functions: list[Function]
    items: list[tuple[str, int]]  # the packet's items in the end: sort key, bytes
    catalogue: CatalogueLoad
    saving: Saving
    afterwards: Afterwards

    @property
    def ratio_of_requests(self) -> float:
        return requests(self.packet.lines) / requests(self.floor)

    @property
    def ratio_of_money(self) -> float:
        return usd(self.packet.lines) / usd(self.floor)

    @property
    def ratio_of_unsealed_money(self) -> float:
        """The same without the seals' signatures, which are alike in both and would hide the rest."""
        return usd(unsealed(self.packet.lines)) / usd(unsealed(self.floor))

    @property
    def ratio_of_own_money(self) -> float:
        """The same without what the applicant and the departments ask for, which is alike in both."""
        return usd(own(self.packet.lines)) / usd(own(self.floor))


def own(lines: Iterable[Line]) -> list[Line]:
    """The system's own requests."""
    return [line for line in lines if line.caller not in OUTSIDE]


@dataclass(frozen=True)
class _Raw:
    """One measured stretch: what came through the doors, and what the functions did."""

    requests: list[Request]
    works: dict[str, Work]

    def packet(self, played: Played, meter: Meter) -> Packet:
        counted = [request for request in self.requests if request.caller not in SCHEDULED]
        works = [work for name, work in self.works.items() if name not in SCHEDULED]
        for work in works:
            if work.invocations != len(work.took):  # an invocation without a batch would be charged for too little
                raise Wrong(
                    f"{work.name} 的调用次数不符。", f"{work.name}: {work.invocations} batches, {len(work.took)} runs."
                )
        read = sum(len(r.answer) for r in counted if (r.service, r.operation) == ("S3", "GetObject"))
        meter.forget()
        figures = usage.wire_lines(filter(_is_for_figures, counted), Meter())
        return Packet(played, read, usage.wire_lines(counted, meter) + usage.derived_lines(counted, works), figures)


def _is_for_figures(request: Request) -> bool:
    """Whether it is made for the figures alone: what reads a packet that sends nothing, or its supervision, and what
    adds.
    """
    if request.caller != COUNTS or request.service != "DynamoDB":
        return False
    reads = request.operation == "Query" and (b'"UPLOAD"' in request.body or b"SUPERVISION#" in request.body)
    return reads or (request.operation == "TransactWriteItems" and b"FIGURES#" in request.body)


def measure(stack_name: str, report: Report) -> Found:
    """Bring the stack up, measure, take it down with its data. Raises KaigongError, Wrong among them."""
    try:
        stack = up(stack_name, report)
        first, second, standing, saved = _on(stack, report)
    finally:
        down(stack_name, forget=True)
    report("测量启动时间 … / measuring how functions start …")
    meter, size = Meter(), size_of(scenario.case())
    scanned, packet = first[1].packet(first[0], meter), second[1].packet(second[0], meter)
    imports = import_times(second[1].works)
    works = [work for name, work in second[1].works.items() if name not in SCHEDULED]
    return Found(
        packet=packet,
        scanned=scanned,
        compute=usage.compute_lines(second[1].requests, works),
        floor=floor(size),
        workflow=workflow(size),
        standing=standing,
        functions=[_function(work, first[1], second[1], imports[name]) for name, work in second[1].works.items()],
        items=meter.largest(),
        catalogue=catalogue_load(),
        saving=saved,
        afterwards=afterwards(second[1].requests, works),
    )


def _on(stack: Stack, report: Report) -> tuple[tuple[Played, _Raw], tuple[Played, _Raw], list[Line], Saving]:
    functions = Functions(stack)
    with counting(stack.endpoint_url, [*OUTSIDE, *functions.configurations]) as counter:
        functions.go_through(counter.doors)
        scenario.publish_credit(stack, counter)

        def stretch[T](of: Callable[[], T]) -> tuple[T, _Raw]:
            before = len(counter.requests())
            functions.mark()
            try:
                done = of()
            finally:  # where the packet stands still, a failed batch is why
                if failed := functions.failures():
                    raise Wrong(f"有批次失败：{failed[0]}", "A batch failed.")
            return done, _Raw(counter.requests()[before:], functions.since_mark())

        report("预热：一份扫描件材料包 … / warming up: a packet of scanned papers …")
        first = stretch(lambda: scenario.play(stack, counter, scanned=True))
        report("测量：一份材料包 … / measuring: a packet …")
        second = stretch(lambda: scenario.play(stack, counter))
        runs = {name: _run(name, functions, stretch) for name in SCHEDULED}
        saved = saving(stack, counter)
    return first, second, standing_lines(stack, runs), saved


def _run(name: str, functions: Functions, stretch: Callable[[Callable[[], None]], tuple[None, _Raw]]) -> list[Line]:
    """What one run of a scheduled function costs."""
    functions.run(name)  # a cold run asks for the same, but takes longer
    _, raw = stretch(lambda: functions.run(name))
    asked, works = [request for request in raw.requests if request.caller == name], [raw.works[name]]
    return usage.wire_lines(asked, Meter()) + usage.derived_lines([], works) + usage.compute_lines(asked, works)


def _function(work: Work, first: _Raw, packet: _Raw, imports: ImportTime) -> Function:
    cold = first.works[work.name].took
    return Function(
        name=work.name,
        memory=work.memory,
        invocations=work.invocations,
        records=sum(work.from_queue + work.from_stream),
        took=statistics.median(work.took) if work.took else None,
        first=cold[0] if cold else None,
        cpu=work.cpu * 1000,
        billed=usage.billed_seconds(work, packet.requests) * 1000,
        imports=imports,
    )
