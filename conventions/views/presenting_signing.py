"""From what the domain tells of a signature to what its pages show."""

from itertools import groupby

from django.contrib.auth.models import AnonymousUser

from conventions.domain.acts import signing
from conventions.formats import act_words, counted, long_date, show_size, typeset
from conventions.models import SignatureRequest, User


def invitation_page(asked: SignatureRequest) -> dict:
    """What the page of a link tells: who, what, until when; nothing of the text itself."""
    act = asked.act
    words = act_words(act.kind)
    signed = getattr(asked, "act_of_signature", None)
    facts = [
        ("Pour", asked.signatory.party.partner.name),
        ("En qualité de", asked.signatory.title),
        ("Signataire", str(asked.signatory)),
    ]
    if asked.expires_at is not None and signed is None:
        facts.append(("À signer avant le", long_date(asked.expires_at)))
    return {
        "asked": asked,
        "act": act,
        "convention": act.convention,
        "signatory": asked.signatory,
        "words": words,
        "signed": signed,
        "heading": "Vous avez déjà signé" if signed else "Une signature vous est demandée",
        "ready": "prête" if words.gender == "f" else "prêt",
        "facts": facts,
    }


def reading_page(asked: SignatureRequest) -> dict:
    return {"size": show_size(asked.document.size), "waits": signing.waiting_reason(asked)}


def waiting_lines(user: User) -> dict:
    """Requests of this person by ceremony; those of no ceremony come first, without a title."""
    rows = signing.waiting_for(user)
    rows.sort(key=lambda row: (row.act.ceremony_id or 0, row.created_at))
    groups = [
        (ceremony.title if ceremony else "", list(lines))
        for ceremony, lines in groupby(rows, key=lambda row: row.act.ceremony)
    ]
    return {"groups": groups, "count": len(rows)}


def thanks_page(asked: SignatureRequest, user: User | AnonymousUser) -> dict:
    """Who signed, who is awaited, what became of the act; the next text to sign for someone who has several."""
    lines = signing.progress(asked.document)
    mine = signing.waiting_for(user) if user.is_authenticated else []
    over = signing.became(asked)
    left = sum(line.state != "signe" for line in lines)
    next_sentence = (
        f"Il reste {counted(left, 'signature')} : chacun est prévenu à son tour, et un courriel vous remettra le "
        "document signé."
        if left
        else "Tout le monde a signé : le sceau est posé dans la minute, puis un courriel vous remet le document signé."
    )
    return {
        "progress": lines,
        "size": show_size(asked.document.size),
        "next": over or typeset(next_sentence),
        "more": mine[0] if mine else None,
    }
