"""The examples that the console shows do what they say: they take what we send, and nothing else."""

import asyncio
import base64
import importlib.util
import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from app.hooks.sign import new_secret, sign
from tests.hooks.receiver import a_receiver

FOLDER = Path(__file__).parents[2] / "frontend" / "src" / "features" / "webhooks" / "examples"
BODY = '{"type":"ping","text":"مرحبا"}'.encode()
OLD, NEW = new_secret(), new_secret()


def headers(keys: list[str], *, age: int = 0, body: bytes = BODY) -> dict[str, str]:
    at = int(time.time()) - age
    return {
        "webhook-id": "evt_7",
        "webhook-timestamp": str(at),
        "webhook-signature": sign(keys, "evt_7", at, body),
    }


def cases() -> list[tuple[str, str, dict[str, str], bool]]:
    """Made when they are asked for: what is signed is young for five minutes only."""
    return [
        ("ours", NEW, headers([NEW]), True),
        ("while rotating, with the new secret", NEW, headers([NEW, OLD]), True),
        ("while rotating, with the old secret", OLD, headers([NEW, OLD]), True),
        ("another secret", NEW, headers([OLD]), False),
        ("changed on its way", NEW, headers([NEW], body=BODY + b" "), False),
        ("too old", NEW, headers([NEW], age=900), False),
        ("from the future", NEW, headers([NEW], age=-900), False),
        ("no signature", NEW, headers([]), False),
        ("no headers", NEW, {}, False),
        ("nonsense", NEW, {**headers([NEW]), "webhook-signature": "v1, v1,== x", "webhook-timestamp": "now"}, False),
    ]


def test_python() -> None:
    spec = importlib.util.spec_from_file_location("verify", FOLDER / "verify.py")
    assert spec
    assert spec.loader
    example: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    tried = cases()
    assert {name: example.verify(key, given, BODY) for name, key, given, _ in tried} == {
        name: right for name, _, _, right in tried
    }


def test_javascript() -> None:
    tried = cases()
    wanted = [{"name": name, "key": key, "headers": given} for name, key, given, _ in tried]
    asked = json.dumps({"body": base64.b64encode(BODY).decode(), "cases": wanted})
    program = f"""
        import {{ verify }} from {json.dumps((FOLDER / "verify.mjs").as_uri())}
        const {{ body, cases }} = {asked}
        const said = cases.map(one => [one.name, verify(one.key, one.headers, Buffer.from(body, 'base64'))])
        console.log(JSON.stringify(Object.fromEntries(said)))
    """
    node = shutil.which("node")
    assert node, "the console is built with Node, so it is here"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(ran.stdout) == {name: right for name, _, _, right in tried}


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("openssl"), reason="needs curl and openssl")
async def test_curl() -> None:
    async with a_receiver() as receiver:
        ran = await asyncio.create_subprocess_exec(
            "sh",
            str(FOLDER / "send.sh"),
            env={"SECRET": NEW, "URL": receiver.url, "PATH": "/usr/local/bin:/usr/bin:/bin"},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(ran.communicate(), 30)
    assert ran.returncode == 0
    assert said == b"thanks"
    (arrived,) = receiver.arrived
    assert arrived.body["type"] == "ping"
    assert arrived.signed_with(NEW)
    assert not arrived.signed_with(OLD)
