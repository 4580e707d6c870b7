"""A migrated site of its own, and where its copies go."""

import subprocess

import pytest
from django.db import connection

from conventions.tests import migrating, online
from conventions.tests.continuity.sites import Site, address_of


@pytest.fixture
def places(tmp_path):
    """Where the copies go."""
    found = {name: tmp_path / name.lower() for name in ("SAUVEGARDE", "CLES")}
    found["CLES"].mkdir()
    return {name: str(path) for name, path in found.items()}


@pytest.fixture
def site(transactional_db, tmp_path, places):
    """A migrated database, with the keys of the seal; no transaction of the test is in the way."""
    with migrating.copied("continuity"):
        site = Site(tmp_path / "site", address_of(connection.settings_dict["NAME"]), **places)
        connection.close()
        site.folder.mkdir()
        subprocess.run(["cp", "-a", online.keys(), site.folder / "sceau"], check=True)
        yield site
