"""What a function loads when it starts, and what it keeps: lists of modules, not times, which depend on the machine."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
# Each with why `validate` does without it until a paper needs it, or for ever.
NOT_AT_START = (
    "kaigong.examine.zygote",  # what readers of papers live in: processes of their own, whatever comes
    "kaigong.examine.child",
    "pikepdf",  # the readers
    "pypdfium2",
    "pypdfium2_raw",
    "pi_heif",
    "pyhanko",  # where something is signed
    "asn1crypto",
    "cryptography",
    "lxml",
    "pypdf",  # where something is signed or was changed
    "PIL",  # pictures
    "gmalg",  # seals of OFD documents
    "aws_lambda_powertools.utilities.parser",  # models of every kind of event; needs pydantic to be loaded after it
    "kaigong.portal",
    "kaigong.views",
    "kaigong.contract",
    "kaigong.domain.flow",
    "kaigong.domain.words.names",  # what everything is called, and so most of the model
    "kaigong.domain.model.standing",
    "kaigong.domain.model.packet",  # what a packet is: it takes in what arrives and knows no more of it
    "kaigong.domain.model.messages",
    "kaigong.domain.model.supervision",
    "kaigong.store.packets",
    "jinja2",
    "jwt",
    "segno",
    "oscrypto",
    "aiohttp",
)


def test_the_layer_of_readers_keeps_within_what_we_allow_ourselves() -> None:
    """Unzipped and with byte code, of which there is about as much as of sources."""
    listed = (FUNCTIONS.parent / "infra/layers/examine/requirements.txt").read_text()
    size = 0
    for name in re.findall(r"^([\w.-]+)==", listed, re.MULTILINE):
        with suppress(metadata.PackageNotFoundError):  # for another system
            files = [Path(str(file.locate())) for file in metadata.files(name) or ()]
            shipped = [path for path in files if path.exists() and "__pycache__" not in path.parts]
            size += sum(path.stat().st_size * (1 + (path.suffix == ".py")) for path in shipped)
    assert 50e6 < size < 120e6


def test_validate_starts_without_what_few_papers_need() -> None:
    code = "import sys, kaigong.handlers.validate; print(*sys.modules)"
    clean = {"PYTHONPATH": str(FUNCTIONS), "POWERTOOLS_SERVICE_NAME": "test", "PATH": os.environ["PATH"]}
    told = subprocess.run([sys.executable, "-c", code], env=clean, check=True, capture_output=True, text=True)
    loaded = told.stdout.split()
    assert [name for name in NOT_AT_START if any(m == name or m.startswith(f"{name}.") for m in loaded)] == []


def test_the_values_of_the_domain_are_built_when_they_are_used() -> None:
    code = (
        "import kaigong.handlers.validate, kaigong.catalog.reform, kaigong.catalog.reasons, sys\n"
        "from pydantic import TypeAdapter\n"
        "from kaigong.domain.model.packet import Packet\n"
        "loaded = [vars(module) for name, module in sys.modules.items() if name.startswith('kaigong')]\n"
        "adapters = [v for values in loaded for v in list(values.values()) if isinstance(v, TypeAdapter)]\n"
        "print(Packet.__pydantic_complete__ or not adapters or any(a.pydantic_complete for a in adapters))"
    )
    clean = {"PYTHONPATH": str(FUNCTIONS), "POWERTOOLS_SERVICE_NAME": "test", "PATH": os.environ["PATH"]}
    told = subprocess.run([sys.executable, "-c", code], env=clean, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def test_a_start_is_not_looked_through_for_garbage_and_what_comes_after_it_is() -> None:
    code = (
        "import gc; usual, looks = gc.get_threshold(), lambda: gc.get_stats()[0]['collections']\n"
        "before = looks()\n"
        "import kaigong.handlers.portal\n"
        "assert looks() <= before + 1\n"  # before the package said so
        "assert gc.get_threshold() != usual\n"
        "kept = [[] for _ in range(300_000)]\n"
        "assert gc.get_freeze_count() > 50_000\n"
        "assert gc.get_threshold() == usual\n"
        "assert looks() > before + 10\n"
    )
    clean = {"PYTHONPATH": str(FUNCTIONS), "POWERTOOLS_SERVICE_NAME": "test", "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", code], env=clean, check=True)


# What a process keeps by what it is asked, and how many of it there can be.
FEW = {
    "catalogue": "languages that lie in `locale`",
    "client": "services of AWS",
    "compiler": "templates of ours",
    "document": "revisions of an encryption",
    "_program": "two",
    "light": "days, as long as one list of them is made",
}


def functions() -> Iterator[ast.FunctionDef]:
    for path in (FUNCTIONS / "kaigong").rglob("*.py"):
        yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))


def test_what_a_process_keeps_does_not_grow_with_what_it_is_asked() -> None:
    unbounded = {
        function.name
        for function in functions()
        if function.args.args and any(isinstance(by, ast.Name) and by.id == "cache" for by in function.decorator_list)
    }
    assert unbounded == set(FEW)
