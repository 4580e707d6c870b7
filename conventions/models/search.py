"""What lists search and count: a normalised key column, same answers on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any, Self

from django.apps import AppConfig
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, connections, models
from django.db.models import Count, OuterRef, Subquery

from conventions.formats import search_key, search_words


class SearchableQuerySet(models.QuerySet):
    def search(self, text: str) -> Self:
        """Rows whose key holds every word of the text; case, accents, œ, hyphens and apostrophes do not count."""
        found = self
        for word in search_words(text):
            found = found.filter(search_key__contains=word)
        return found


# The orders of the lists that are searched.
COVERED = {"conventions_convention": "created_at DESC, id DESC", "conventions_partner": "name, id"}


def cover_searches(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate: on SQLite a search reads an index of its own, and no row that it does not show.

    PostgreSQL finds the words by theirs, and refuses keys as long in such an index. A table made anew loses it.
    """
    engine = connections[using]
    if engine.vendor != "sqlite":
        return
    tables = engine.introspection.table_names()
    with engine.cursor() as cursor:
        for table, order in COVERED.items():
            if table in tables:
                name = f"{table.removeprefix('conventions_')}_searched"
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({order}, search_key)")


def count_beside(model: type[models.Model], relation: str) -> Subquery:
    """How many rows hang on each row by this relation; read of the rows that are shown, not of all that are sorted."""
    one = model._default_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Subquery(one.annotate(beside=Count(relation, distinct=True)).values("beside"))


def values_of(model: type[models.Model], column: str) -> list[str]:
    """Each value of an indexed column of text once, in order: one look into the index a value, whatever the rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found(value) AS (SELECT MIN({column}) FROM {table} UNION ALL"
            f" SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > found.value) FROM found"
            " WHERE found.value IS NOT NULL) SELECT value FROM found WHERE value IS NOT NULL"
        )
        return [value for (value,) in cursor.fetchall()]


# A date typed wrong by centuries does not fill a menu with centuries.
FIRST_YEAR, LAST_YEAR = 1960, 2060


def years_between(*read: tuple[models.QuerySet, str]) -> list[int]:
    """From the latest to the first, of a column of dates, moments or years: from its bounds, in one query.

    Each is the first entry of an index: no row is read. All are of one model.
    """
    ends = [
        Subquery(rows.filter(**{f"{name}__isnull": False}).order_by(way).values(name)[:1])
        for rows, name in read
        for way in (name, f"-{name}")
    ]
    one = read[0][0].model._default_manager.order_by("pk")[:1].values_list(*ends)
    found = [getattr(value, "year", value) for row in one for value in row if value is not None]
    near = range(FIRST_YEAR, LAST_YEAR + 1)
    between = [year for year in near if found and min(found) <= year <= max(found)]
    return sorted({*found, *between}, reverse=True)


class Searchable(models.Model):
    """Keeps `search_key` from `search_source()` at each save."""

    search_key = models.TextField(editable=False, default="", blank=True)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            GinIndex(fields=["search_key"], name="%(class)s_search", opclasses=["gin_trgm_ops"]),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = self.searchable()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    def save_unsearched(self, columns: Sequence[str]) -> None:
        """Write columns of which the key is not made: it stays, and no text beside the row is read."""
        super().save(update_fields=columns)

    def searchable(self) -> str:
        """The key of its texts, as they stand."""
        return search_key(" ".join(text for text in self.search_source() if text))

    def search_source(self) -> list[str]:
        """The texts a user may look for; blank ones are left out."""
        raise NotImplementedError(f"{type(self).__name__} n’a pas de texte de recherche")
