"""What the console may know of assignment."""

from app.core.event import View
from app.core.shown import shown


class StrategyView(View):
    """A way to assign tickets by itself; its label is an i18n key made of the name."""

    model_config = shown({"name": "least_loaded"})

    name: str
