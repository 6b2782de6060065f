"""value(): a dataclass that nobody changes, held to by mypy alone, since Python's own guard makes each thrice as dear."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as value
else:
    from dataclasses import dataclass

    def value(*, frozen: bool, **options: Any) -> Any:
        """As `dataclass(frozen=True)` to whoever reads and checks; a page of mentions makes some six thousand of them."""
        return dataclass(unsafe_hash=frozen, **options)


__all__ = ["value"]
