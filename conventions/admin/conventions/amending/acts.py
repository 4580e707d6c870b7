"""The card « Les actes de cette convention »: each act in order, what it changed, its documents."""

from dataclasses import dataclass

from django.utils.text import capfirst

from conventions.admin.conventions.tones import STATE_TONES
from conventions.domain.acts.content import changes
from conventions.domain.acts.lifecycle.standing import state_wording
from conventions.domain.documents.storage import newest
from conventions.enums import ActState, DocumentKind
from conventions.formats import act_words, date_phrase, told_date
from conventions.models import Act, Document

SHOWN_DOCUMENTS = (DocumentKind.FROZEN, DocumentKind.SIGNED, DocumentKind.STAMPED, DocumentKind.SCAN)


@dataclass(frozen=True)
class ActShown:
    """One act of the card; `is_here`: the page shows it."""

    act: Act
    name: str
    state: str
    tone: str
    signed: str
    told: str
    documents: list[Document]
    is_here: bool


def acts_card(acts: list[Act], shown: Act) -> list[ActShown]:
    """Every act of a convention that has several; the same number of queries for two or ten. Empty for one."""
    if len(acts) < 2:
        return []
    told = changes.changes_by_act(acts)
    papers: dict[int | None, list[Document]] = {act.pk: [] for act in acts}
    for document in Document.objects.filter(act__in=acts, kind__in=SHOWN_DOCUMENTS).order_by("pk"):
        papers[document.act_id].append(document)
    return [_shown(act, told[act.pk], _latest(papers[act.pk]), shown) for act in acts]


def _shown(act: Act, told: tuple, documents: list[Document], shown: Act) -> ActShown:
    words = act_words(act.kind)
    signed = capfirst(words.agree("signé"))
    day = told_date(act.signed_on, act.signed_on_precision, act.signed_on_wording) if act.signed_on else ""
    return ActShown(
        act=act,
        name=str(capfirst(f"{words.noun} {act.reference}".strip())),
        state=state_wording(act),
        tone=STATE_TONES[ActState(act.state)],
        signed=f"{signed} {date_phrase('le', day)}" if day else act.signed_on_wording,
        told=changes.sentence(act, told),
        documents=documents,
        is_here=act.pk == shown.pk,
    )


def _latest(documents: list[Document]) -> list[Document]:
    """The last version of each kind."""
    return list({document.kind: document for document in newest(documents)}.values())
