"""Acts ready to be signed online."""

import pytest

from conventions.tests import online
from conventions.tests.signing.kept import KeptWorld


@pytest.fixture
def keys():
    """The keys of the seal, made once for the whole run."""
    online.give_keys()


@pytest.fixture(scope="session")
def kept_worlds():
    return []


@pytest.fixture
def world(db, keys, kept_worlds, tmp_path_factory):
    """Frozen, certified, invitations sent: made once by each process, since bringing it back costs far less."""
    if not kept_worlds:
        kept_worlds.append(KeptWorld(tmp_path_factory.mktemp("world")))
    return kept_worlds[0].again()


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
