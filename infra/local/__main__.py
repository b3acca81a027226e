"""`python -m infra.local up|down [--stack NAME]`: up prints the stack as one JSON document on stdout."""

import argparse
import sys

from kaigong.errors import ExitCode, Refused, TryAgain

from . import lifecycle, paths


def main() -> int:
    """Exit code 0: done; 1: a refusal, with its reason on stderr; 2: wrong usage."""
    parser = argparse.ArgumentParser(prog="infra.local", description=__doc__)
    parser.add_argument("action", choices=["up", "down"])
    parser.add_argument("--stack", default=lifecycle.DEFAULT_STACK)
    parser.add_argument("--all", action="store_true", help="down: every stack of this checkout")
    parser.add_argument("--forget", action="store_true", help="down: delete the stack's data as well")
    arguments = parser.parse_args()
    try:
        if arguments.action == "up":
            stack = lifecycle.up(arguments.stack, report=lambda line: print(line, file=sys.stderr))
            print(stack.model_dump_json(indent=2))
        else:
            for name in paths.stacks() if arguments.all else [arguments.stack]:
                lifecycle.down(name, forget=arguments.forget)
    except (Refused, TryAgain) as error:
        print(error.zh, error.en, sep="\n", file=sys.stderr)
        return error.exit_code
    return ExitCode.DONE


if __name__ == "__main__":
    sys.exit(main())
