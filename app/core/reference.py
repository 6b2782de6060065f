"""reference_page(): the description of the interface as one page of HTML, without a script and without a foreign host; pure."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:60rem;padding:1rem 1.25rem 4rem}
h2{margin-top:3rem}
section{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.5rem 0 1rem}
h3{font-size:1rem;margin:.75rem 0 .25rem}
code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt,dd{margin:0}
p{margin:.25rem 0}
pre{font-family:ui-monospace,monospace;font-size:.85em;overflow-x:auto}
summary{cursor:pointer}
.quiet{opacity:.75}
nav ul{columns:3 14rem;padding:0;list-style:none}
"""
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page's Content-Security-Policy: its own style and nothing else."""
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_REF: Final = "#/components/schemas/"


def reference_page(document: Mapping[str, Any]) -> str:
    """The whole page. Everything in it is escaped, whatever the description says."""
    by_tag: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
    for path, kinds in document["paths"].items():
        for method in _METHODS:
            if method in kinds:
                tag = (kinds[method].get("tags") or ["other"])[0]
                by_tag.setdefault(tag, []).append((method, path, kinds[method]))
    title = f"{escape(document['info']['title'])} {escape(document['info']['version'])}"
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: interface</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>',
        f"<h1>{title}: the interface</h1>",
        '<p><a href="/api/v1/openapi.json">The same as OpenAPI</a>, to generate a client from.</p><nav><ul>',
        *(f'<li><a href="#tag-{escape(tag)}">{escape(tag)}</a></li>' for tag in by_tag),
        '<li><a href="#shapes">shapes</a></li></ul></nav>',
    ]
    for tag, operations in by_tag.items():
        parts.append(f'<h2 id="tag-{escape(tag)}">{escape(tag)}</h2>')
        for method, path, operation in operations:
            parts += _operation(method, path, operation)
    parts.append('<h2 id="shapes">Shapes</h2>')
    for name, schema in sorted(document["components"]["schemas"].items()):
        parts += _shape(name, schema)
    return "".join([*parts, "</main></body></html>"])


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f'<section id="{name}"><h3><code>{method.upper()} {escape(path)}</code></h3>'
    yield f'<p>{escape(operation.get("description", ""))} <span class="quiet"><code>{name}</code>, {_entry(operation)}</span></p><dl>'
    for parameter in operation.get("parameters", ()):
        must = "" if parameter.get("required") else " (may be left out)"
        said = escape(parameter.get("description") or parameter["schema"].get("description", ""))
        yield f"<dt><code>{escape(parameter['name'])}</code></dt>"
        yield f"<dd>{_kind(parameter['schema'])}, in {escape(parameter['in'])}{must} {said}</dd>"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield f"<dt>body</dt><dd>{_kind(content['schema'])}</dd>"
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            shown = [
                _kind(content["schema"]) for content in answer.get("content", {}).values() if content.get("schema")
            ]
            yield f"<dt>{escape(status)}</dt><dd>{' or '.join(shown) or 'nothing'}</dd>"
    yield "</dl></section>"


def _entry(operation: Mapping[str, Any]) -> str:
    ways = operation.get("security", ())
    scopes = [scope for way in ways for scope in way.get("key", ())]
    if scopes:
        return f"a key needs <code>{escape(scopes[0])}</code>"
    return "for people who sign in" if ways else "for anybody"


def _shape(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<section id="shape-{escape(name)}"><h3><code>{escape(name)}</code></h3>'
    yield f"<p>{escape(schema.get('description', ''))}</p><dl>"
    needed = schema.get("required", ())
    for field, inner in schema.get("properties", {}).items():
        must = "" if field in needed else " (may be left out)"
        yield f"<dt><code>{escape(field)}</code></dt>"
        yield f"<dd>{_kind(inner)}{must} {escape(inner.get('description', ''))}</dd>"
    if "enum" in schema:
        yield f"<dt>one of</dt><dd>{_kind(schema)}</dd>"
    yield "</dl>"
    for example in schema.get("examples", ()):
        yield f"<details><summary>example</summary><pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre></details>"
    yield "</section>"


def _kind(schema: Mapping[str, Any]) -> str:
    """What kind of value a schema describes, in a few words."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_REF))
        return f'<a href="#shape-{name}"><code>{name}</code></a>'
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_kind(one) for one in schema[several])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = escape(str(schema.get("format") or schema.get("type") or "anything"))
    least, most = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    bounds = [f"from {escape(str(least))}"] * (least is not None) + [f"to {escape(str(most))}"] * (most is not None)
    return f"{kind} {' '.join(bounds)}".strip()
