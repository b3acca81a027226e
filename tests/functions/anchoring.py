"""A bucket of anchors in moto, and a key in place of KMS: moto hashes what is a digest already."""

import base64

import boto3
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kaigong.domain.model.anchor import Anchor
from kaigong.settings import settings
from kaigong.store import anchors

from .world import REGION, STACK

BUCKET = f"{STACK}-anchors"
KEY = ec.generate_private_key(ec.SECP256R1())


def prepare(patch: pytest.MonkeyPatch) -> None:
    """Before anything is asked of the stack."""
    patch.setenv("ANCHOR_BUCKET", BUCKET)
    settings.cache_clear()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    patch.setattr(anchors, "sign", signed)
    patch.setattr(anchors, "public_key", lambda: public(KEY))


def signed(anchor: Anchor, key: ec.EllipticCurvePrivateKey = KEY) -> str:
    return base64.b64encode(key.sign(anchor.content, ec.ECDSA(hashes.SHA256()))).decode()


def public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()
