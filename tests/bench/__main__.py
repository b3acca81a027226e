"""`make bench`: what one packet costs, measured on the deployed stack and held against what it must cost at least."""

import argparse
import sys
from pathlib import Path

from kaigong.errors import KaigongError

from . import measure, readers, report

DEFAULT = Path("out/bench.json")


def main() -> int:
    """Exit code 0: measured; 1: the packet did not become what it should, with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, default=DEFAULT, metavar="FILE", help=f"where to write it; {DEFAULT}")
    parser.add_argument("--stack", default=measure.STACK, help=f"the local stack to measure; {measure.STACK}")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="PDFs that the readers are compared on as well")
    arguments = parser.parse_args()
    try:
        found = measure.measure(arguments.stack, lambda line: print(line, file=sys.stderr))
    except KaigongError as error:
        print(error.zh, error.en, sep="\n", file=sys.stderr)
        return error.exit_code
    report.show(found)
    report.write(found, arguments.json)
    print(*readers.lines(readers.compare(arguments.corpus)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
