"""Runs the emulator, with two things made otherwise: `python infra/local/shared_code.py FOLDER`.

The emulator unpacks code and layers anew for every process of a function that it starts, up to three seconds of a
processor each. Here they are unpacked once, into FOLDER, and a process gets a link to them. On AWS, too, they are a
function's to read alone.

Its endpoint for tokens forgets a user's groups at a renewal, where it knows the refresh token from its own sign-in
pages; those of API calls it renews with groups, as Cognito does all. So it is to know none from its pages.

It runs in the emulator's own environment, where nothing else of ours is installed.
"""

import hashlib
import os
import runpy
import sys
import threading
import types
import zipfile
from pathlib import Path
from typing import Any

_one_at_a_time = threading.Lock()


class Shared(zipfile.ZipFile):
    """An archive that is unpacked into a folder by linking the folder to where it was unpacked before."""

    folder: Path

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        name = hashlib.sha256(repr([(one.filename, one.CRC) for one in self.infolist()]).encode()).hexdigest()
        kept, made = self.folder / name, self.folder / f"{name}.making"
        with _one_at_a_time:
            if not kept.exists():
                super().extractall(made, members, pwd)
                made.rename(kept)
        os.rmdir(path)
        os.symlink(kept, path)


class Forgotten(dict[str, Any]):
    """Keeps nothing."""

    def __setitem__(self, key: str, value: Any) -> None:
        pass


if __name__ == "__main__":
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]  # it is in the environment named above
    from ministack.services import cognito  # type: ignore[import-not-found]  # as below

    Shared.folder = Path(sys.argv.pop(1))
    lambda_runtime.zipfile = types.SimpleNamespace(**{**vars(zipfile), "ZipFile": Shared})
    cognito._refresh_tokens = Forgotten()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
