"""A small load, interrupted then taken up again, shared by the tests of this folder."""

from functools import partial

import pytest
from django.conf import settings as site
from django.db import transaction
from django.test import override_settings

from conventions.demonstration import loading, progress

INTERRUPTED_AFTER = "Conventions fictives : 10 sur 16"


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """One load for these tests, undone at their end: the showcase and one convention of each state."""
    folder = str(tmp_path_factory.mktemp("demonstration"))
    storages = {
        name: options | {"OPTIONS": {"location": folder}} if name in ("default", "private") else options
        for name, options in site.STORAGES.items()
    }
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    told = []
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True, DATA_DIR=folder, STORAGES=storages, PASSWORD_HASHERS=quick):
            with pytest.raises(KeyboardInterrupt):
                loading.load(say=partial(interrupted, told), limit=1)
            stopped = progress.shown()
            added = loading.load(say=told.append, limit=1)
        yield {"added": added, "told": told, "stopped": stopped, "storages": storages, "folder": folder}
        transaction.set_rollback(True)


def interrupted(told, words):
    """Ctrl-C between two conventions, in the midst of the load."""
    told.append(words)
    if words == INTERRUPTED_AFTER:
        raise KeyboardInterrupt


@pytest.fixture
def demo(loaded, db, settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "conventions.tests.demo_urls"
    settings.STORAGES, settings.DATA_DIR = loaded["storages"], loaded["folder"]
    return loaded
