"""README's own line for a deploy, and the command that it calls: production is built and deployed as it says."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from kaigong.catalog import load

from infra.local import deploy, down
from infra.local.emulator import Emulator
from infra.local.paths import ROOT

from . import template
from .test_locks import pins

README = ROOT / "README.md"
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
ASKED = ("IdentityIssuer", "IdentityClientId", "IdentityClaims", "IdentityAudiences")  # the other stack's outputs
ACCOUNT = "kaigong-test-account"  # the emulator that stands for a real account
ELF_MACHINES = {"arm64": 183, "x86_64": 62}
UNCHECKED_HASH = (1).to_bytes(4, "little")  # PEP 552: neither times nor sources are looked at


def deploy_line() -> str:
    """The line of README, without its remark."""
    (line,) = re.findall(r"^(infra/sam build && infra/sam deploy .*?) *(?:#.*)?$", README.read_text(), re.MULTILINE)
    return str(line)


def identity_line() -> str:
    """The line before it, which says who people are."""
    (line,) = re.findall(r"^(infra/sam deploy --template-file infra/identity/.*?) *(?:#.*)?$", README.read_text(), re.M)
    return str(line)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources as somebody else has them: nothing that is made from them but the tools of `make setup`.

    Where this machine's Python is not the runtime that the template prefers, the template prefers this one.
    """
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    shutil.copytree(ROOT, tmp_path / "kaigong", ignore=shutil.ignore_patterns(".git", *ignored))
    for made in (".local", ".venv"):
        (tmp_path / "kaigong" / made).symlink_to(ROOT / made)
    written = tmp_path / "kaigong" / "template.yaml"
    written.write_text(re.sub(r"Default: python3\.\d+", f"Default: {RUNTIME}", written.read_text()))
    return tmp_path / "kaigong"


def environment(**added: str) -> dict[str, str]:
    """Nothing of this shell's but where things are: programs, packages, certificates."""
    kept = re.compile(r"HOME|PATH|LANG|(PIP|UV|SSL|REQUESTS|CURL)_\w+|PYENV_ROOT")
    return {name: value for name, value in os.environ.items() if kept.fullmatch(name)} | added


def test_readme_s_own_line_builds_and_deploys_everything(copy: Path) -> None:
    asked = template.read(copy / "template.yaml")
    account = Emulator(ACCOUNT)
    down(ACCOUNT, forget=True)  # what an interrupted run left behind
    account.start()
    there = environment(
        AWS_ENDPOINT_URL=account.endpoint_url,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION=deploy.REGION,
        SAM_CLI_POLL_DELAY="0.3",
    )
    try:
        subprocess.run(["bash", "-c", identity_line()], cwd=copy, env=there, input="y\n", text=True, check=True)
        identity = deploy.describe("kaigong-identity", account.endpoint_url)
        defaults = {name: str(found.get("Default")) for name, found in asked["Parameters"].items()}
        defaults |= {name: identity[name] for name in ASKED}
        typed = [identity[name] if name in ASKED else "" for name in defaults]
        answer = subprocess.run(
            ["bash", "-c", deploy_line()],
            cwd=copy,
            env=there,
            # Stack and region, each parameter, three questions and three where to keep the answers: all as proposed
            # that has a proposal.
            input="\n".join(["", "", *typed, *[""] * 6, "y\n"]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, (answer.stdout + answer.stderr)[-4000:]
        built = copy / ".aws-sam" / "build"
        made = template.read(built / "template.yaml")
        shipped = {name: ZipFile(built / name) for name in set(sources(made).values())}
        assert {file.name for file in built.iterdir()} == {"template.yaml", *shipped}
        holds_every_resource(made, asked)
        holds_every_handler(made, shipped)
        for resource, folder in sources(asked).items():
            holds_what_is_locked(shipped[sources(made)[resource]], copy / folder)
        for archive in shipped.values():
            holds_byte_code(archive, copy)
            suits_the_processor(archive, defaults["Architecture"])
        holds_every_template(shipped[sources(made)["PortalFunction"]])
        runs_in(account, defaults)
    finally:
        down(ACCOUNT, forget=True)


def sources(read: dict[str, Any]) -> dict[str, str]:
    """Each function and each layer of a template with its folder or, once it is built, its archive."""
    places = {}
    for name, resource in read["Resources"].items():
        if not name.startswith("Fn::ForEach::") and resource["Type"].startswith("AWS::Serverless::"):
            given = read["Globals"]["Function"] | resource["Properties"]
            places[name] = given.get("ContentUri", given["CodeUri"])
    return places


def holds_every_resource(made: dict[str, Any], asked: dict[str, Any]) -> None:
    """Loops as they were written: CloudFormation unrolls them."""
    assert made["Transform"] == asked["Transform"]
    assert made["Parameters"].keys() == asked["Parameters"].keys()
    assert made["Resources"].keys() == asked["Resources"].keys()
    loops = [name for name in asked["Resources"] if name.startswith("Fn::ForEach::")]
    assert loops
    assert [made["Resources"][name] for name in loops] == [asked["Resources"][name] for name in loops]


def holds_every_handler(made: dict[str, Any], shipped: dict[str, ZipFile]) -> None:
    for name in template.by_type("AWS::Serverless::Function"):
        resource = made["Resources"][name]["Properties"]
        module = resource["Handler"].removesuffix(".handler").replace(".", "/")
        assert f"{module}.py" in shipped[resource["CodeUri"]].namelist()


def holds_what_is_locked(archive: ZipFile, folder: Path) -> None:
    """The packages of its own lock, in these versions, and no other."""
    found = {part for name in archive.namelist() for part in name.split("/") if part.endswith(".dist-info")}
    packages = pins(name.removesuffix(".dist-info").replace("-", "==") for name in found)
    assert len(packages) == len(found)
    assert packages <= pins((folder / "requirements.txt").read_text().splitlines())
    assert packages >= pins((folder / "requirements.in").read_text().splitlines())


def holds_byte_code(archive: ZipFile, copy: Path) -> None:
    """Beside every source, for the runtime's Python, and good whatever times an archive gives to files."""
    modules = [name for name in archive.namelist() if name.endswith(".py")]
    assert modules
    for name in modules:
        code = archive.read(importlib.util.cache_from_source(name))
        assert code[:4] == importlib.util.MAGIC_NUMBER
        assert code[4:8] == UNCHECKED_HASH
        assert str(copy).encode() not in code


def holds_every_template(archive: ZipFile) -> None:
    """As Python too, so that no process has to translate one."""
    names = [name for name in archive.namelist() if name.startswith("kaigong/portal/")]
    templates = [name for name in names if name.endswith(".html")]
    made = [name for name in names if re.fullmatch("kaigong/portal/compiled/[^/]+[.]py", name)]
    assert len(made) == len(templates) > 0


def suits_the_processor(archive: ZipFile, architecture: str) -> None:
    headers = [archive.read(name)[:20] for name in archive.namelist() if name.endswith(".so")]
    assert headers
    assert {int.from_bytes(header[18:20], "little") for header in headers} == {ELF_MACHINES[architecture]}


def runs_in(account: Emulator, defaults: dict[str, str]) -> None:
    """The stack under its name of samconfig.toml, with every function and every department's queues."""
    parameters = deploy.describe("kaigong", account.endpoint_url)
    assert {name: parameters[name] for name in defaults} == defaults
    functions = deploy.client(account.endpoint_url, "lambda", deploy.REGION).list_functions()["Functions"]
    wanted = template.by_type("AWS::Serverless::Function").values()
    assert {f["FunctionName"] for f in functions} == {
        template.text(f["FunctionName"]).replace("S-", "kaigong-") for f in wanted
    }
    assert {f["Runtime"] for f in functions} == {RUNTIME}
    queues = deploy.queues("kaigong", account.endpoint_url)
    assert {f"review-{department}" for department in load().departments} <= set(queues)


@pytest.fixture
def pretended(tmp_path: Path) -> Path:
    """infra/sam with a SAM CLI that only tells what pip would be told, and builds nothing."""
    for name in ("infra/sam", "infra/registry", "infra/pack.py", "template.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for tool in (".local/sam/bin/sam", ".local/uv/bin/uv", ".venv/bin/python"):
        program = tmp_path / tool
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho $PIP_REQUIRE_HASHES $UV_REQUIRE_HASHES $PIP_PLATFORM\n")
        program.chmod(0o755)
    return tmp_path / "infra" / "sam"


@pytest.mark.parametrize(
    ("arguments", "machine"),
    [
        (["build"], "aarch64"),  # the template's default
        (["build", "--parameter-overrides", "Runtime=python3.12", "Architecture=x86_64"], "x86_64"),
        (["build", "--parameter-overrides", "Architecture=arm64 Runtime=python3.12"], "aarch64"),
        (["build", "--parameter-overrides", "ParameterKey=Architecture,ParameterValue=x86_64"], "x86_64"),
    ],
)
def test_layers_are_fetched_for_the_processor_asked_for_and_by_hash(
    pretended: Path, arguments: list[str], machine: str
) -> None:
    answer = subprocess.run([pretended, *arguments], env=environment(), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    pip, uv, *platforms = answer.stdout.split()
    assert (pip, uv) == ("1", "1")
    assert {"manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014"} <= {
        platform.removesuffix(f"_{machine}") for platform in platforms
    }


def test_a_deploy_is_sam_s_own(pretended: Path) -> None:
    answer = subprocess.run([pretended, "deploy"], env=environment(), capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout.strip()) == (0, "")


def test_without_its_tools_it_says_what_to_do(pretended: Path) -> None:
    shutil.rmtree(pretended.parents[1] / ".local" / "sam")
    answer = subprocess.run([pretended, "build"], env=environment(), capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "make setup" in answer.stderr
