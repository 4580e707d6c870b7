"""Acts ready to be signed online."""

import pytest

from conventions.tests.signing import world as worlds


@pytest.fixture
def world(db):
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
