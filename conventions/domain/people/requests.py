"""A request, once a door has let its user in: the types of pages that only people who have signed in may see."""

from collections.abc import Callable
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from conventions.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """What a page receives behind `login_required`, or in the administration: its user is somebody."""

    user: User


def signed_in(request: HttpRequest) -> SignedInRequest:
    """The same request. Raises PermissionDenied for somebody who has not signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return cast(SignedInRequest, request)
