"""What each event is called on its page, what it will do, what it has done: agreeing with the kind of act."""

from django.utils.text import capfirst

from conventions.enums import Event
from conventions.formats import act_words, typeset
from conventions.formats.grammar import ActWords
from conventions.models import Act

# {w} are the words of the act: « la convention », « de l’avenant », « cette résiliation ».
EXPLANATIONS = {
    Event.SUBMIT: "Le juridique relira {w.the}. Ses termes ne se modifient plus pendant la relecture.",
    Event.REQUEST_CORRECTION: "{w.the} revient à la personne chargée du dossier, avec votre demande. Elle lira chaque "
    "note dans sa rubrique.",
    Event.APPROVE: "{w.the} pourra être {figé}, puis {signé}.",
    Event.FREEZE: "Le document reçoit son numéro et ne change plus. Il part à la signature.",
    Event.TAKE_BACK: "{w.the} redevient un brouillon, avec le même numéro s’il est déjà donné. Un document figé ne "
    "compte plus.",
    Event.CORRECT_BEFORE_SIGNING: "Le document figé ne compte plus, les liens de signature sont révoqués. {W.the} "
    "revient à la personne chargée du dossier pour correction, avec le même numéro.",
    Event.FILE_SCAN: "Déposez l’exemplaire signé par toutes les parties : {w.the} sera {signé}.",
    Event.RECORD_REPRISE: "{w.the} est {enregistré} comme {signé}. Tout se complète jusqu’à l’attestation.",
    Event.ATTEST_REPRISE: "Une seconde personne atteste les faits. Ensuite ils ne changent plus.",
    Event.START_AMENDMENT: "Un brouillon d’avenant est créé, avec ses propres signataires. Il suit le même chemin que "
    "la convention. Ce qui est signé ne change pas avant la signature de l’avenant.",
    Event.START_TERMINATION: "Un brouillon de résiliation est créé. Il suit le même chemin que la convention, "
    "qui reste en vigueur jusqu’à la date d’effet.",
    Event.CLOSE: "Tout est fini : plus d’avenant, plus de résiliation. La convention reste lisible.",
    Event.DECLINE: "Une partie refuse de signer. {W.the} s’arrête là ; son numéro reste.",
    Event.CANCEL: "{w.the} est {annulé}. Son numéro reste, avec la mention « {annulé} ».",
    Event.ABANDON: "Le brouillon s’arrête là. Il reste lisible.",
    Event.EXPIRE: "{w.the} n’a pas été {signé} à temps. {W.the} s’arrête là.",
}
# « Annuler » alone would read as « leave this page ».
NAMES = {
    Event.CANCEL: "Annuler {w.the}",
    Event.APPROVE: "Valider {w.the}",
    Event.EXPIRE: "Constater que {w.the} a expiré",
    Event.CORRECT_BEFORE_SIGNING: "Corriger {w.the} avant signature",
}
DONE = {
    Event.SUBMIT: "{w.the} est {soumis} au juridique.",
    Event.REQUEST_CORRECTION: "La correction est demandée.",
    Event.APPROVE: "{w.the} est {validé}.",
    Event.FREEZE: "Le document est figé et mis à la signature.",
    Event.TAKE_BACK: "{w.the} est de nouveau un brouillon.",
    Event.CORRECT_BEFORE_SIGNING: "La correction est demandée. Le document figé ne compte plus.",
    Event.FILE_SCAN: "L’exemplaire signé est classé : {w.the} est {signé}.",
    Event.RECORD_REPRISE: "La reprise est enregistrée.",
    Event.ATTEST_REPRISE: "La reprise est attestée.",
    Event.START_AMENDMENT: "Le brouillon de l’avenant est prêt. Dites ce qu’il change.",
    Event.START_TERMINATION: "Le brouillon de la résiliation est prêt. Vérifiez-le, puis soumettez-le.",
    Event.CLOSE: "La convention est close.",
    Event.DECLINE: "Le refus est enregistré.",
    Event.CANCEL: "{w.the} est {annulé}.",
    Event.ABANDON: "Le brouillon est abandonné.",
    Event.EXPIRE: "L’expiration est constatée.",
}
AGREED = ("signé", "annulé", "figé", "validé", "enregistré", "soumis")


class _Capital:
    """The same words, with a capital: they begin a sentence."""

    def __init__(self, words: ActWords) -> None:
        self.the = capfirst(words.the)


def explanation(event: Event, act: Act) -> str:
    return _say(EXPLANATIONS[event], act)


def name(event: Event, act: Act) -> str:
    return _say(NAMES.get(event, str(event.label)), act)


def done(event: Event, act: Act) -> str:
    return _say(DONE[event], act)


def _say(text: str, act: Act) -> str:
    words = act_words(act.kind)
    agreed = {word: words.agree(word) for word in AGREED}
    return typeset(capfirst(text.format(w=words, W=_Capital(words), **agreed)))
