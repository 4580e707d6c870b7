"""The space of the associations: which conventions and acts someone reads, and what their pages say.

Someone in office reads every act shown to the parties; a former representative keeps what he or she signed, no more.
`home`, `overview`, `support` and `reading` cost the same number of queries whatever the number of rows.
"""

from conventions.domain.space.access import File, conventions_for, document_for, file_for
from conventions.domain.space.home import home
from conventions.domain.space.overview import overview
from conventions.domain.space.reading import reading
from conventions.domain.space.support import support

__all__ = ["File", "conventions_for", "document_for", "file_for", "home", "overview", "reading", "support"]
