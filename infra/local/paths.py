"""Where things are in the checkout."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from kaigong.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE, IDENTITY = ROOT / "template.yaml", ROOT / "infra" / "identity" / "cognito.yaml"
LOCAL = ROOT / ".local"
RUNS = LOCAL / "run"
BUILDS = LOCAL / "build"


def tool(name: str) -> Path:
    """The interpreter of the tool environment `name`. Raises Refused where `make setup` has not been run."""
    python = LOCAL / name / "bin" / "python"
    if not python.exists():
        raise Refused(f"缺少 .local/{name}:请先运行 make setup。", f".local/{name} is missing: run `make setup` first.")
    return python


def stacks() -> list[str]:
    """Names of the stacks that have a folder in this checkout."""
    return sorted(folder.name for folder in RUNS.glob("[!.]*/")) if RUNS.exists() else []


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Only one process at a time gets past this for one file; the others wait."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        flock(handle, LOCK_EX)
        yield
