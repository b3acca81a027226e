"""Shows what was measured, and writes it down."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from . import afterwards, anchoring, catalogue, documents, saving
from .floor import unsealed
from .measure import Found, Function, Packet, own
from .prices import Line, price_list, requests, usd
from .usage import WAIT_MS

AIM = 1.6  # times the floor that a packet may take
MICRO = 1_000_000
WIDTH = 120  # columns at the least: a narrower terminal wraps lines, not cells


def as_json(found: Found) -> dict[str, Any]:
    """All of it, as it is written to the file. Money in US dollars, times in ms, sizes in bytes."""
    return {
        "prices": {key: price_list()[key] for key in ("region", "as_of", "currency", "note")},
        "totals": {
            "requests": requests(found.packet.lines),
            "figures_requests": requests(found.packet.figures),
            "figures_usd": usd(found.packet.figures),
            "floor_requests": requests(found.floor),
            "ratio_of_requests": round(found.ratio_of_requests, 3),
            "usd": usd(found.packet.lines),
            "floor_usd": usd(found.floor),
            "ratio_of_money": round(found.ratio_of_money, 3),
            "ratio_of_unsealed_money": round(found.ratio_of_unsealed_money, 3),
            "ratio_of_own_money": round(found.ratio_of_own_money, 3),
            "compute_usd": usd(found.compute),
            "workflow_transitions_usd": usd(found.workflow),
            "standing_usd_a_month": usd(found.standing),
        },
        "packet": _packet(found.packet),
        "scanned": _packet(found.scanned),
        "compute": _lines(found.compute),
        "floor": _lines(found.floor),
        "workflow": _lines(found.workflow),
        "standing": _lines(found.standing),
        "functions": [asdict(function) for function in found.functions],
        "items": [{"sk": sk, "bytes": size} for sk, size in found.items],
        "catalogue": asdict(found.catalogue),
        "saving": asdict(found.saving),
        "afterwards": asdict(found.afterwards),
    }


def _packet(packet: Packet) -> dict[str, Any]:
    totals = {"bytes_read": packet.bytes_read, "requests": requests(packet.lines), "usd": usd(packet.lines)}
    return asdict(packet.played) | totals | {"lines": _lines(packet.lines)}


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [asdict(line) | {"usd": line.usd} for line in lines]


def write(found: Found, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def show(found: Found) -> None:
    console = Console()
    console.width = max(console.width, WIDTH)
    packet = found.packet.lines
    console.print(_priced("一份材料包的 AWS 请求 / the AWS requests of one packet", packet + found.compute))
    console.print(_priced("下限：任何设计都免不了的请求 / the floor: requests that no design avoids", found.floor))
    console.print(_functions(found.functions))
    console.print(_items(found.items))
    for line in [
        *_summary(found),
        *afterwards.lines(found.afterwards),
        *saving.lines(found.saving),
        *catalogue.lines(found.catalogue),
        *anchoring.lines(anchoring.measured()),
        *documents.lines(documents.measured()),
    ]:
        console.print(f"• {line}", highlight=False)


def _table(title: str, *columns: str, numbers: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return table


def _priced(title: str, lines: list[Line]) -> Table:
    numbers = ("次数\nrequests", "单位\nunits", "\nµUSD")
    reasoned = any(line.why for line in lines)
    last = "为何\nwhy" if reasoned else "计价\nprice"
    table = _table(title, "服务\nservice", "操作\noperation", "调用方\ncaller", *numbers, last, numbers=numbers)
    for line in lines if reasoned else sorted(lines, key=lambda line: line.service):
        count, units = str(line.requests) if line.requests else "", f"{line.quantity:,.3g}"
        note = line.why or line.price
        table.add_row(line.service, line.operation, line.caller, count, units, _micro(line.usd), note)
    table.add_section()
    table.add_row("合计 total", "", "", str(requests(lines)), "", _micro(usd(lines)), "", style="bold")
    return table


def _functions(functions: list[Function]) -> Table:
    numbers = ("MB", "次数", "记录", "CPU", "计费", "热", "首次", "导入", "未编译")
    title = (
        "函数，时间为毫秒 / functions, times in ms: 次数 calls, 记录 records, 计费 billed (estimate), 热 a warm call, "
        "首次 the first call, 导入 import (CPU), 未编译 import without compiled code (CPU)"
    )
    table = _table(title, "函数", *numbers, numbers=numbers)
    for f in functions:
        times = (f.cpu, f.billed, f.took, f.first, f.imports.compiled, f.imports.sources)
        shown = ("—" if ms is None else f"{ms:.0f}" for ms in times)
        table.add_row(f.name, str(f.memory), str(f.invocations), str(f.records), *shown)
    return table


def _items(items: list[tuple[str, int]]) -> Table:
    numbers = ("数量 / count", "最大 / largest", "合计 / total")
    table = _table("表中条目，字节 / items in the table, bytes", "种类 / kind", *numbers, numbers=numbers)
    kinds: dict[str, list[int]] = {}
    for sk, size in items:
        kinds.setdefault(sk.partition("#")[0], []).append(size)
    for kind, sizes in kinds.items():
        table.add_row(kind, str(len(sizes)), f"{max(sizes):,}", f"{sum(sizes):,}")
    return table


def _summary(found: Found) -> list[str]:
    played, scanned, prices = found.packet.played, found.scanned, price_list()
    lines, engine = found.packet.lines, usd(found.workflow)
    whole = usd(lines + found.compute)
    return [
        f"{played.papers} 份材料、{played.matters} 个事项，结果 {played.result} / {played.papers} papers, "
        f"{played.matters} matters, result {played.result}: {_bytes(found.packet)}",
        f"请求 / requests: {requests(lines)} : {requests(found.floor)} = "
        f"{found.ratio_of_requests:.2f} × 下限 / floor {_aim(found.ratio_of_requests)}",
        f"费用 / money: {_micro(usd(lines))} : {_micro(usd(found.floor))} µUSD = "
        f"{found.ratio_of_money:.2f} × 下限 / floor {_aim(found.ratio_of_money)}",
        f"不计印章签名 / without the seals' signatures: {_micro(usd(unsealed(lines)))} : "
        f"{_micro(usd(unsealed(found.floor)))} µUSD = {found.ratio_of_unsealed_money:.2f} × 下限 / floor "
        f"{_aim(found.ratio_of_unsealed_money)}",
        f"其中系统自身 / of it the system's own: {_micro(usd(own(lines)))} : {_micro(usd(own(found.floor)))} µUSD = "
        f"{found.ratio_of_own_money:.2f} ×",
        f"另加计算与日志 / compute and logs on top: {_micro(usd(found.compute))} µUSD; 合计 / in all: "
        f"{_micro(whole)} µUSD = {whole * 1000:.2f} USD 每千份 / per thousand packets",
        f"其中统计 / of it for figures: {requests(found.packet.figures)} 次请求 / requests = "
        f"{_micro(usd(found.packet.figures))} µUSD",
        f"扫描件 / papers as scans: {requests(scanned.lines)} 次请求 / requests, {_micro(usd(scanned.lines))} µUSD; "
        f"{_bytes(scanned)}",
        f"Step Functions Standard: {requests(found.workflow)} 次状态转换 / transitions = {_micro(engine)} µUSD, "
        f"{engine / whole:.1f} × 本系统全部费用 / everything here; 尚未计 Lambda、S3、SQS / Lambda, S3, SQS on top",
        f"没有材料包的一个月 / a month without packets: {usd(found.standing):.2f} USD ("
        + ", ".join(f"{line.service} {line.caller} {line.usd:.2f}" for line in found.standing if line.usd >= 0.01)
        + ")",
        f"价格 / prices: {prices['region']}, {prices['as_of']}; 等待为假定 / waits are assumed: "
        + ", ".join(f"{service} {ms} ms" for service, ms in WAIT_MS.items()),
    ]


def _bytes(packet: Packet) -> str:
    return f"上传 / uploaded {packet.played.bytes_uploaded:,} B, 读取 / read {packet.bytes_read:,} B"


def _aim(ratio: float) -> str:
    return f"（目标 / aim ≤ {AIM:g}{'' if ratio <= AIM else '，未达到 / missed'}）"


def _micro(money: float) -> str:
    return f"{money * MICRO:,.1f}"
