"""Heavy files, as they arrive: what the disk took no more of is closed at once, not when memory is next tidied."""

import contextlib
from collections.abc import Iterator

from django.core.files import uploadhandler
from django.core.files.uploadedfile import UploadedFile


class TemporaryFileUploadHandler(uploadhandler.TemporaryFileUploadHandler):
    """Django's own leaves its half-written file open when the disk is full."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        with self._closed_when_full():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        with self._closed_when_full():
            return super().file_complete(file_size)

    @contextlib.contextmanager
    def _closed_when_full(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with contextlib.suppress(OSError):  # closing writes what waits, for which there is no room either
                self.file.close()
            raise
