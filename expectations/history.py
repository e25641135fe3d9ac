"""Judging the newest value of a series against its own past, and a feed against its own rhythm.

Put here the statistics, frame in and frame out. Do not put here SQL (suites/) or thresholds, which
stand in the suite files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.postgres.connection import Connection

if TYPE_CHECKING:
    import pandas as pd

# With fewer earlier values of the same weekday, or fewer loads, there is no telling what is usual.
MINIMUM_POINTS = 8
# Half a year of one weekday: long enough for a median, short enough to follow the seasons.
MOST_POINTS = 26
# Makes the median absolute deviation of normal values their standard deviation.
MAD_TO_SIGMA = 1.4826
# Days without a load that no business should be woken up for.
LEAST_OVERDUE_HOURS = 26.0
SERIES_COLUMNS = ("last_day", "last_value", "usual_value", "same_weekdays", "robust_z")


def judge_series(series: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return one row per key: the last whole day's value, the usual one, and how far apart.

    `series` has the keys, `day` and `value`; days between without a row count as 0. The newest day
    of a key may still be filling, so the one before it is judged, against the median of the same
    weekday before that. `robust_z` is the distance in deviations: 1.4826 x MAD, but at least a
    tenth of an ordinary day and at least what chance alone gives counts, the root of the median.
    It is null with fewer than 8 points, and for a weekday on which there is usually nothing.
    """
    import pandas as pd

    rows = [(*_as_tuple(key), *_judge(group)) for key, group in series.groupby(keys, sort=True)]
    return pd.DataFrame(rows, columns=[*keys, *SERIES_COLUMNS])


def _judge(group: pd.DataFrame) -> tuple[object, ...]:
    import numpy as np
    import pandas as pd

    values = pd.Series(group["value"].to_numpy(dtype=float), index=pd.to_datetime(group["day"]))
    every_day = values.asfreq("D", fill_value=0.0).iloc[:-1]
    if every_day.empty:
        return None, np.nan, np.nan, 0, np.nan
    last_day, last = every_day.index[-1], float(every_day.iloc[-1])
    past = every_day.iloc[-1 - 7 :: -7].to_numpy()[:MOST_POINTS]
    if len(past) < MINIMUM_POINTS:
        return last_day.date(), last, np.nan, len(past), np.nan
    usual = float(np.median(past))
    spread = MAD_TO_SIGMA * float(np.median(np.abs(past - usual)))
    ordinary = float(every_day[every_day != 0].abs().median())
    spread = max(spread, 0.1 * ordinary, abs(usual) ** 0.5, 1.0)
    distance = (last - usual) / spread if usual else np.nan
    return last_day.date(), last, usual, len(past), distance


def feed_rhythm(connection: Connection) -> pd.DataFrame:
    """Return one row per table and booking system: how many loads brought it rows, and how often.

    `table`, `source_system`, `loads`, `last_load_at` and `usual_hours` between two such loads,
    which only 95 of 100 waits keep to.
    """
    import pandas as pd

    with connection.cursor() as cursor:
        cursor.execute(
            """
            with brought as (
                select distinct files.entity, loads.source_system, loads.started_at
                from ops.load_files as files
                inner join ops.loads as loads on files.load_id = loads.load_id
                where
                    loads.status = 'succeeded'
                    and files.rows_inserted + files.rows_updated + files.rows_deleted > 0
            ),

            waits as (
                select
                    entity,
                    source_system,
                    started_at,
                    started_at - lag(started_at) over (
                        partition by entity, source_system order by started_at
                    ) as wait
                from brought
            )

            select
                entity,
                source_system,
                count(*),
                max(started_at),
                cast(
                    extract(epoch from percentile_cont(0.95) within group (order by wait)) / 3600
                    as double precision
                )
            from waits
            group by entity, source_system
            """
        )
        columns = ["table", "source_system", "loads", "last_load_at", "usual_hours"]
        return pd.DataFrame(cursor.fetchall(), columns=columns)


def with_lateness(profile: pd.DataFrame, rhythm: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Add `hours_since_load` and `lateness`: that wait, as a multiple of the feed's usual one.

    A usual wait of less than 26 hours counts as 26, so that a night or a closed day is no alarm.
    Null for a feed with fewer than 8 loads.
    """
    import pandas as pd

    known = profile.merge(rhythm, on="source_system", how="left")
    waited = pd.to_datetime(as_of, utc=True) - pd.to_datetime(known["last_load_at"], utc=True)
    known["hours_since_load"] = waited.dt.total_seconds() / 3600
    usual = known["usual_hours"].astype(float).clip(lower=LEAST_OVERDUE_HOURS)
    known["lateness"] = (known["hours_since_load"] / usual).where(known["loads"] >= MINIMUM_POINTS)
    return known.drop(columns=["last_load_at"])


def _as_tuple(key: object) -> Iterator[object]:
    return iter(key) if isinstance(key, tuple) else iter((key,))
