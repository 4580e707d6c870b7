"""Pages and press releases of the invented conventions, on the day after the signature."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.signals import post_save
from django.utils import timezone

from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.demonstration.plan.shapes import CeremonyPlan, ConventionPlan
from conventions.domain import publication
from conventions.enums import PressState
from conventions.models import Ceremony, Convention, OutgoingMail, PressRelease

PUBLISHED, EMBARGOED = "publie", "embargo"
EMBARGO = datetime.timedelta(days=20)
RECENT = datetime.timedelta(days=15)


def publish_page(convention: Convention, row: ConventionPlan, team: Team) -> None:
    """The public page, the day after the last act was signed."""
    last = max(act.signed_on for act in convention.acts.signed() if act.signed_on)
    with standing_at(_next_day(last)):
        publication.publish(Convention.objects.get(pk=convention.pk), by=team.communication)


def announce(convention: Convention, row: ConventionPlan, team: Team) -> None:
    """The press release, drafted, published or held back until a day that has not come."""
    if not row.press or PressRelease.objects.filter(convention=convention).exists():
        return
    day = row.calendar.ended_on or row.calendar.frozen_on or row.calendar.created_on
    with standing_at(_next_day(day)):
        release = publication.draft_press_release(by=team.communication, convention=convention)
        if row.press == PUBLISHED:
            publication.publish_press_release(release, by=team.communication)
    if row.press == EMBARGOED:
        release.embargo_until = timezone.now() + EMBARGO
        release.save(update_fields=["embargo_until"])
        publication.publish_press_release(release, by=team.communication)


def announce_ceremony(row: CeremonyPlan, team: Team) -> None:
    """One release for all the conventions of the ceremony."""
    ceremony = Ceremony.objects.get(slug=row.key)
    published = PressRelease.objects.filter(ceremony=ceremony, state=PressState.PUBLISHED)
    if published.exists() or not ceremony.acts.exists():
        return
    with standing_at(row.held_on):
        release = publication.draft_press_release(by=team.communication, ceremony=ceremony)
        publication.publish_press_release(release, by=team.communication)


@contextmanager
def without_past_mails(today: datetime.date) -> Iterator[None]:
    """Mails of past events are not sent years later: each is forgotten as it is asked for, unseen by the worker."""
    recent = datetime.datetime.combine(today - RECENT, datetime.time(), timezone.get_default_timezone())

    def forget(instance: OutgoingMail, *, created: bool, **_signal: object) -> None:
        if created and instance.created_at < recent:
            OutgoingMail.objects.filter(pk=instance.pk).delete()

    post_save.connect(forget, sender=OutgoingMail, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(forget, sender=OutgoingMail)


def _next_day(day: datetime.date) -> datetime.date:
    return min(day + datetime.timedelta(days=1), timezone.localdate())
