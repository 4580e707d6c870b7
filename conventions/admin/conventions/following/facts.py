"""Each fact that the page records: its address, who may, its form and choices, and the verb it calls."""

from typing import Any

from conventions import permissions
from conventions.admin.conventions.following.fact import Fact
from conventions.admin.conventions.following.payments import PAYMENT_FACTS
from conventions.domain import following
from conventions.domain.acts import handover, handover_papers, lifecycle, missing
from conventions.domain.equipment import media
from conventions.domain.following import FollowUp
from conventions.domain.following.overview import is_handed
from conventions.enums import AttachmentKind, Event
from conventions.formats import counted
from conventions.forms import following as forms
from conventions.models import (
    Act,
    EquipmentTerm,
    ReportReceived,
    User,
)
from conventions.models.equipment import READY


# -- equipment --------------------------------------------------------------------------------------------
def _aside_initial(sheet: FollowUp, user: User, chosen: EquipmentTerm | None) -> dict:
    """The one device that the annex names by its serial."""
    if chosen is None or not chosen.serial:
        return {}
    return {"devices": ";".join(part for part in (chosen.serial, chosen.inventory_tag) if part)}


def _set_aside(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    items = handover.set_aside(values["term"], values["devices"], note=values["note"], by=by)
    return f"{counted(len(items), 'appareil préparé', 'appareils préparés')}."


def _agent(sheet: FollowUp, user: User, chosen: Any) -> dict:
    return {"agent": str(user), "erased_on": sheet.today}


def _erase(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    items, technique = values.pop("items"), values.pop("method")
    media.erase(
        [item.device for item in items], technique=technique, done_on=values.pop("erased_on"), by=by, **values
    )
    return f"Effacement enregistré pour {counted(len(items), 'appareil')}."


def _handover_initial(sheet: FollowUp, user: User, chosen: Any) -> dict:
    places = [line.row.pickup_place for line in sheet.devices if line.row.pickup_place]
    receiver = sheet.receivers[0] if sheet.receivers else None
    return {
        "items": [item for item in sheet.to_hand_over if item.media_state in READY],
        "handed_on": sheet.today,
        "place": places[0] if places else "",
        "given_by": ", ".join(part for part in (str(user), user.job_title) if part),
        "received_by": ", ".join(part for part in (str(receiver), receiver.title) if part)
        if receiver
        else "",
    }


def _hand_over(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    items = values["items"]
    handover.record_handover(items[0].equipment.act, by=by, **values)
    return (
        f"Remise de {counted(len(items), 'appareil')} enregistrée. Le procès-verbal est prêt à télécharger."
    )


def _file_paper(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    handover_papers.file(row, values["attachment"], what=values["what"], by=by)
    return "La pièce est classée avec la remise."


def _settle_missing(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    items = missing.settle(row, values.pop("items"), by=by, **values)
    return f"{counted(len(items), 'appareil')} : c’est enregistré."


# -- reports, loans, review, closing ----------------------------------------------------------------------
def _report(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    following.record_report(values.pop("obligation"), by=by, **values)
    return "Compte rendu reçu : c’est enregistré."


def _accept(sheet: FollowUp, values: dict, by: User, row: ReportReceived) -> str:
    following.accept_report(row, by=by, **values)
    return "Compte rendu accepté."


def _ask_again(sheet: FollowUp, values: dict, by: User, row: ReportReceived) -> str:
    following.ask_again(row, by=by, **values)
    return "C’est redemandé. L’association reçoit votre motif."


def _return(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    following.record_return(values.pop("in_kind"), by=by, **values)
    return "Prêt rendu : c’est enregistré."


def _review(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    following.record_review(sheet.convention, by=by, **values)
    return "Bilan enregistré."


def _close(sheet: FollowUp, values: dict, by: User, row: Any) -> str:
    """The same event as on the page of the convention."""
    initial = Act.objects.get(convention=sheet.convention, rank=0)
    lifecycle.apply(initial, Event.CLOSE, by=by, **values)
    return "La convention est close."


FACTS = {
    fact.code: fact
    for fact in (
        *PAYMENT_FACTS,
        Fact(
            code="appareils", address="appareils/", anchor="materiel", prefill="term",
            title="1. Préparer des appareils", button="Enregistrer ces appareils", form=forms.AsideForm,
            may=permissions.can_edit_equipment, initial=_aside_initial, do=_set_aside,
            lists=lambda sheet: {"term": [line.row for line in sheet.devices if line.accepts_more]},
        ),
        Fact(
            code="effacement", address="effacements/", anchor="materiel", title="2. Noter l’effacement des données",
            button="Enregistrer l’effacement", form=forms.ErasureForm, may=permissions.can_edit_equipment,
            lists=lambda sheet: {"items": sheet.to_erase}, initial=_agent, do=_erase,
            file_kind=AttachmentKind.OTHER,
        ),
        Fact(
            code="remise", address="remises/", anchor="materiel", title="3. Remettre le matériel",
            button="Enregistrer la remise et éditer le procès-verbal", form=forms.HandoverForm,
            may=permissions.can_edit_equipment,
            lists=lambda sheet: {"items": sheet.to_hand_over, "refused": sheet.to_hand_over},
            initial=_handover_initial, do=_hand_over,
        ),
        Fact(
            code="piece", address="remises/<int:row>/pieces/", anchor="materiel", title="Classer le PV signé",
            button="Classer", form=forms.HandoverPaperForm, may=permissions.can_edit_equipment,
            rows=lambda sheet: sheet.handovers, do=_file_paper, file_kind=AttachmentKind.SCAN,
        ),
        Fact(
            code="manque", address="remises/<int:row>/manque/", anchor="materiel", title="Régler ce manque",
            button="Enregistrer", form=forms.MissingForm, may=permissions.can_edit_equipment,
            rows=lambda sheet: sheet.handovers, do=_settle_missing,
            lists=lambda sheet: {"items": [item for item in sheet.items if is_handed(item) and not item.released_at]},
            initial=lambda sheet, user, chosen: {"on": sheet.today},
        ),
        Fact(
            code="compte-rendu", address="comptes-rendus/", anchor="comptes-rendus", prefill="obligation",
            title="Enregistrer un document reçu", button="Enregistrer", form=forms.ReportForm,
            may=permissions.can_edit_conventions, do=_report, file_kind=AttachmentKind.REPORT,
            lists=lambda sheet: {"obligation": [line.row for line in sheet.reports]},
            initial=lambda sheet, user, chosen: {"received_on": sheet.today},
        ),
        Fact(
            code="accepte", address="comptes-rendus/<int:row>/accepter/", anchor="comptes-rendus", title="Accepter",
            button="Accepter", form=forms.AcceptForm, may=permissions.can_edit_conventions, do=_accept,
            rows=lambda sheet: [report for line in sheet.reports for report in line.facts],
            initial=lambda sheet, user, chosen: {"accepted_on": sheet.today},
        ),
        Fact(
            code="redemande", address="comptes-rendus/<int:row>/redemander/", anchor="comptes-rendus",
            title="Redemander", button="Redemander", form=forms.AskAgainForm, may=permissions.can_edit_conventions,
            do=_ask_again, rows=lambda sheet: [report for line in sheet.reports for report in line.facts],
        ),
        Fact(
            code="pret", address="prets/", anchor="prets", prefill="in_kind", title="Enregistrer un retour",
            button="Enregistrer le retour", form=forms.ReturnForm, may=permissions.can_edit_equipment, do=_return,
            lists=lambda sheet: {"in_kind": [line.row for line in sheet.loans if line.is_open]},
            initial=lambda sheet, user, chosen: {"returned_on": sheet.today},
        ),
        Fact(
            code="bilan", address="bilan/", anchor="cloture", title="Écrire le bilan", button="Enregistrer le bilan",
            form=forms.ReviewForm, may=permissions.can_edit_conventions, do=_review,
            initial=lambda sheet, user, chosen: {"reviewed_on": sheet.today},
        ),
        Fact(
            code="cloture", address="cloture/", anchor="cloture", title="Clôturer la convention",
            button="Clôturer", form=forms.CloseForm, may=permissions.can_edit_conventions, do=_close,
            initial=lambda sheet, user, chosen: {"closed_on": sheet.today},
            without=lambda sheet, user: () if sheet.still_open else ("confirmed",),
        ),
    )
}  # fmt: skip
