"""Acts ready to be signed online."""

import pytest

from conventions.tests import online
from conventions.tests.signing import world as worlds


@pytest.fixture
def keys():
    """The keys of the seal, made once for the whole run."""
    online.give_keys()


@pytest.fixture
def world(db, keys):
    return worlds.frozen()


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
