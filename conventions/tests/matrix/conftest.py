"""One world for the tests of this folder, in which each kind of visitor is signed in; each test undoes what it did."""

from dataclasses import replace

import pytest

from conventions.tests.harness import Kept
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.visits import Visits


@pytest.fixture(scope="package")
def _made(django_db_setup, django_db_blocker, tmp_path_factory):
    with Kept.around(django_db_blocker, tmp_path_factory.mktemp("matrix")) as kept:
        with kept.being_made():
            world = worlds.build(*worlds.VISITORS)
        yield kept, world, {}


@pytest.fixture
def world(_made, db, settings):
    """Its rows as new; what a test adds to them goes with it."""
    kept, world, _visited = _made
    kept.found_by(settings)
    clients = {who: worlds.browser(client) for who, client in world.clients.items()}
    return replace(world, rows=dict(world.rows), clients=clients)


@pytest.fixture
def visits(_made, world):
    """`visits(who)`: {address: its answer} of every page, each read once by each visitor for all the tests."""
    return Visits(world, _made[2])
