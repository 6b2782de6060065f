"""The stretches of time in which a clock ran, each under the calendar of its day, and the working time in them."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.core.value import value
from app.sla.calendar import Calendar, working_between


@value(frozen=True, slots=True)
class Span:
    """A clock ran from `start` to `end` (None: still does) by this calendar; `counted` once it ended."""

    start: datetime
    end: datetime | None
    calendar: Calendar
    counted: timedelta | None = None


Spans = tuple[Span, ...]


def consumed_by(spans: Spans, at: datetime) -> timedelta:
    """Sum the working time of all spans up to an instant."""
    return sum((_counted(span, at) for span in spans), timedelta())


def close_span(spans: Spans, at: datetime) -> Spans:
    """End the last span at an instant, or at its own start when that came later."""
    last = spans[-1]
    end = max(at, last.start)
    return (*spans[:-1], replace(last, end=end, counted=working_between(last.calendar, last.start, end)))


def cut_spans(spans: Spans, at: datetime) -> Spans:
    """Drop everything after an instant, so that what is left has ended by then."""
    left = [span for span in spans if span.start <= at]
    return tuple(
        span if span.end is not None and span.end <= at else close_span((replace(span, end=None),), at)[0]
        for span in left
    )


def fresh_spans(spans: Spans, start: datetime) -> Spans:
    """Let the first span begin at another instant: later spans stay, those wholly before it fall away."""
    kept = tuple(span for span in spans if span.end is None or span.end > start) or spans[-1:]
    first = kept[0]
    begin = start if first is spans[0] or start > first.start else first.start
    moved = replace(first, start=begin, end=None, counted=None)
    if first.end is not None:
        moved = close_span((moved,), max(first.end, begin))[0]
    return (moved, *kept[1:])


def _counted(span: Span, at: datetime) -> timedelta:
    if span.counted is not None and span.end is not None and span.end <= at:
        return span.counted
    end = at if span.end is None else min(span.end, at)
    return working_between(span.calendar, span.start, end)
