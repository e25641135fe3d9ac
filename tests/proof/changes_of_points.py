"""Named histories of loyalty points: a balance is told again from the first event that changed.

Put here what happens to accounts and their events. Do not put here merges (changes.py).
"""

from __future__ import annotations

from tests.proof.changes import A_MONTH, AN_HOUR, TWO_HOURS, then
from tests.proof.steps import History, hour, instant, put

# Three events after one another, of an account of their own.
THREE_EVENTS = [
    put("loyalty_accounts", "b3", customer_id="c4", balance="60"),
    put("loyalty_events", "e4", loyalty_account_id="b3", points="10", occurred_at=instant(-30)),
    put("loyalty_events", "e5", loyalty_account_id="b3", points="20", occurred_at=instant(-20)),
    put("loyalty_events", "e6", loyalty_account_id="b3", points="30", occurred_at=instant(-10)),
]

POINTS: dict[str, History] = {
    "an event comes before all others of its account": then(
        THREE_EVENTS,
        [put("loyalty_events", "e6", loyalty_account_id="b3", occurred_at=instant(-40))],
    ),
    "an event in the middle is worth more, and then gone": then(
        [*THREE_EVENTS, put("loyalty_events", "e1", points="60", occurred_at=instant(-6))],
        [
            put("loyalty_events", "e5", loyalty_account_id="b3", deleted_at=instant(-1)),
            put("loyalty_events", "e1", points="50"),
        ],
    ),
    "the latest event of an account is deleted": then(
        THREE_EVENTS,
        [put("loyalty_events", "e6", loyalty_account_id="b3", deleted_at=instant(-1))],
    ),
    "the latest event of an account moves to another": then(
        THREE_EVENTS, [put("loyalty_events", "e6", loyalty_account_id="b1")]
    ),
    "all events of an account are deleted": then(
        THREE_EVENTS,
        [
            put("loyalty_events", name, loyalty_account_id="b3", deleted_at=instant(-1))
            for name in ("e4", "e5", "e6")
        ],
    ),
    "an account states another balance": then(
        THREE_EVENTS, [put("loyalty_accounts", "b3", customer_id="c4", balance="61")]
    ),
    "an account is another client's": then(
        THREE_EVENTS, [put("loyalty_accounts", "b3", customer_id="c1", balance="60")]
    ),
    "an account of known events comes, and states another balance before a refresh": (
        hour(AN_HOUR, THREE_EVENTS[1:]),
        hour(
            TWO_HOURS,
            THREE_EVENTS[:1],
            [put("loyalty_accounts", "b3", customer_id="c4", balance="61")],
        ),
        hour(A_MONTH),
    ),
    "two events at one instant change places": then(
        [
            *THREE_EVENTS[:2],
            put("loyalty_events", "e5", loyalty_account_id="b3", occurred_at=instant(-20)),
            put("loyalty_events", "e6", loyalty_account_id="b3", occurred_at=instant(-20)),
        ],
        [put("loyalty_events", "e5", loyalty_account_id="b3", points="-5")],
    ),
}
