"""The statistics behind checks against history."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from expectations.history import judge_series, with_lateness

SATURDAY = date(2026, 10, 31)


def series(values: dict[date, float], newest: date = SATURDAY + timedelta(days=1)) -> pd.DataFrame:
    """A series whose newest, still filling day is the one after the judged Saturday."""
    days = values | {newest: 1.0}
    return pd.DataFrame(
        [("maple", day, value) for day, value in sorted(days.items())],
        columns=["organization_id", "day", "value"],
    )


def saturdays(*values: float) -> dict[date, float]:
    """Values of consecutive Saturdays, the last one the judged day."""
    return {
        SATURDAY - timedelta(weeks=len(values) - 1 - i): value for i, value in enumerate(values)
    }


def judged(frame: pd.DataFrame) -> pd.Series:
    """The one row that judging the series gives."""
    return judge_series(frame, ["organization_id"]).iloc[0]


def test_the_newest_day_is_still_filling_so_the_one_before_it_is_judged() -> None:
    row = judged(series(saturdays(*[40.0] * 9)))
    assert row["last_day"] == SATURDAY
    assert row["last_value"] == 40


def test_a_day_is_compared_with_the_median_of_its_own_weekday() -> None:
    values = {SATURDAY - timedelta(days=n): 5.0 for n in range(80)} | saturdays(*[40.0] * 11)
    row = judged(series(values))
    assert row["usual_value"] == 40
    assert row["robust_z"] == 0


def test_seven_weekdays_are_too_few_and_eight_are_enough() -> None:
    few, enough = judged(series(saturdays(*[40.0] * 8))), judged(series(saturdays(*[40.0] * 9)))
    assert (few["same_weekdays"], enough["same_weekdays"]) == (7, 8)
    assert pd.isna(few["robust_z"])
    assert enough["robust_z"] == 0


def test_the_distance_is_in_median_absolute_deviations() -> None:
    # Median 100, deviations 20, 10, 10, 0, 0, 0, 10, 10, 20: their median is 10.
    past = [80.0, 90, 90, 100, 100, 100, 110, 110, 120]
    row = judged(series(saturdays(*past, 130.0)))
    assert row["robust_z"] == pytest.approx(30 / (1.4826 * 10))


def test_one_outlier_in_the_past_hides_nothing() -> None:
    row = judged(series(saturdays(40, 40, 41, 39, 40, 9000, 41, 39, 400)))
    assert row["robust_z"] > 8


def test_a_constant_past_leaves_room_for_chance() -> None:
    # Counts around 16 vary by their square root, 4, whatever the past weeks did.
    row = judged(series(saturdays(*[16.0] * 8, 12.0)))
    assert row["robust_z"] == pytest.approx(-1.0)


def test_days_without_rows_are_zeros_not_gaps() -> None:
    first = SATURDAY - timedelta(weeks=10)
    row = judged(series({first: 50.0, SATURDAY: 50.0}))
    assert row["usual_value"] == 0
    assert row["same_weekdays"] == 10


def test_a_weekday_that_is_usually_quiet_is_not_judged() -> None:
    values = {SATURDAY - timedelta(days=n): 40.0 for n in range(1, 90) if n % 7} | {SATURDAY: 40.0}
    assert pd.isna(judged(series(values))["robust_z"])


def test_the_spread_is_at_least_a_tenth_of_an_ordinary_day() -> None:
    weekdays = {SATURDAY - timedelta(days=n): 10000.0 for n in range(1, 90) if n % 7}
    row = judged(series(weekdays | saturdays(*[6000.0] * 9) | {SATURDAY: 9000.0}))
    assert row["robust_z"] == pytest.approx(3000 / 1000)


def test_a_single_day_cannot_be_judged() -> None:
    row = judged(series({}))
    assert row["same_weekdays"] == 0
    assert pd.isna(row["robust_z"])


def test_no_rows_give_no_judgement() -> None:
    empty = pd.DataFrame(columns=["organization_id", "day", "value"])
    assert judge_series(empty, ["organization_id"]).empty


@pytest.mark.parametrize(
    ("loads", "usual_hours", "waited", "lateness"),
    [
        (8, 1.0, 26.0, 1.0),  # an hourly feed may sleep at night
        (8, 1.0, 104.0, 4.0),
        (8, 168.0, 168.0, 1.0),  # a weekly one may rest for a week
        (7, 1.0, 900.0, None),  # too few loads to know a rhythm
    ],
)
def test_lateness_is_a_multiple_of_the_usual_wait(loads, usual_hours, waited, lateness) -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    profile = pd.DataFrame({"organization_id": ["maple"], "source_system": ["pos"]})
    rhythm = pd.DataFrame(
        {
            "source_system": ["pos"],
            "loads": [loads],
            "last_load_at": [now - timedelta(hours=waited)],
            "usual_hours": [usual_hours],
        }
    )
    found = with_lateness(profile, rhythm, now)["lateness"].iloc[0]
    assert pd.isna(found) if lateness is None else found == pytest.approx(lateness)
