"""What `infra/sam build` makes of the templates: Python, one module each, which gets its byte code as all others do.

A function's folder is read-only, so that each process would have Jinja read and translate every template anew: 0.1 s of
a first page. It is done by the Jinja of the tests, which is that of the layer: what it makes suits any processor.
"""

import sys
from pathlib import Path

from .rendering import COMPILED, HERE, environment


def compile_templates(portal: Path) -> None:
    """Put the templates as Python beside those of a build's portal; one that does not compile is an error."""
    environment().compile_templates(portal / COMPILED.name, zip=None, ignore_errors=False)


if __name__ == "__main__":
    for built in Path(sys.argv[1]).glob(f"*/kaigong/{HERE.name}"):
        compile_templates(built)
