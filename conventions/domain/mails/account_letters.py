"""Letters about an account, to its owner alone: security letters always leave."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain.foundation.one_time_codes import in_groups
from conventions.domain.mails.act_letters import NOTE
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.domain.mails.space_letters import blank
from conventions.domain.people import login_codes
from conventions.domain.people.security import invitations, proving
from conventions.domain.space import addresses
from conventions.models import AddressChange, LoginCode, User, UserSession


def nouvelle_connexion(params: dict[str, Any]) -> list[Letter]:
    row = UserSession.objects.select_related("user").filter(pk=params["session"]).first()
    if row is None:
        raise Pointless
    page = "admin:account" if row.user.is_staff else "portal:sessions"
    context = {"row": row, "link": settings.SITE_URL + reverse(page)}
    return _to_account(row.user, "nouvelle_connexion", "Nouvelle connexion à votre compte", context)


def invitation_personnel(params: dict[str, Any]) -> list[Letter]:
    """The link is made now: nothing of it is kept."""
    user = _account(params)
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    context = {"days": days, "link": settings.SITE_URL + invitations.path_for(user)}
    return _to_account(user, "invitation_personnel", "Votre compte OPT Partenariats", context)


def second_facteur_reinitialise(params: dict[str, Any]) -> list[Letter]:
    context = {"link": settings.SITE_URL + reverse("admin:account")}
    subject = "Votre second facteur a été réinitialisé"
    return _to_account(_account(params), "second_facteur_reinitialise", subject, context)


def code_adresse(params: dict[str, Any]) -> list[Letter]:
    """Digits to the new address, minted now."""
    minted = addresses.mint(int(params["changement"]))
    if minted is None:
        raise Pointless
    address, digits = minted
    context = {"code": in_groups(digits), "minutes": settings.LOGIN_CODE_MINUTES}
    subject = "Votre code pour changer d’adresse"
    return [
        Letter(
            key="adresse",
            to=address,
            subject=subject,
            template="emails/code_adresse",
            context=context,
            renews=True,
        )
    ]


def code_de_confirmation(params: dict[str, Any]) -> list[Letter]:
    """Digits to the address that signs in, minted now."""
    minted = proving.mint(int(params["code"]))
    if minted is None or not minted[0].email:
        raise Pointless
    user, digits = minted
    context = {"code": in_groups(digits), "minutes": settings.LOGIN_CODE_MINUTES}
    return [
        Letter(
            key="adresse",
            to=user.email,
            subject="Votre code pour confirmer que c’est vous",
            template="emails/code_de_confirmation",
            context=context,
            renews=True,
        )
    ]


def adresse_va_changer(params: dict[str, Any]) -> list[Letter]:
    """To the address that still opens the space: there are two days to say no."""
    row = AddressChange.objects.planned().select_related("user").filter(pk=params["changement"]).first()
    if row is None or not row.previous:
        raise Pointless
    day = addresses.day_of(row)
    context = {
        **blank(row.user),
        "heading": "Votre adresse de connexion va changer",
        "summary": f"Rien ne change avant le {day}.",
        "paragraphs": [
            f"Une autre adresse ouvrira votre espace à partir du {day}. D’ici là, celle-ci l’ouvre toujours.",
            "C’est bien vous ? Il n’y a rien à faire.",
            "Ce n’est pas vous ? Ouvrez votre espace, « Mon compte », puis annulez le changement ; "
            "ou téléphonez à votre interlocuteur à l’OPT-NC.",
        ],
        "button": "Voir ou annuler ce changement",
        "link": settings.SITE_URL + reverse("portal:me"),
        "why": "cette adresse ouvre un espace à l’OPT-NC",
    }
    subject = "Votre adresse de connexion va changer"
    return [Letter(key="ancienne", to=row.previous, subject=subject, template=NOTE, context=context)]


def adresse_changee(params: dict[str, Any]) -> list[Letter]:
    """To the address that no longer opens the space: somebody may have done it in its place."""
    row = AddressChange.objects.select_related("user").filter(pk=params["changement"]).first()
    if row is None or row.applied_at is None or not row.previous:
        raise Pointless
    context = {
        **blank(row.user),
        "heading": "Votre adresse de connexion a changé",
        "summary": "Cette adresse n’ouvre plus votre espace.",
        "paragraphs": [
            "Les courriels de votre compte OPT Partenariats arrivent maintenant à une autre adresse."
            if row.user.is_staff
            else "Votre espace à l’OPT-NC s’ouvre maintenant avec une autre adresse.",
            "Ce n’est pas vous ? Répondez à ce message, ou téléphonez à votre interlocuteur à l’OPT-NC.",
        ],
        "button": "Ouvrir mon espace",
        "link": settings.SITE_URL + reverse("portal:home"),
        "why": "cette adresse ouvrait un espace à l’OPT-NC",
    }
    subject = "Votre adresse de connexion a changé"
    return [Letter(key="ancienne", to=row.previous, subject=subject, template=NOTE, context=context)]


def essais_de_connexion(params: dict[str, Any]) -> list[Letter]:
    """To an address for which strangers ask codes, or guess: nobody has come in, and there is nothing to do."""
    code = LoginCode.objects.filter(pk=params["login_code"]).first()
    accounts = login_codes.accounts_at(code.email) if code else []
    if not accounts:
        raise Pointless
    context = {
        **blank(accounts[0]),
        "heading": "Quelqu’un essaie d’entrer avec votre adresse",
        "summary": "Personne n’est entré. Il n’y a rien à faire.",
        "paragraphs": [
            "Plusieurs codes de connexion ont été demandés aujourd’hui pour votre adresse, depuis un appareil que "
            "nous ne connaissons pas, ou tapés sans succès.",
            "C’était vous, sur un nouvel appareil ? Les codes suivants arrivent un peu plus tard et sont plus longs. "
            "Un appareil qui a déjà servi à entrer n’attend pas.",
            "Ce n’était pas vous ? Il faut le code pour entrer, et il n’arrive que dans votre boîte. "
            "Ne le donnez à personne, pas même à quelqu’un qui se dirait de l’OPT-NC.",
        ],
        "button": "Voir mes connexions",
        "link": settings.SITE_URL + reverse("portal:sessions"),
        "why": "des codes de connexion ont été demandés pour cette adresse",
    }
    subject = "Quelqu’un essaie d’entrer avec votre adresse"
    return [Letter(key="adresse", to=accounts[0].email, subject=subject, template=NOTE, context=context)]


def essais_de_mot_de_passe(params: dict[str, Any]) -> list[Letter]:
    """To a member of staff whose name strangers try: nobody has come in."""
    context = {
        **blank(_account(params)),
        "heading": "Quelqu’un essaie d’entrer avec votre nom",
        "summary": "Personne n’est entré. Vos appareils habituels ne sont pas ralentis.",
        "paragraphs": [
            "Beaucoup de mots de passe faux ont été essayés aujourd’hui avec votre identifiant, depuis des appareils "
            "que nous ne connaissons pas. Ces essais sont maintenant ralentis.",
            "Un appareil où vous êtes déjà entré n’attend pas. Sur un nouvel appareil, deux essais par heure restent.",
            "Votre mot de passe sert ailleurs ? Changez-le. Ne le donnez à personne, pas plus qu’un code de votre "
            "second facteur.",
        ],
        "button": "Voir mon compte",
        "link": settings.SITE_URL + reverse("admin:account"),
        "why": "des mots de passe ont été essayés avec votre identifiant",
    }
    subject = "Quelqu’un essaie d’entrer avec votre nom"
    return [Letter(key="adresse", to=_account(params).email, subject=subject, template=NOTE, context=context)]


def _account(params: dict[str, Any]) -> User:
    user = User.objects.filter(pk=params["user"], is_active=True).first()
    if user is None:
        raise Pointless
    return user


def _to_account(user: User, name: str, subject: str, context: dict[str, Any]) -> list[Letter]:
    """A letter about the account, to its owner alone."""
    if not user.email:
        raise Undeliverable("Ce compte n’a pas d’adresse de courriel. Ajoutez-la à sa fiche.")
    template = f"emails/{name}"
    shown = {**context, "reader": user}
    return [
        Letter(key=f"utilisateur:{user.pk}", to=user.email, subject=subject, template=template, context=shown)
    ]
