"""The space of the associations: which conventions and acts someone reads, and what their pages say.

Someone in office reads every act shown to the parties; a former representative keeps what he or she signed, no more.
`home`, `page` and `reading` cost the same number of queries whatever the number of rows.
"""

from conventions.domain.space.access import File, conventions_for, document_for, file_for
from conventions.domain.space.copies import copies_of
from conventions.domain.space.home import home
from conventions.domain.space.mandates import mandate_for, partner_for
from conventions.domain.space.news import tell as tell_news
from conventions.domain.space.page import offers_receipt, page
from conventions.domain.space.sending import (
    acknowledge,
    ask_receipt,
    is_received,
    may_tell_missing,
    send_report,
)
from conventions.domain.space.support import devices_of
from conventions.domain.space.text import asked_to_sign, reading, subject_of
from conventions.domain.space.todo import PAPERS

__all__ = [
    "PAPERS",
    "File",
    "acknowledge",
    "ask_receipt",
    "asked_to_sign",
    "conventions_for",
    "copies_of",
    "devices_of",
    "document_for",
    "file_for",
    "home",
    "is_received",
    "mandate_for",
    "may_tell_missing",
    "offers_receipt",
    "page",
    "partner_for",
    "reading",
    "send_report",
    "subject_of",
    "tell_news",
]
