"""What a function loads when it starts: lists of modules, not times, which depend on the machine."""

import os
import subprocess
import sys
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
# Each with why `validate` does without it until a paper needs it, or for ever.
NOT_AT_START = (
    "pikepdf",  # readers of papers: in processes of their own, whatever comes
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
    "jinja2",
    "jwt",
    "segno",
    "oscrypto",
    "aiohttp",
)


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
