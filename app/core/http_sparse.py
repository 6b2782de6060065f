"""Sparse answers: the things of a long list with only the fields that were asked for, described as such."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Response
from pydantic import BaseModel, Field, create_model

from app.core.errors import Invalid
from app.core.event import View

Fields = frozenset[str] | None
"""The fields that were named; null for all of them."""
_MOST: Final = 100


class UnknownField(Invalid):
    """There is no such field here."""


def wanted_fields(view: type[View]) -> Callable[..., Fields]:
    """A dependency that reads `fields`: names of this view, repeated or with commas between. It raises UnknownField."""
    known = list(view.model_fields)
    one = Annotated[str, Field(json_schema_extra={"enum": known})]

    def read(
        fields: Annotated[
            list[one],
            Query(max_length=_MOST, description="tell only these fields of each; all when left out"),
        ] = [],  # noqa: B006 - FastAPI copies defaults
    ) -> Fields:
        named = [name.strip() for given in fields for name in str(given).split(",")]
        unknown = [name for name in named if name not in known]
        if unknown:
            listed = ", ".join(unknown)[:200]
            raise UnknownField(f"There is no such field here: {listed}.", field="fields", unknown=unknown, known=known)
        return frozenset(named) or None

    return read


def sparse_thing(view: type[View]) -> type[BaseModel]:
    """The shape of a thing of which only some fields are told: each may be missing."""
    fields: dict[str, Any] = {
        name: (field.annotation, Field(default_factory=lambda: None, description=field.description))
        for name, field in view.model_fields.items()
    }
    return create_model(f"Sparse{view.__name__}", __doc__="Only the fields that `fields` named.", **fields)


def sparse_page(page: type[View], inside: str, thing: type[BaseModel]) -> type[BaseModel]:
    """The shape of a page whose things are such."""
    fields: dict[str, Any] = {name: (field.annotation, ...) for name, field in page.model_fields.items()}
    fields[inside] = (list[thing], ...)  # type: ignore[valid-type]
    return create_model(f"Sparse{page.__name__}", __doc__="The same page when `fields` is given.", **fields)


def only_of_page(page: View, inside: str, fields: frozenset[str], response: Response) -> Response:
    """The page as an answer with only these fields of what is inside; headers that were said already stay."""
    told = {**page.model_dump(mode="json", exclude={inside}), inside: _only(getattr(page, inside), fields)}
    return json_answer(told, response)


def only_of_list(things: Sequence[View], fields: frozenset[str], response: Response) -> Response:
    """The same for a list that is no page."""
    return json_answer(_only(things, fields), response)


def _only(things: Sequence[View], fields: frozenset[str]) -> list[dict[str, Any]]:
    return [thing.model_dump(mode="json", include=set(fields)) for thing in things]


def json_answer(told: object, response: Response) -> Response:
    """What is ready for JSON as an answer, which nobody checks again; headers that were said already stay."""
    answer = Response(orjson.dumps(told, option=orjson.OPT_UTC_Z), media_type="application/json")
    answer.headers.update(response.headers)
    return answer
