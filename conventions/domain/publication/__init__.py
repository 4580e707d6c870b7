"""What the public reads: sheets made from signed acts, press releases, and the figures drawn from them.

`sheet_context` is the last read of live rows; everything the public pages show comes from the sheets, the
snapshots and the columns that `publish` and `publish_press_release` write.
"""

from conventions.domain.publication.errors import PublicationError
from conventions.domain.publication.press import (
    PublishedRelease,
    draft_press_release,
    held_back,
    press_context,
    preview_press_release,
    publish_press_release,
    published_releases,
    stored_release,
    withdraw_press_release,
)
from conventions.domain.publication.sheet_context import sheet_context
from conventions.domain.publication.sheets import (
    PublicationState,
    publication_state,
    publish,
    published_sheets,
    stored_context,
    withdraw,
)

__all__ = [
    "PublicationError",
    "PublicationState",
    "PublishedRelease",
    "draft_press_release",
    "held_back",
    "press_context",
    "preview_press_release",
    "publication_state",
    "publish",
    "publish_press_release",
    "published_releases",
    "published_sheets",
    "sheet_context",
    "stored_context",
    "stored_release",
    "withdraw",
    "withdraw_press_release",
]
