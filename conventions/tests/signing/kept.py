"""A world made once by each process: every test that asks for it finds the same rows, files and mails, as new."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core import mail

from conventions.tests.pristine import Pristine
from conventions.tests.signing import world as worlds


class KeptWorld:
    """The state just after this world was made, its letters sent."""

    def __init__(self, folder: Path, make: Callable[[], worlds.World]):
        self._world = make()
        self._rows = Pristine()
        self._mails = list(mail.outbox)
        self._files = folder / "files"
        shutil.copytree(settings.DATA_DIR, self._files)
        mail.outbox.clear()

    def again(self) -> worlds.World:
        """Bring it all back, in this test's own folder."""
        self._rows.restore()
        shutil.copytree(self._files, settings.DATA_DIR, dirs_exist_ok=True)
        mail.outbox[:] = copy.deepcopy(self._mails)
        return copy.deepcopy(self._world)
