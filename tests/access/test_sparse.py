"""Long lists with only the fields that were named: nothing else, nothing of what the asker may not see, and unknown names refused."""

import jsonschema_rs
import pytest

from tests.access.given import a_key, ask, bears
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie

LISTS = {"tickets": "items", "customers": "items", "events": "events"}
NAMED = {"tickets": {"id", "state", "customer"}, "customers": {"id", "identities"}, "events": {"seq", "type"}}


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_tells_the_fields_that_were_named(path: str, brands: Brands, served: Open) -> None:
    app, client = served
    narrow, named = bears(await a_key(brands.desk.lead, brands=[brands.acme.brand_id])), sorted(NAMED[path])
    inside = LISTS[path]
    full = (await ask(client, "GET", path, narrow)).json()
    assert full[inside]
    for asked in ("&".join(f"fields={name}" for name in named), f"fields={','.join(named)}"):
        answer = await ask(client, "GET", f"{path}?{asked}", narrow)
        assert answer.json() == full | {inside: [{name: one[name] for name in named} for one in full[inside]]}
        assert answer.headers["content-type"] == "application/json"
        document = app.app.openapi()
        described = document["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]
        whole = {**described["schema"], "components": document["components"]}
        assert jsonschema_rs.Draft202012Validator(whole).is_valid(answer.json())
    refused = await ask(client, "GET", f"{path}?fields={named[0]}&fields=wrong,secret", narrow)
    said = refused.json()
    assert (refused.status_code, said["code"], said["field"]) == (422, "unknown_field", "fields")
    assert said["unknown"] == ["wrong", "secret"]
    assert set(named) <= set(said["known"]) == set(full[inside][0])
    assert "wrong" in said["detail"]


async def test_pages_of_some_fields_go_on_by_the_link(brands: Brands, served: Open) -> None:
    _, client = served
    who, seen = await cookie(brands.desk.lead), []
    path = "customers?limit=1&fields=id"
    while path:
        answer = await ask(client, "GET", path, who)
        seen += answer.json()["items"]
        path = answer.headers.get("link", "").partition(">")[0].removeprefix("</api/v1/")
    assert seen == [{"id": brands.zeta.customer_id}, {"id": brands.acme.customer_id}]
    assert (await ask(client, "GET", "customers?cursor=nonsense", who)).json()["code"] == "bad_cursor"
    own = await ask(client, "GET", f"tickets?customer={brands.acme.customer_id}&fields=id", who)
    assert own.json()["items"] == [{"id": brands.acme.ticket_id}]
    listed = await ask(client, "GET", f"customers/{brands.acme.customer_id}/tickets?fields=id", who)
    assert listed.json() == own.json()["items"]
