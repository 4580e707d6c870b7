"""A ZIP written while it is sent: memory holds one file at a time. Its last file is SHA256SUMS."""

import datetime
import hashlib
import io
import zipfile
from collections.abc import Iterable

from django.http import StreamingHttpResponse
from django.utils import timezone

SUMS = "SHA256SUMS"

# How who receives an archive checks it, as its LISEZMOI.txt says.
COMMANDS = """\
    Linux :    sha256sum -c SHA256SUMS
    macOS :    shasum -a 256 -c SHA256SUMS
    Windows, dans PowerShell :
               Get-Content SHA256SUMS -Encoding UTF8 | ForEach-Object { $h, $nom = $_ -split '  ', 2
                 "$nom : " + $(if ((Get-FileHash $nom).Hash -eq $h) { 'identique' } else { 'DIFFERENT' }) }"""


class Window(io.BytesIO):
    """A file of which only what was written since the last `drain` is kept; offsets count from the very start.

    `zipfile` goes back to complete the header of the file it has just written, never further: the archive needs no
    trailing descriptors, which some unpacking tools refuse on stored files.
    """

    def __init__(self) -> None:
        super().__init__()
        self._start = 0

    def tell(self) -> int:
        return self._start + super().tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._start + super().seek(offset - self._start if whence == io.SEEK_SET else offset, whence)

    def drain(self) -> bytes:
        content = self.getvalue()
        self._start += len(content)
        super().seek(0)
        self.truncate(0)
        return content


class StreamedZip:
    """Each call gives the bytes to send next; files are stored as they are."""

    def __init__(self) -> None:
        self._window = Window()
        self._archive = zipfile.ZipFile(self._window, "w", zipfile.ZIP_STORED)
        self._now = timezone.localtime()
        self._sums: list[str] = []

    def add(self, name: str, content: bytes, moment: datetime.datetime | None = None) -> bytes:
        """One file, dated in Nouméa (now by default)."""
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        return self._write(name, content, moment or self._now)

    def end(self) -> bytes:
        """The sums, which `sha256sum -c SHA256SUMS` checks, and the end of the archive."""
        last = self._write(SUMS, "".join(self._sums).encode(), self._now)
        self._archive.close()
        return last + self._window.drain()

    def _write(self, name: str, content: bytes, moment: datetime.datetime) -> bytes:
        information = zipfile.ZipInfo(name, timezone.localtime(moment).timetuple()[:6])
        information.external_attr = 0o644 << 16
        self._archive.writestr(information, content)
        return self._window.drain()


def as_download(chunks: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """The response that sends an archive; `name` without its ending, in ASCII."""
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
