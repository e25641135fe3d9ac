"""The short form of the faults: a few random moments, and the next run repairs without help.

Put here what fits into every run of the tests. The long form is tests/benchmarks/faults.py.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.campaign import Campaign, State
from tests.faults.strikes import Strike, cut_connections, kill_command, kill_postgres
from tests.faults.world import World, contents

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

LOADS = (
    Strike("kill the command", ("load",), kill_command),
    Strike("cut connections", ("load",), cut_connections),
    Strike("kill Postgres", ("load",), kill_postgres),
)
EVERYTHING_LOADED_ONCE = """
    select count(*) filter (where status = 'succeeded') as succeeded,
        bool_and(status = 'succeeded' or error <> '') as explained
    from ops.loads
"""


@pytest.fixture
def campaign(warehouse: Warehouse, demo_files: Path) -> Iterator[Campaign]:
    """A world of its own, empty, that is to become what the shared warehouse is."""
    home = Path(tempfile.mkdtemp(prefix="chairside-test-"))
    home.chmod(0o755)
    world = World(home)
    with warehouse.connection() as connection:
        state = State(demo_files, warehouse.as_of.isoformat(), contents(connection))
    chance = random.Random()
    try:
        world.run("db", "start")
        yield Campaign(world, [state, state], chance, {"load": 2.0, "refresh": 20.0})
    finally:
        world.dispose()
        shutil.rmtree(home, ignore_errors=True)


def test_the_first_day_of_a_warehouse_survives_what_happens_to_it(campaign: Campaign) -> None:
    world, state = campaign.world, campaign.states[0]
    campaign.strike(campaign.chance.choice(LOADS), "load")
    world.run(*state.arguments("load"))
    raw = {name: value for name, value in world.contents().items() if "raw_native" in name}
    assert raw == {name: value for name, value in state.contents.items() if "raw_native" in name}

    begun = world.start(*state.arguments("refresh"))
    while not world.rows("select 1 from ops.refreshes") and begun.poll() is None:
        time.sleep(0.2)
    time.sleep(campaign.chance.uniform(0, 5))
    kill_postgres(world, begun, campaign.chance)
    assert begun.wait(300) == 1, world.said()
    assert "Traceback" not in world.said()
    assert "Error:" in world.said()

    world.run(*state.arguments("refresh"))
    campaign.hold(state)
    failed, succeeded = world.rows("select status, error from ops.refreshes order by refresh_id")
    assert failed["status"] == "failed"
    assert "abandoned" in failed["error"]
    assert succeeded == {"status": "succeeded", "error": None}
    assert world.rows(EVERYTHING_LOADED_ONCE)[0]["explained"]
