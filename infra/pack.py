"""What `sam build` made, as it ships: byte code beside the sources, and one archive for each artifact.

Run by infra/sam, with the Python of the runtime: byte code is good for no other. SAM's builders leave it out, whatever
they are told: python-uv has a setting for it that it never passes on, and copies our own code without; pip's unpacks
wheels. (uv listens to UV_COMPILE_BYTECODE, for the libraries of functions alone and with whichever Python it finds. A
makefile is told neither runtime nor processor, and builds each function apart.) Archives, because SAM would make one
anew for every function at every deploy.
"""

import compileall
import re
import shutil
import sys
from pathlib import Path
from py_compile import PycInvalidationMode
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that an archive can hold
QUICK = 1  # in two fifths of the time of zlib's own choice; a tenth larger, of what is sent once and then unpacked


def pack(built: Path) -> None:
    """Put an archive in the place of each artifact's folder, in the built template too."""
    template = (built / "template.yaml").read_text()
    for artifact in sorted(path for path in built.iterdir() if path.is_dir()):
        # What does not compile is not imported, or fails there with its own message. Archives and layers have other
        # times than the sources had, so that no check may go by them.
        unchecked = PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(artifact, quiet=2, workers=0, invalidation_mode=unchecked, stripdir=built)
        _archive(artifact)
        shutil.rmtree(artifact)
        template = re.sub(rf"(CodeUri|ContentUri): {artifact.name}$", rf"\1: {artifact.name}.zip", template, flags=re.M)
    (built / "template.yaml").write_text(template)


def _archive(folder: Path) -> None:
    """The same files give the same archive, so that a deploy changes what has changed."""
    with ZipFile(folder.with_name(f"{folder.name}.zip"), "w", ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(str(file.relative_to(folder)), EPOCH)
            entry.external_attr = (file.stat().st_mode & 0xFFFF) << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=QUICK)


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
