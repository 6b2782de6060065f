"""The signature of Standard Webhooks, against its vectors."""

import json
from pathlib import Path

import pytest

from app.hooks.sign import new_secret, sign

VECTORS = {path.name[:2]: json.loads(path.read_text()) for path in (Path(__file__).parent / "vectors").glob("*.json")}


def headers_of(vector: dict) -> tuple[str, int, str]:
    given = vector.get("headers") or vector.get("attempt_2_headers") or vector
    return given["webhook-id"], int(given["webhook-timestamp"]), given["webhook-signature"]


@pytest.mark.parametrize("number", ["01", "02", "03", "04"])
def test_the_vectors(number: str) -> None:
    vector = VECTORS[number]
    keys = [vector["secret"]] if "secret" in vector else [vector["secret_new"], vector["secret_old"]]
    message_id, timestamp, signature = headers_of(vector)
    assert sign(keys, message_id, timestamp, vector["body_raw"].encode()) == signature
    assert sign(keys, message_id, timestamp + 1, vector["body_raw"].encode()) != signature


def test_secrets_are_long_and_differ() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(one) == len("whsec_") + 44
