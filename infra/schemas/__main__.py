"""`python -m infra.schemas` writes schemas/; with `--check` it writes nothing and ends with 1 where a file differs."""

import sys

from .files import differing, write


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("用法 / usage: python -m infra.schemas [--check]", file=sys.stderr)
        return 2
    if not arguments:
        write()
        return 0
    for path in (wrong := differing()):
        print(
            f"schemas/{path} 与模型不一致，请运行 make schemas / differs from the models: run make schemas",
            file=sys.stderr,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
