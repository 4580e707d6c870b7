"""The database as it was when looked at, brought back after a test that commits."""

import io
import sqlite3
from collections.abc import Iterable

from django.db import connection, transaction


class Pristine:
    """The database as the migrations left it (places, kinds, roles, OPT-NC, locks): tests that commit end there."""

    def __init__(self):
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self._copy = sqlite3.connect(":memory:")
            connection.connection.backup(self._copy)
        else:
            with connection.cursor() as cursor:
                self._rows = {table: _rows(cursor, table) for table in connection.introspection.table_names()}
                self._versions = _versions(cursor, self._rows)

    def restore(self) -> None:
        """Bring it back, in the place of Django's own end of a test that commits.

        Page by page on SQLite; elsewhere the tables that changed, whose triggers and keys look away meanwhile.
        """
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            self._copy.backup(connection.connection)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            versions = _versions(cursor, self._rows)
            written = [table for table in self._rows if versions[table] != self._versions[table]]
            if not written:
                return
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in written:
                if _rows(cursor, table) != self._rows[table]:
                    cursor.execute(f'DELETE FROM "{table}"')
                    cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(self._rows[table]))
            cursor.execute("SET LOCAL session_replication_role = origin")
            self._versions |= _versions(cursor, written)


def _versions(cursor, tables: Iterable[str]) -> dict[str, list]:
    """{table: what any write in it changes}: how many rows, a sum over the place and the transaction of each."""
    each = "SELECT '{0}', count(*), sum(hashtext(ctid::text || xmin::text)::bigint) FROM \"{0}\""
    cursor.execute(" UNION ALL ".join(map(each.format, tables)))
    return {table: found for table, *found in cursor.fetchall()}


def _rows(cursor, table: str) -> bytes:
    """All the rows of a table of PostgreSQL, as COPY writes them."""
    found = io.BytesIO()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', found)
    return found.getvalue()
