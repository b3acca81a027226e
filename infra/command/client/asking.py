"""Questions about events, answered here: the files that the stack keeps, by the SQL that Athena takes.

The database is made in memory of what was downloaded, and shut before the question is asked: nothing is read or written
beside it, whatever the question says.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from kaigong.errors import Refused
from kaigong.views.events import columns

from infra.local.paths import ROOT
from infra.places import EVENTS

from .connection import Connection
from .faults import CallRefused, translated

QUESTIONS = ROOT / "docs" / "questions"
VIEW = QUESTIONS / "view.sql"
# What Athena has and DuckDB calls otherwise.
_SPELLED = (
    "CREATE MACRO approx_percentile(x, share) AS quantile_cont(x, share)",
    "CREATE MACRO day_of_week(x) AS isodow(x)",
)


class NotAQuestion(Refused):
    """What was given is no single SELECT, or none that can be answered."""


@dataclass(frozen=True)
class Answer:
    """The columns of an answer, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def ask(connection: Connection, sql: str, since: date | None = None, *, fresh: bool = False) -> Answer:
    """Ask the events of a stack, of all days or since one. `fresh`: have it write today's first.

    Raises NotAQuestion, CallRefused, Unreachable.
    """
    checked(sql)
    if fresh:
        _export_today(connection)
    with TemporaryDirectory(prefix="kaigong-events-") as folder:
        _download(connection, Path(folder), since)
        return answered(Path(folder), sql)


def checked(sql: str) -> str:
    """The question, where it is one: a single SELECT. Raises NotAQuestion."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise _not_sql(error) from error
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise NotAQuestion(
            "文件中须有且只有一条 SELECT 语句；写入、建表、读写其他文件的语句不予执行。",
            "The file has one SELECT and nothing else; what writes, makes tables or reads other files is not run.",
        )
    return sql


def answered(folder: Path, sql: str) -> Answer:
    """The answer by the files in a folder, named as in storage. Raises NotAQuestion."""
    with duckdb.connect(":memory:") as database:
        types = {name: "BIGINT" if kind is int else "VARCHAR" for name, kind in columns().items()}
        named = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        database.execute(f"CREATE TABLE events_raw ({named}, day DATE)")
        if any(folder.glob("day=*/*.gz")):
            given = f"format = 'newline_delimited', columns = {types}"
            days = "hive_partitioning = true, hive_types = {'day': DATE}"
            read = f"SELECT * FROM read_json(?, {given}, {days})"  # noqa: S608 - names of our own columns
            database.execute(f"INSERT INTO events_raw BY NAME {read}", [str(folder / "day=*" / "*.gz")])
        for statement in (*_SPELLED, VIEW.read_text("utf-8")):
            database.execute(statement)
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        try:
            found = database.execute(checked(sql))
            return Answer(tuple(column[0] for column in found.description or ()), tuple(found.fetchall()))
        except duckdb.Error as error:
            raise _not_sql(error) from error


def _not_sql(error: duckdb.Error) -> NotAQuestion:
    return NotAQuestion(
        f"这条 SQL 不能执行：{error}",
        f"This SQL cannot be run: {error}",
    )


def _export_today(connection: Connection) -> None:
    """Have `export` write what is not there yet, and today as far as it has come; its next run writes that again."""
    today = datetime.now(connection.target.zone).date().isoformat()
    with translated("Lambda"):
        answer = connection.client("lambda").invoke(
            FunctionName=f"{connection.target.stack}-export", Payload=json.dumps({"until": today})
        )
    if answer.get("FunctionError"):
        raise CallRefused(
            "export-failed",
            "今天的事件未能导出，请看 export 的日志；不加 --fresh 可查询昨天及以前的。",
            "Today's events could not be written: read the log of export. Without --fresh, ask the days before.",
        )


def _download(connection: Connection, folder: Path, since: date | None) -> None:
    s3, bucket = connection.client("s3"), bucket_of(connection)
    with translated("S3"):
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=EVENTS, StartAfter=f"{EVENTS}day={since}" if since else EVENTS
        )
        names = [item["Key"] for page in pages for item in page.get("Contents", ())]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: _fetch(s3, bucket, name, folder), names))


def _fetch(s3: Any, bucket: str, name: str, folder: Path) -> None:
    file = folder / name.removeprefix(EVENTS)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(s3.get_object(Bucket=bucket, Key=name)["Body"].read())


def bucket_of(connection: Connection) -> str:
    """Beside the bucket of papers, and named after it."""
    stack = connection.target.stack
    return connection.target.bucket.replace(f"{stack}-packets-", f"{stack}-events-", 1)
