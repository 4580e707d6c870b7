"""Archives of stored PDFs: what goes in (`archive_plan`), then one ZIP written as it is sent (`export_archive`).

    plan = archive_plan(keys, ArchiveVersion.PUBLIC)
    return export_archive(plan, by=request.user)

Nothing is rendered. The public version holds what the public site already gives; the signed one is internal.
"""

from .contents import ArchivePlan, ArchiveVersion, Entry, archive_plan
from .streaming import archive_chunks, archive_response, export_archive

__all__ = [
    "ArchivePlan",
    "ArchiveVersion",
    "Entry",
    "archive_chunks",
    "archive_plan",
    "archive_response",
    "export_archive",
]
