"""product_version(): which version of the product this is."""

from importlib.metadata import PackageNotFoundError, version


def product_version() -> str:
    """The installed version."""
    try:
        return version("mentiondesk")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0.0.0"
