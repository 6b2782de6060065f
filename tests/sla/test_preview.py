"""What would be due when."""

from app.sla.preview import preview
from app.sla.read_calendar import read_calendar
from app.sla.terms import Warn
from tests.sla.histories import WEEKDAYS, at, minutes, terms


def test_each_promised_metric_has_its_due_time() -> None:
    office = read_calendar({"tz": "UTC", "hours": WEEKDAYS})
    found = preview(terms(office, FR=30, RS=480, warns={"first_reply": Warn(percent=50)}), at("16:45"))
    assert [(one.metric, one.due_at, one.warn_at) for one in found] == [
        ("first_reply", at("09:15", day=5), at("09:00", day=5)),
        ("resolution", at("16:45", day=5), None),
    ]
    assert found[0].target == minutes(30)
