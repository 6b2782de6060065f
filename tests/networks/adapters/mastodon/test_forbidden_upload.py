"""A sign-in that may not upload is no broken sign-in."""

import pytest

from app.networks import errors
from app.networks.adapters.mastodon.adapter import Mastodon
from app.networks.port import Account, Upload
from tests.networks.adapters.mastodon.recorded import BRAND
from tests.rude import Asked, answer, rude_server


async def test_a_forbidden_upload_is_refused_in_the_servers_words_and_leaves_the_account_alone():
    async def handler(_asked: Asked) -> bytes:
        return answer({"error": "This action is outside the authorized scopes"}, status="403 Forbidden")

    async with rude_server(handler) as server:
        account = Account("mastodon", server, BRAND.account_id, "brand@social.example", {"token": "t0k3n"}, {})
        with pytest.raises(errors.Rejected, match="outside the authorized scopes"):
            await Mastodon().upload(account, Upload(b"picture", "image/png", "", "a.png"))
