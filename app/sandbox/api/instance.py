"""What the server says about itself: its limits, its version, where it streams."""

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.sandbox import entities
from app.sandbox.api.door import Call, answer, route
from app.sandbox.failures import Refusal
from app.sandbox.picture import MIMES
from app.sandbox.records import Json
from app.sandbox.world import World


def _streaming(world: World) -> str:
    scheme, _, rest = world.address.partition("://")
    return f"{world.flavour.streaming_scheme or scheme.replace('http', 'ws')}://{rest}"


def _configuration(world: World) -> Json:
    flavour = world.flavour
    return {
        "urls": {"streaming": _streaming(world)},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": flavour.max_characters,
            "max_media_attachments": flavour.max_media,
            "characters_reserved_per_url": flavour.per_url,
        },
        "media_attachments": {
            "supported_mime_types": list(MIMES),
            "description_limit": flavour.max_alt,
            "image_size_limit": flavour.max_image_bytes,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
        "translation": {"enabled": False},
    }


async def v2(call: Call) -> Response:
    """Answer the instance in its second form."""
    world = call.world
    body: Json = {
        "domain": world.domain,
        "title": "Sandbox",
        "version": world.flavour.version,
        "source_url": "",
        "description": "A small network on this machine, for trying things out.",
        "usage": {"users": {"active_month": len(world.accounts)}},
        "thumbnail": {"url": f"{world.address}/header.svg"},
        "languages": ["en", "fr"],
        "configuration": _configuration(world),
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "contact": {"email": f"hello@{world.domain}", "account": None},
        "rules": [],
    }
    if world.flavour.api_versions:
        body["api_versions"] = world.flavour.api_versions
    return answer(body)


async def v1(call: Call) -> Response:
    """Answer the instance in its first form."""
    world = call.world
    counts = {"user_count": len(world.accounts), "status_count": len(world.statuses), "domain_count": 1}
    return answer(
        {
            "uri": world.domain,
            "title": "Sandbox",
            "short_description": "A small network on this machine, for trying things out.",
            "description": "A small network on this machine, for trying things out.",
            "email": f"hello@{world.domain}",
            "version": world.flavour.version,
            "urls": {"streaming_api": _streaming(world)},
            "stats": counts,
            "thumbnail": f"{world.address}/header.svg",
            "languages": ["en", "fr"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": {k: v for k, v in _configuration(world).items() if k != "urls"},
            "contact_account": None,
            "rules": [],
            "max_toot_chars": world.flavour.max_characters,
        }
    )


async def custom_emojis(call: Call) -> Response:
    """List the server's own emoji."""
    return answer([entities.emoji(call.world, code) for code in entities.EMOJIS])


async def health(call: Call) -> Response:
    """Say that streaming works, where the server has such a page."""
    if not call.world.flavour.events_over_http:
        raise Refusal(404, {"error": "Not Found: 404 page not found"})
    return PlainTextResponse("OK")


ROUTES: list[Route] = [
    route("GET", "/api/v2/instance", v2, who="anyone"),
    route("GET", "/api/v1/instance", v1, who="anyone"),
    route("GET", "/api/v1/custom_emojis", custom_emojis, who="anyone"),
    route("GET", "/api/v1/streaming/health", health, who="anyone"),
]
