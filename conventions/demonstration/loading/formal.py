"""One formal letter of each kind about the showcase, for newcomers: the notification handed over, the others ready."""

import datetime

from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.domain.acts import letters
from conventions.enums import LetterKind
from conventions.formats import later_day
from conventions.models import Convention, FormalLetter

REASONS = {
    LetterKind.NOTICE: "Le bilan annuel que prévoit la convention n’a pas été remis à sa date (fictif).",
    LetterKind.PRIOR_NOTICE: "L’OPT-NC réorganise son réseau et ne pourra plus prêter ses salles (fictif).",
}


def write_letters(convention: Convention, team: Team, today: datetime.date) -> None:
    """The notification on the day after the signature; the others today, not handed over. Once."""
    act = convention.acts.get(rank=0)
    if FormalLetter.objects.filter(act=act).exists() or act.signed_on is None:
        return
    party, signer = letters.others(act)[0], next(iter(letters.signers()), None)
    for kind in LetterKind:
        first = kind == LetterKind.NOTIFICATION
        day = act.signed_on + datetime.timedelta(days=1) if first else today
        order = letters.Order(
            kind=kind,
            party=party,
            signer=signer,
            reason=REASONS.get(kind, ""),
            message="Nous vous remercions de votre confiance (fictif)." if first else "",
            effective_on=later_day(today, 3, 0),
        )
        with standing_at(day):
            made = letters.prepare(act, order, by=team.lawyer)
            if first:
                letters.note_handed(made, day, by=team.lawyer)
