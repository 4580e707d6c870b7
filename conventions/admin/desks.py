"""Pages of what somebody brought and colleagues finish together: an exported list, a page of our own for each row."""

from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions.admin.exports import ExportedList

Brought = TypeVar("Brought", bound=models.Model)


class DeskAdmin(ExportedList, Generic[Brought]):
    """`missing` is told where the row is not; `read_with`: what its page reads of it."""

    missing = ""
    read_with: tuple[str, ...] = ()

    def row(self, request: HttpRequest, key: int | str) -> Brought:
        """Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(key).isdecimal() or len(str(key)) > 18:
            raise Http404(self.missing)
        return get_object_or_404(self.model._default_manager.select_related(*self.read_with), pk=key)

    def answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
        """A page of `templates/admin/conventions/`, in the folder of the model."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        address = f"admin/conventions/{self.opts.model_name}/{template}.html"
        return TemplateResponse(request, address, {**shared, **context})


def url_of(row: models.Model) -> str:
    """The page of what was brought."""
    return reverse(f"admin:conventions_{row._meta.model_name}_change", args=[row.pk])
