"""What the console may know of assignment."""

from app.core.event import View


class StrategyView(View):
    """A way to assign tickets by itself; its label is an i18n key made of the name."""

    name: str
