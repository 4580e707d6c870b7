"""Sealing tests find a site that has its keys."""

import pytest

from conventions.tests import online


@pytest.fixture(autouse=True)
def _keys():
    online.give_keys()
