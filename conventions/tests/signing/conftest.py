"""Acts ready to be signed online."""

from functools import partial

import pytest

from conventions.enums import SigningOrder
from conventions.tests import online
from conventions.tests.signing import world as worlds
from conventions.tests.signing.kept import KeptWorld


@pytest.fixture
def keys():
    """The keys of the seal, made once for the whole run."""
    online.give_keys()


@pytest.fixture(scope="session")
def kept_worlds():
    return {}


@pytest.fixture
def keep(db, keys, kept_worlds, tmp_path_factory):
    """`keep(name, make)`: the world that `make()` makes, once by each process; bringing it back costs far less.

    Before anything else in a test: what is not of that world goes away.
    """

    def again(name: str, make) -> worlds.World:
        if name not in kept_worlds:
            kept_worlds[name] = KeptWorld(tmp_path_factory.mktemp("world"), make)
        return kept_worlds[name].again()

    return again


@pytest.fixture
def world(keep):
    """Frozen, certified, invitations sent, one signs after the other."""
    return keep("in turn", worlds.frozen)


@pytest.fixture
def together(keep):
    """The same, where everybody may sign at once."""
    return keep("together", partial(worlds.frozen, order=SigningOrder.TOGETHER))


@pytest.fixture
def sign_in_staff(as_role):
    """A signed-in client of a member of staff whose session went through the second factor."""
    from conventions import permissions

    def make(user, *, verified=True):
        client = as_role(user)
        if verified:
            session = client.session
            session[permissions.VERIFIED] = 1
            session.save()
        return client

    return make
