"""The import contracts of pyproject.toml hold, and each of them would notice a breach."""

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env={"PYTHONPATH": f"{root / 'functions'}:{root}", "PATH": "", "PYTHONUTF8": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_every_import_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


# What is planted where, and which contract it breaks. A module that has no place yet is a breach of those that are
# exhaustive.
BREACHES = [
    ("functions/kaigong/domain/model/text.py", "import boto3", "Domain, views and contract know no AWS"),
    ("functions/kaigong/views/packet.py", "import pikepdf", "Domain, views and contract know no AWS"),
    ("functions/kaigong/domain/model/clock.py", "from kaigong import settings", "handlers > portal > contract"),
    ("functions/kaigong/errors.py", "from kaigong.domain.model import text", "handlers > portal > contract"),
    ("functions/kaigong/domain/flow/gaps.py", "from kaigong.views import states", "handlers > portal > contract"),
    ("functions/kaigong/views/packet.py", "from kaigong.contract import problems", "handlers > portal > contract"),
    ("functions/kaigong/views/packet.py", "from kaigong.store import packets", "handlers > portal > contract"),
    ("functions/kaigong/contract/routes.py", "from kaigong.store import packets", "What people are told"),
    ("functions/kaigong/views/guide.py", "from kaigong.catalog import load", "What people are told"),
    ("functions/kaigong/domain/model/packet.py", "from kaigong.domain.flow import review", "domain: flow > intake"),
    (
        "functions/kaigong/domain/model/clock.py",
        "from kaigong.domain import words",
        "domain: flow > intake > words",
    ),
    (
        "functions/kaigong/domain/words/gaps.py",
        "from kaigong.domain.intake import finding",
        "domain: flow > intake > words",
    ),
    (
        "functions/kaigong/views/words/team.py",
        "from kaigong.views import packet",
        "views: shapes and what fills them",
    ),
    ("functions/kaigong/views/states.py", "from kaigong.views import words", "views: shapes and what fills them"),
    (
        "functions/kaigong/domain/intake/letter.py",
        "from kaigong.domain.flow import review",
        "domain: flow > intake",
    ),
    ("functions/kaigong/store/packets.py", "from kaigong.domain.flow import window", "The store keeps values"),
    ("functions/kaigong/store/drafts.py", "from kaigong.domain.intake import draft", "The store keeps values"),
    ("functions/kaigong/store/desk.py", "from kaigong.views import desk_queue", "The store keeps values"),
    ("functions/kaigong/store/keys.py", "import kaigong.examine", "handlers > portal > contract"),
    ("functions/kaigong/store/items.py", "import aws_lambda_powertools", "Only handlers and the portal"),
    ("functions/kaigong/catalog/loader.py", "import boto3", "Only the store talks to AWS"),
    ("functions/kaigong/handlers/watch.py", "from . import advance", "A handler imports no other handler"),
    ("functions/kaigong/portal/access.py", "import aws_lambda_powertools", "Only handlers and the portal"),
    ("functions/kaigong/portal/follow/pages.py", "from kaigong.portal.apply import api", "portal: app > window"),
    ("functions/kaigong/portal/web/dispatch.py", "from kaigong.portal.desk import pages", "portal: app > window"),
    ("functions/kaigong/portal/access.py", "from kaigong.portal.web import request", "portal: app > window"),
    ("functions/kaigong/portal/apply/actions.py", "from . import pages", "An area's pages and API call"),
    ("functions/kaigong/portal/desk/actions.py", "from kaigong.portal.web import request", "What is done knows"),
    ("functions/kaigong/store/files.py", "import pikepdf", "Only examine opens"),
    ("functions/kaigong/portal/access.py", "import typst", "Only documents typesets"),
    ("functions/kaigong/store/queues.py", "import infra", "What ships imports nothing"),
    ("infra/__init__.py", "from kaigong.store import packets", "infra is a client"),
    ("infra/figures/figures.py", "from kaigong.portal import access", "infra is a client"),
    ("functions/kaigong/unplaced.py", "", "handlers > portal > contract"),
    ("functions/kaigong/domain/unplaced.py", "", "domain: flow > intake"),
    ("functions/kaigong/views/unplaced.py", "", "views: shapes and what fills them"),
    ("functions/kaigong/handlers/unplaced.py", "", "A handler imports no other handler"),
    ("functions/kaigong/portal/unplaced.py", "", "portal: app > window"),
    ("functions/kaigong/portal/follow/unplaced.py", "", "An area's pages and API call"),
]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken contract of a copy of the sources in which every breach is planted."""
    root = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", root)
    only_python = shutil.ignore_patterns("data", "__pycache__", "*.pdf")
    shutil.copytree(ROOT / "functions" / "kaigong", root / "functions" / "kaigong", ignore=only_python)
    shutil.copytree(ROOT / "infra", root / "infra", ignore=only_python)
    for module, line, _ in BREACHES:
        with (root / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    done = lint_imports(root)
    assert done.returncode == 1, done.stdout + done.stderr
    return reported(done.stdout)


def reported(report: str) -> dict[str, str]:
    """The broken contracts by name, each with what is said of it."""
    parts = re.split(r"^(.+)\n-{5,}\n", report.partition("Broken contracts\n")[2], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def modules(module: str, line: str) -> tuple[str, str]:
    """The planted module, and a pattern of what it imports: a name is a module of a package, or stands in it."""
    name = module.removeprefix("functions/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    package, _, imported = line.removeprefix("from ").removeprefix("import ").partition(" import ")
    package = name.rpartition(".")[0] if package == "." else package
    return name, re.escape(package) + (rf"(\.{re.escape(imported)})?" if imported else "")


@pytest.mark.parametrize(("module", "line", "contract"), BREACHES)
def test_a_breach_of_the_architecture_is_noticed(broken: dict[str, str], module: str, line: str, contract: str) -> None:
    told = [text for name, text in broken.items() if name.startswith(contract)]
    assert told, f"{contract} is kept"
    name, imported = modules(module, line)
    chain = rf" -> {imported} \(l\." if line else "$"
    assert any(re.search(rf"^- +{re.escape(name)}{chain}", text, re.MULTILINE) for text in told), told


def test_a_unit_test_can_reach_nobody() -> None:
    with socket.socket() as plug, pytest.raises(AssertionError, match="tried to connect"):
        plug.connect(("127.0.0.1", 9))
