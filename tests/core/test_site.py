"""The built console as a browser gets it: packed, and kept for a year."""

from pathlib import Path

import httpx2
from fastapi import FastAPI

from app.core.site import install_site


async def test_what_a_page_loads_is_packed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    script = "const said = 'the same again';\n" * 1000
    (tmp_path / "assets" / "index-1a2b.js").write_text(script)
    app = FastAPI()
    install_site(app, tmp_path)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        answer = await client.get("/assets/index-1a2b.js", headers={"accept-encoding": "gzip"})
        plain = await client.get("/assets/index-1a2b.js", headers={"accept-encoding": "identity"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers.get("content-length", len(script))) < len(script)
    assert answer.text == plain.text == script
    assert "immutable" in answer.headers["cache-control"]
    assert "accept-encoding" in answer.headers["vary"].lower()
