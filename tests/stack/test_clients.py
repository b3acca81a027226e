"""Folders that people's own clients of object storage put, in the order and with the side effects that these have.

Their manifests name no files: what lies in the folder counts, the manifest may come before the papers, and a large scan
after the packet was sent back.
"""

import json
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from infra.command.client import Connection, of_local
from infra.command.client.api import Api
from infra.local import Stack, paths
from infra.local.stack import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from infra.samples import city_case, draw
from tests.patience import eventually

CASE = city_case()
LATE = "application-form"  # a main paper: without it the packet is sent back
Copy = Callable[[Stack, Path, str], None]


@cache
def client(name: str) -> str:
    """The path of a client. Skips where it cannot be installed, with the reason."""
    found = subprocess.run([paths.ROOT / "infra" / "clients", name], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(found.stderr.strip())
    return found.stdout.strip()


def _run(stack: Stack, name: str, *arguments: str | Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(paths.RUNS),
        "LANG": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": stack.region,
        "RCLONE_S3_PROVIDER": "Other",
        "RCLONE_S3_ENDPOINT": stack.endpoint_url,
        "RCLONE_S3_ENV_AUTH": "true",
        "RCLONE_S3_REGION": stack.region,
        "RCLONE_S3_NO_CHECK_BUCKET": "true",
    }
    done = subprocess.run([client(name), *arguments], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


def aws(stack: Stack, folder: Path, packet: str) -> None:
    where = f"s3://{stack.bucket}/packets/{packet}/"
    _run(stack, "aws", "--endpoint-url", stack.endpoint_url, "s3", "cp", "--recursive", folder, where)


def s3cmd(stack: Stack, folder: Path, packet: str) -> None:
    host = urlsplit(stack.endpoint_url).netloc
    keys = (f"--access_key={ACCESS_KEY_ID}", f"--secret_key={SECRET_ACCESS_KEY}", f"--region={stack.region}")
    where = f"s3://{stack.bucket}/packets/{packet}/"
    _run(stack, "s3cmd", *keys, "--no-ssl", f"--host={host}", f"--host-bucket={host}", "sync", f"{folder}/", where)


def rclone(stack: Stack, folder: Path, packet: str) -> None:
    where = f":s3:{stack.bucket}/packets/{packet}"
    _run(stack, "rclone", "copy", folder, where)
    for path in folder.glob("**/"):  # as consoles and newer versions of it do
        marker = f"packets/{packet}/{path.relative_to(folder)}/"
        stack.client("s3").put_object(Bucket=stack.bucket, Key=marker.replace("/./", "/"), Body=b"")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an applicant has on a disk: the papers, the manifest without a list of them, and what systems put there."""
    for slot in CASE.materials:
        if slot not in CASE.promises:
            paper = tmp_path / slot / "扫描件" / "材料 100%.pdf"
            paper.parent.mkdir(parents=True)
            paper.write_bytes(draw(slot, CASE.enterprise, CASE.project))
            (paper.parent / ".DS_Store").write_bytes(b"")
            (paper.parent / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "其他").mkdir()
    return tmp_path


def _submit(folder: Path, packet: str) -> None:
    content = {"schema": "kaigong/manifest/1", "packet": packet, **CASE.manifest()}
    del content["form"]  # the paper counts here
    (folder / "manifest.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def _status(stack: Stack, packet: str) -> str | None:
    found = stack.client("dynamodb").get_item(
        TableName=stack.table, Key={"pk": {"S": f"PACKET#{packet}"}, "sk": {"S": "HEADER"}}, ConsistentRead=True
    )
    return found["Item"]["status"]["S"] if "Item" in found else None


@pytest.mark.usefixtures("desks")
@pytest.mark.parametrize("copy", [aws, s3cmd, rclone])
def test_a_folder_is_an_application_whichever_client_puts_it(stack: Stack, folder: Path, copy: Copy) -> None:
    packet = f"{copy.__name__}-{uuid4().hex[:12]}"
    _submit(folder, packet)
    client(copy.__name__)
    copy(stack, folder, packet)
    eventually(lambda: _status(stack, packet) == "in-review")  # a slow machine may pause longer than is waited for
    told = Api(Connection(of_local(stack)), role="applicant").status(packet)
    assert {notice["kind"] for notice in told["notices"]} <= {"accepted", "returned"}
    assert told["round"] == 1  # by the one manifest


@pytest.mark.usefixtures("desks")
def test_a_scan_that_comes_after_the_packet_was_sent_back_needs_no_new_manifest(
    stack: Stack, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packet = f"late-{uuid4().hex[:12]}"
    _submit(folder, packet)
    later = tmp_path_factory.mktemp("later")
    (folder / LATE).rename(later / LATE)
    aws(stack, folder, packet)
    assert eventually(lambda: _status(stack, packet)) == "returned"
    aws(stack, later, packet)
    eventually(lambda: _status(stack, packet) == "in-review")
