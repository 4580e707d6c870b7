"""Accounts of staff: made without a password, never closed by their owner, closed with their sessions."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from conventions.domain.people import staff_accounts
from conventions.enums import Role
from conventions.models import User, UserSession
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("whose", "active", "superuser", "refused"),
    [
        ("own", True, True, False),
        ("own", False, True, True),
        ("own", True, False, True),
        ("colleague", False, True, False),
        ("colleague", True, False, False),
    ],
)
def test_administrator_may_close_a_colleague_not_oneself(whose, active, superuser, refused):
    people = {"own": f.UserFactory(superuser=True), "colleague": f.UserFactory(superuser=True)}
    saved = people[whose]
    saved.is_active, saved.is_superuser = active, superuser
    with transaction.atomic():
        if not refused:
            return staff_accounts.check_change(saved, by=people["own"])
        with pytest.raises(PermissionDenied, match="ne ferme pas son propre compte"):
            staff_accounts.check_change(saved, by=people["own"])


def test_last_administrator_is_kept_from_anybody():
    last, manager = f.UserFactory(superuser=True), f.UserFactory(role=Role.OFFICER)
    last.is_active = False
    with transaction.atomic(), pytest.raises(PermissionDenied, match="dernier administrateur"):
        staff_accounts.check_change(last, by=manager)


def test_new_account_waits_for_its_own_password():
    user = User(username="neuve")
    staff_accounts.make_staff(user, by=f.UserFactory(superuser=True))
    assert (user.is_staff, user.has_usable_password()) == (True, False)


def test_closed_account_has_no_session_left_and_tells_its_files(as_role):
    there = as_role(Role.OFFICER)
    f.ConventionFactory(officer=there.user)
    assert staff_accounts.closed(there.user, by=f.UserFactory(superuser=True)) == 1
    assert not UserSession.objects.open().filter(user=there.user).exists()
