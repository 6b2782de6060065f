"""Tokens on their way into a header, and kept out of what people read."""

from collections.abc import Iterable

from app.networks.errors import NetworkError, Unauthorized


def bearer(token: str) -> str:
    """The header of a token. Raises Unauthorized for one that no header can carry."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Unauthorized
    return f"Bearer {token}"


def without(problem: NetworkError, secrets: Iterable[str]) -> NetworkError:
    """The failure with every secret taken out of its sentence."""
    for secret in secrets:
        if secret and secret in problem.sentence:
            problem.sentence = problem.sentence.replace(secret, "…")
            problem.args = (problem.sentence,)
    return problem
