"""Pictures over HTTP: uploading with an alternative text, waiting until they are ready, and serving them."""

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import entities
from app.sandbox.api.door import Call, answer, route
from app.sandbox.failures import Refusal, invalid, not_found
from app.sandbox.picture import shape
from app.sandbox.records import Picture


async def upload(call: Call) -> Response:
    """Take a picture: 200 when it can be used at once, 202 while it is (as if) being worked on."""
    file = call.params.get("file")
    flavour = call.world.flavour
    if not isinstance(file, UploadFile):
        raise Refusal(422, {"error": "Validation failed: File can't be blank"})
    data = await file.read()
    if len(data) > flavour.max_image_bytes:
        most = flavour.max_image_bytes // (1024 * 1024)
        raise Refusal(422, {"error": f"Validation failed: File must be less than {most} MB"})
    found = shape(data)
    if not found:
        raise Refusal(422, {"error": "Validation failed: File content type is invalid"})
    description = _alt(call)
    now = call.world.now_ms()
    made = Picture(
        id=call.world.new_id(now),
        account_id=call.me.id,
        mime=found.mime,
        suffix=found.suffix,
        width=found.width,
        height=found.height,
        description=description,
        ready_ms=now + int(call.world.picture_seconds * 1000),
    )
    call.world.album.put(f"{made.id}.{made.suffix}", data)
    call.world.pictures[made.id] = made
    call.world.touch()
    return answer(entities.picture(call.world, made), 202 if made.ready_ms > now else 200)


def _alt(call: Call) -> str | None:
    text = call.text("description")
    most = call.world.flavour.max_alt
    if text and len(text) > most:
        words = f"Validation failed: Description is too long (maximum is {most} characters)"
        raise invalid(call.world.flavour, words, f"description exceeds {most} characters")
    return text or None


async def show(call: Call) -> Response:
    """Answer a picture: 206 while it is being worked on."""
    picture = _own(call)
    return answer(entities.picture(call.world, picture), 206 if picture.ready_ms > call.world.now_ms() else 200)


async def describe(call: Call) -> Response:
    """Change the alternative text of a picture that no status carries yet."""
    picture = _own(call)
    if picture.status_id:
        raise not_found(call.world.flavour)
    picture.description = _alt(call)
    call.world.touch()
    return answer(entities.picture(call.world, picture))


async def remove(call: Call) -> Response:
    """Throw away a picture that no status carries."""
    picture = _own(call)
    if picture.status_id:
        raise invalid(call.world.flavour, "Validation failed: Media is attached to a post")
    del call.world.pictures[picture.id]
    call.world.album.clear([f"{picture.id}.{picture.suffix}"])
    call.world.touch()
    return answer({})


def _own(call: Call) -> Picture:
    picture = call.world.pictures.get(call.path())
    if not picture or picture.account_id != call.me.id:
        raise not_found(call.world.flavour)
    return picture


async def serve(call: Call) -> Response:
    """Answer a picture's bytes, as what they were recognised to be and nothing else."""
    picture = call.world.pictures.get(call.path().partition(".")[0])
    data = call.world.album.get(f"{picture.id}.{picture.suffix}") if picture else None
    if not picture or data is None or picture.ready_ms > call.world.now_ms():
        raise not_found(call.world.flavour)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(data, 200, headers, picture.mime)


ROUTES: list[Route] = [
    route("POST", "/api/v2/media", upload, scope="write:media"),
    route("POST", "/api/v1/media", upload, scope="write:media"),
    route("GET", "/api/v1/media/{id}", show, scope="write:media"),
    route("PUT", "/api/v1/media/{id}", describe, scope="write:media"),
    route("DELETE", "/api/v1/media/{id}", remove, scope="write:media"),
    route("GET", "/media/{id}", serve, who="anyone"),
]
