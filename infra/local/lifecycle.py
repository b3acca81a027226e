"""Bring a stack up and take it down. Both may be called at any time and in any state."""

from pydantic import BaseModel

from . import build, deploy, paths, people
from .emulator import Emulator
from .stack import Stack, client

DEFAULT_STACK = "kaigong"
STACK, SOURCE = "stack.json", "source.json"


class Source(BaseModel):
    """What a stack was deployed from; kept in `.local/run/<stack>`, beside the stack itself."""

    build: str
    template: str  # its text, to tell a change of resources from a change of code


def up(stack: str = DEFAULT_STACK, report: build.Report = lambda _: None) -> Stack:
    """A running stack, deployed from the sources as they are now.

    One that is up already and was deployed from the same sources is left as it is. One whose code changed is updated
    and keeps its data. One whose template changed starts afresh: the emulator does not see every such change. `report`
    is told what takes time. Raises KaigongError.
    """
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        built = build.build(report)
        now = Source(build=built.key, template=(paths.ROOT / "template.yaml").read_text())
        known, before = _read(emulator, Stack, STACK), _read(emulator, Source, SOURCE)
        if before and before.template != now.template:
            report("模板已改,本地数据重新开始 … / the template changed: local data start afresh …")
            known = before = None
        if known is None or before is None:
            emulator.stop()
            emulator.forget()
        if not emulator.is_running():
            report("启动本地 AWS … / starting local AWS …")
            emulator.start()
        address = emulator.endpoint_url
        if before == now and known and known.endpoint_url == address:
            return known
        if before != now:
            report("部署 … / deploying …")
            deploy.deploy(stack, built, address, emulator.folder / "deploy.log")
        deployed = _describe(stack, address, known)
        _write(emulator, deployed, STACK)
        _write(emulator, now, SOURCE)
        return deployed


def down(stack: str = DEFAULT_STACK, *, forget: bool = False) -> None:
    """Stop a stack. It keeps its data for the next `up`, unless they are to be forgotten."""
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        emulator.stop()
        if forget:
            emulator.forget()


def _describe(name: str, address: str, known: Stack | None) -> Stack:
    facts = deploy.describe(name, address)
    identity = client(address, "cognito-idp", deploy.REGION)
    return Stack(
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
        users=known.users if known else people.create(identity, facts["UserPoolId"], facts["Departments"].split(",")),
    )


def _read[M: BaseModel](emulator: Emulator, model: type[M], name: str) -> M | None:
    file = emulator.folder / name
    return model.model_validate_json(file.read_text()) if file.exists() else None


def _write(emulator: Emulator, value: BaseModel, name: str) -> None:
    file = emulator.folder / name
    file.touch(mode=0o600)  # the users' passwords are in one of them
    file.write_text(value.model_dump_json(indent=2))
