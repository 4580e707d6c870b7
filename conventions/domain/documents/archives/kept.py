"""What the database keeps beside the acts, counted again."""

from collections.abc import Iterator

from django.db import connection

from conventions.formats import NBSP
from conventions.models import bounds


def wrong_bounds() -> Iterator[str]:
    """A sentence for each convention whose bounds differ from what its acts say."""
    distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    with connection.cursor() as cursor:
        cursor.execute(bounds.differing(distinct))
        for key, title in cursor.fetchall():
            yield (
                f"Convention {key}, « {title} »{NBSP}: ses dates dans les listes ne sont pas celles de ses actes."
                " Lancez « manage.py migrate »."
            )
