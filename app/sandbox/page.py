"""The one web page of the sandbox and the drawings it and the console show: faces, header, emoji."""

import hashlib
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.failures import not_found
from app.sandbox.world import World

_FILES: Final = Path(__file__).parent / "static"
_KINDS: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "thread.js": "text/javascript",
    "composer.js": "text/javascript",
    "network.js": "text/javascript",
    "words.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' {socket}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DRAWING: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


async def index(request: Request) -> Response:
    """Serve the page; its addresses all show the same one, which finds out by itself what to show."""
    host = request.headers.get("host", "")
    policy = _POLICY.format(socket=f"ws://{host} wss://{host}")
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    return Response((_FILES / "page.html").read_bytes(), 200, headers, "text/html; charset=utf-8")


async def file(request: Request) -> Response:
    """Serve a file of the page."""
    name = request.path_params["name"]
    if name not in _KINDS:
        raise not_found(_world(request).flavour, "Not Found")
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response((_FILES / name).read_bytes(), 200, headers, _KINDS[name])


async def face(request: Request) -> Response:
    """Draw somebody's face: initials on a colour of their own; brands stand on a square."""
    world = _world(request)
    account = world.accounts.get(request.path_params["name"].removesuffix(".svg"))
    if not account:
        raise not_found(world.flavour, "Not Found")
    hue = int.from_bytes(hashlib.sha256(account.acct.encode()).digest()[:2], "big") % 360
    letters = "".join(word[0] for word in account.name.split()[:2] if word[0].isalnum()).upper() or account.username[0]
    ground = f'<rect width="64" height="64" rx="{14 if account.brand else 32}" fill="hsl({hue} 45% 38%)"/>'
    return _draw(
        f'{ground}<text x="32" y="33" fill="#fff" font-family="system-ui,sans-serif" font-size="26" font-weight="600" '
        f'text-anchor="middle" dominant-baseline="central">{escape(letters)}</text>'
    )


async def header(_: Request) -> Response:
    """Draw the header picture everybody has."""
    return _draw('<rect width="64" height="64" fill="#c9c3b6"/><path d="M0 48q16-12 32-4t32-6v26H0z" fill="#b3a98f"/>')


async def emoji(request: Request) -> Response:
    """Draw one of the server's own emoji."""
    drawings = {
        "sandbox_wave.svg": '<path d="M6 40q9-14 18 0t18 0 16-4v22H6z" fill="#3b82c4"/>'
        '<circle cx="46" cy="18" r="9" fill="#f2b632"/>',
        "blobcat.svg": '<path d="M10 56V20l10 8h24l10-8v36q-22 8-44 0z" fill="#f2b632"/>'
        '<circle cx="24" cy="40" r="4"/><circle cx="40" cy="40" r="4"/>',
    }
    drawing = drawings.get(request.path_params["name"])
    if not drawing:
        raise not_found(_world(request).flavour, "Not Found")
    return _draw(drawing)


def _draw(inner: str) -> Response:
    body = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{inner}</svg>'
    return Response(body, 200, _DRAWING, "image/svg+xml")


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


ROUTES: Final = [
    Route("/", index),
    Route("/@{name}", index),
    Route("/@{name}/{id}", index),
    Route("/@{name}/statuses/{id}", index),
    Route("/tags/{tag}", index),
    Route("/static/{name}", file),
    Route("/avatars/{name}", face),
    Route("/header.svg", header),
    Route("/emoji/{name}", emoji),
]
