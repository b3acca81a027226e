"""`sam build`, once for each state of the sources: stacks that are deployed from the same sources share one build."""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kaigong.catalog import DATA, load_from
from kaigong.errors import Refused

from . import paths

KEPT_BUILDS = 3  # a deploy may still be reading the one before

Report = Callable[[str], None]


@dataclass(frozen=True)
class Origin:
    """What a stack was deployed from; the stack carries it as tags."""

    build: str  # digest of every source
    template: str  # digest of the templates alone, to tell a change of resources from a change of code


@dataclass(frozen=True)
class Build:
    """What is deployed: the built template, beside the archives that it names."""

    origin: Origin
    template: Path
    parameters: tuple[str, ...]  # NAME=value, as `sam build` was given them


def build(report: Report) -> Build:
    """The build of the sources as they are now; ten seconds of work when they changed. Raises Refused."""
    parameters = (f"Runtime={_runtime()}", f"Architecture={_architecture()}")
    key = _key(parameters)
    folder = paths.BUILDS / key
    with paths.locked(paths.BUILDS / "lock"):
        if not (folder / "template.yaml").exists():
            report("构建函数 … / building the functions …")
            load_from(DATA)  # functions only parse the catalogue; what is deployed has been checked
            _sam_build(parameters).rename(folder)
            _drop_old(folder)
    templates = paths.TEMPLATE.read_bytes() + paths.IDENTITY.read_bytes()
    template = hashlib.sha256(templates).hexdigest()[:16]
    return Build(Origin(build=key, template=template), template=folder / "template.yaml", parameters=parameters)


def tool_environment() -> dict[str, str]:
    """The environment for `infra/sam`: the user's certificates and indexes, nothing of his for AWS."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAM_"))}
    return environment | {"SAM_CLI_POLL_DELAY": "0.3"}  # the emulator is quicker than AWS


def sam(*arguments: str | Path, log: Path, environment: dict[str, str]) -> bool:
    """Run `infra/sam`, as a deploy to production does, with its output in `log`; tells whether it succeeded."""
    command = [paths.ROOT / "infra" / "sam", *arguments]
    with log.open("w") as output:
        return (
            subprocess.run(
                command,
                cwd=paths.ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
            == 0
        )


def _sam_build(parameters: tuple[str, ...]) -> Path:
    work = paths.BUILDS / "work"
    work.mkdir(parents=True, exist_ok=True)
    log = paths.BUILDS / "build.log"
    built = sam(
        "build",
        "--cache-dir",
        paths.BUILDS / "cache",
        "--build-dir",
        work / "out",
        "--parameter-overrides",
        *parameters,
        log=log,
        environment=tool_environment(),
    )
    if not built:  # a deploy after a failed build would ship the sources without what they import
        reasons = [line for line in log.read_text(errors="replace").splitlines() if line.strip()][-5:]
        raise Refused(f"sam build 失败,详见 {log}:\n" + "\n".join(reasons), f"sam build failed; see {log}.")
    return work / "out"


def _drop_old(newest: Path) -> None:
    builds = [template.parent for template in paths.BUILDS.glob("*/template.yaml") if template.parent.suffix == ""]
    for folder in sorted(builds, key=lambda path: path.stat().st_mtime)[:-KEPT_BUILDS]:
        if folder != newest:
            shutil.rmtree(folder)


def _key(parameters: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\n".join(parameters).encode())
    for file in _sources():
        digest.update(f"{file.relative_to(paths.ROOT)}\n{file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield from (paths.ROOT / name for name in ("template.yaml", "samconfig.toml", "infra/sam", "infra/pack.py"))
    yield from (paths.ROOT / "infra" / "tools" / f"{tool}.lock" for tool in ("sam", "uv"))
    for folder in ("functions", "infra/layers"):
        for file in sorted((paths.ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _runtime() -> str:
    """The emulator runs functions with its own interpreter, so they are built for that one."""
    tell = "import sys; print(f'python{sys.version_info.major}.{sys.version_info.minor}')"
    return subprocess.run(
        [paths.tool("ministack"), "-c", tell], capture_output=True, text=True, check=True
    ).stdout.strip()


def _architecture() -> str:
    return {"x86_64": "x86_64", "amd64": "x86_64"}.get(platform.machine().lower(), "arm64")
