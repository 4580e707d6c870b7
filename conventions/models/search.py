"""A normalised key column for search: same answers on SQLite and PostgreSQL."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from conventions.formats import search_key, search_words


class SearchableQuerySet(models.QuerySet):
    def search(self, text: str) -> Self:
        """Rows whose key holds every word of the text; case, accents, œ, hyphens and apostrophes do not count."""
        found = self
        for word in search_words(text):
            found = found.filter(search_key__contains=word)
        return found


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
        self.search_key = search_key(" ".join(text for text in self.search_source() if text))
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "search_key"}
        super().save(*args, **kwargs)

    def search_source(self) -> list[str]:
        """The texts a user may look for; blank ones are left out."""
        raise NotImplementedError(f"{type(self).__name__} n’a pas de texte de recherche")
