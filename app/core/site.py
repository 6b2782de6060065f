"""The built console, served by the app itself: long caching for hashed files, a strict policy for the page."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from app.core.http import not_taken
from app.core.http_methods import EVERYWHERE
from app.core.settings import settings

CONSOLE: Final = Path(__file__).parent.parent / "console"
_ASSET_GUARD: Final = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_PAGE_GUARD: Final = {
    **_ASSET_GUARD,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_ASSET_CACHE: Final = "public, max-age=31536000, immutable"
_NOT_BUILT: Final = "The console is not built. Run `make run`, or `npm ci && npm run build` in frontend/.\n"


def policy(*, plain_http: bool) -> str:
    """The page's Content-Security-Policy.

    Posts' pictures come from wherever their servers keep them, so any https host may be asked. Plain http is left out
    where accounts may not live on it: an address in a post would else reach whatever stands inside the agent's network.
    """
    elsewhere = "https: http:" if plain_http else "https:"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' {elsewhere} data: blob:",
            f"media-src {elsewhere} blob:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ),
    )


class _Assets(StaticFiles):
    """Files whose names change with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Let browsers keep it for a year."""
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = _ASSET_CACHE
        answer.headers.update(_ASSET_GUARD)
        return answer


def _file(folder: Path, path: str) -> Path | None:
    """The built file at this address; null for none, and for what lies elsewhere or is no name at all."""
    try:
        file = (folder / path).resolve()
        return file if path and file.is_file() and file.is_relative_to(folder.resolve()) else None
    except (ValueError, OSError):
        return None


def install_site(app: FastAPI, folder: Path = CONSOLE) -> None:
    """Serve the console for every address that is no API; its own router finds the page."""
    headers = {**_PAGE_GUARD, "Content-Security-Policy": policy(plain_http=settings().allow_private_networks)}
    if (folder / "assets").is_dir():
        # A browser asks for each of them once a year, so packing them while they are asked for costs nothing that lasts.
        app.mount("/assets", GZipMiddleware(_Assets(directory=folder / "assets"), minimum_size=500), name="assets")

    @app.get(EVERYWHERE, include_in_schema=False)
    def page(request: Request, path: str) -> Response:
        if path.startswith("api/") or path == "api":
            return not_taken(request)
        index = folder / "index.html"
        file = _file(folder, path)
        if file is not None:
            return FileResponse(file, headers=headers)
        if not index.is_file():
            return PlainTextResponse(_NOT_BUILT, status_code=503, headers=headers)
        return FileResponse(index, headers=headers)
