"""When each reader wants each letter: at once, in a daily summary, never. Security and legal letters always leave."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.foundation.mail_catalogue import BY_CODE, chosen_by
from conventions.domain.mails.letter import Letter
from conventions.enums import MailRhythm
from conventions.models import HeldMail, MailPreference, OutgoingMail, User

SUMMARY = "resume_quotidien"


def choices_of(user: User) -> dict[str, MailRhythm]:
    """{letter: rhythm} for every letter this user may choose; one query."""
    chosen = dict(MailPreference.objects.filter(user=user).values_list("letter", "rhythm"))
    return {kind.code: MailRhythm(chosen.get(kind.code, kind.usual)) for kind in chosen_by(user)}


def choose(user: User, choices: dict[str, str]) -> int:
    """Keep these choices of the user; how many changed. Letters that may not be chosen are left alone."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        before = choices_of(user)
        changed = {
            code: MailRhythm(rhythm)
            for code, rhythm in choices.items()
            if code in before and before[code] != MailRhythm(rhythm)
        }
        for code, rhythm in changed.items():
            MailPreference.objects.update_or_create(user=user, letter=code, defaults={"rhythm": rhythm})
        if changed:
            told = {code: [str(before[code].label), str(rhythm.label)] for code, rhythm in changed.items()}
            journal.record("courriels_choisis", by=user, changes=told)
    return len(changed)


def sort(mail: OutgoingMail, letters: list[Letter]) -> tuple[list[Letter], list[Letter]]:
    """Those that leave now, those kept for a summary; the others are refused by their reader. Two queries.

    A mail that someone sends again does not wait for the summary. What a former attempt kept for the summary stays
    there, whatever was chosen since.
    """
    kind = BY_CODE.get(mail.template)
    readers = {letter.user for letter in letters if letter.user}
    if kind is None or kind.always or not readers:
        return letters, []
    rows = MailPreference.objects.filter(letter=mail.template, user__in=readers)
    chosen = dict(rows.values_list("user", "rhythm"))
    kept = set(HeldMail.objects.filter(mail=mail).values_list("user", flat=True))
    leaving, held = [], []
    for letter in letters:
        if letter.user in kept:
            continue
        rhythm = chosen.get(letter.user, kind.usual) if letter.user else MailRhythm.NOW
        if rhythm == MailRhythm.NOW or (rhythm == MailRhythm.DAILY and mail.again_of_id):
            leaving.append(letter)
        elif rhythm == MailRhythm.DAILY:
            held.append(letter)
    return leaving, held


def hold(mail: OutgoingMail, letters: Iterable[Letter]) -> None:
    """Keep these letters for the summary of their readers; twice does nothing more."""
    HeldMail.objects.bulk_create(
        [HeldMail(mail=mail, user_id=letter.user) for letter in letters if letter.user], ignore_conflicts=True
    )


def page_of(letter: Letter, template: str) -> str:
    """The address where the reader chooses; nothing for a letter that always leaves, or without account."""
    kind = BY_CODE.get(template)
    if letter.user is None or kind is None or (kind.always and template != SUMMARY):
        return ""
    return settings.SITE_URL + reverse("admin:mail_preferences" if letter.is_staff else "portal:mails")


def summaries_due(*, at: datetime.datetime | None = None) -> dict[int, datetime.date]:
    """{user: day} of the summaries to write now: letters wait, and the hour of the summary has come."""
    now = timezone.localtime(at or timezone.now())
    if now.hour < settings.MAIL_SUMMARY_HOUR:
        return {}
    waiting = HeldMail.objects.waiting().filter(user__is_active=True)
    return dict.fromkeys(waiting.order_by("user").values_list("user", flat=True).distinct(), now.date())


def take_held(user_id: int, day: datetime.date) -> int:
    """Give the letters that wait for this user to the summary of that day; how many."""
    return HeldMail.objects.waiting().filter(user=user_id).update(summary_on=day)
