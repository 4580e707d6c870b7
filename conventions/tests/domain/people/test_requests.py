"""A page behind a door receives somebody; whoever comes by another way is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from conventions.domain.people.requests import signed_in
from conventions.models import Representative
from conventions.tests.factories import RepresentativeFactory, UserFactory


def test_a_request_of_somebody_is_given_back(rf):
    request = rf.get("/")
    request.user = UserFactory.build()
    assert signed_in(request) is request


def test_a_request_of_nobody_is_refused(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        signed_in(request)


@pytest.mark.django_db
def test_nobody_speaks_for_a_partner_without_signing_in():
    RepresentativeFactory()
    assert not Representative.objects.with_access(AnonymousUser()).exists()
