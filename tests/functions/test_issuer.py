"""Whose keys say who people are: those of the one issuer that the stack was told."""

from typing import Any

import pytest
from kaigong.settings import settings
from kaigong.store import users
from kaigong.store.users import PoolSilent, keys  # the real one: `world` puts a pool's in its place

from .pool import POOL

ISSUER = POOL["IDENTITY_ISSUER"]
KEYS = "https://keys.example/now"
pytestmark = pytest.mark.usefixtures("world")


@pytest.mark.parametrize("metadata", ["", "http://127.0.0.1:4566/pool-1/metadata"])
def test_keys_come_from_where_the_metadata_of_the_issuer_say(monkeypatch: pytest.MonkeyPatch, metadata: str) -> None:
    monkeypatch.setenv("IDENTITY_METADATA_URL", metadata)
    settings.cache_clear()
    address = metadata or f"{ISSUER}/.well-known/openid-configuration"
    there: dict[str, Any] = {address: {"issuer": ISSUER, "jwks_uri": KEYS}, KEYS: {"keys": []}}
    monkeypatch.setattr(users, "_fetched", there.__getitem__)
    assert keys() == {"keys": []}
    there[address]["issuer"] = "https://cognito-idp.example/another-pool"
    with pytest.raises(PoolSilent):
        keys()
