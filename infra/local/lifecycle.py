"""Bring a stack up and take it down. Both may be called at any time and in any state."""

from pathlib import Path

from pydantic import BaseModel

from . import build, deploy, paths, people
from .emulator import Emulator
from .stack import Stack, client

DEFAULT_STACK = "kaigong"


class Record(BaseModel):
    """`.local/run/<stack>/stack.json`: what is deployed there, and from what."""

    build: str
    template: str  # the text that was deployed, to tell a change of resources from a change of code
    stack: Stack


def up(stack: str = DEFAULT_STACK, report: build.Report = lambda _: None) -> Stack:
    """A running stack, deployed from the sources as they are now.

    One that is up already and was deployed from the same sources is left as it is. One whose code changed is updated and keeps its
    data. One whose template changed starts afresh: the emulator does not see every such change. `report` is told what
    takes time. Raises KaigongError.
    """
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        built = build.build(report)
        record = _read(emulator)
        if record and record.template != _template():
            report("模板已改,本地数据重新开始 … / the template changed: local data start afresh …")
            record = None
        if record is None:
            emulator.stop()
            emulator.forget()
        if not emulator.is_running():
            report("启动本地 AWS … / starting local AWS …")
            emulator.start()
        if record is None or record.build != built.key:
            report("部署 … / deploying …")
            deploy.deploy(stack, built, emulator.endpoint_url, emulator.folder / "deploy.log")
        return _describe(stack, emulator, built, record)


def down(stack: str = DEFAULT_STACK, *, forget: bool = False) -> None:
    """Stop a stack. It keeps its data for the next `up`, unless they are to be forgotten. Does nothing where none is up."""
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        emulator.stop()
        if forget:
            emulator.forget()


def _describe(name: str, emulator: Emulator, built: build.Build, record: Record | None) -> Stack:
    address = emulator.endpoint_url
    if record and record.build == built.key and record.stack.endpoint_url == address:
        return record.stack
    facts = deploy.describe(name, address)
    users = (
        record.stack.users
        if record
        else people.create(
            client(address, "cognito-idp", deploy.REGION), facts["UserPoolId"], facts["Departments"].split(",")
        )
    )
    stack = Stack(
        stack=name,
        # The API's own host name resolves in browsers alone; this address works everywhere.
        portal_url=f"{address}/_aws/execute-api/{facts['ApiId']}/$default",
        endpoint_url=address,
        region=deploy.REGION,
        bucket=facts["BucketName"],
        table=facts["TableName"],
        queues=deploy.queues(name, address),
        topic=facts["NoticesTopicArn"],
        user_pool_id=facts["UserPoolId"],
        user_pool_client_id=facts["UserPoolClientId"],
        users=users,
    )
    file = _file(emulator)
    file.touch(mode=0o600)
    file.write_text(Record(build=built.key, template=_template(), stack=stack).model_dump_json(indent=2))
    return stack


def _read(emulator: Emulator) -> Record | None:
    file = _file(emulator)
    return Record.model_validate_json(file.read_text()) if file.exists() else None


def _file(emulator: Emulator) -> Path:
    return emulator.folder / "stack.json"


def _template() -> str:
    return (paths.ROOT / "template.yaml").read_text()
