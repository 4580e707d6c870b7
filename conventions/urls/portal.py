"""Addresses of the associations' space."""

from django.urls import path

from conventions.views import portal, sessions, sign_in, space_people, space_sending

app_name = "portal"
urlpatterns = [
    path("", portal.home, name="home"),
    path("connexion/", sign_in.sign_in, name="sign_in"),
    path("connexion/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("connexion/nouveau-code/", sign_in.sign_in_again, name="sign_in_again"),
    path("connexion/qui/", sign_in.sign_in_choice, name="sign_in_choice"),
    path("courriels/", portal.mails, name="mails"),
    path("deconnexion/", sign_in.sign_out, name="sign_out"),
    path("connexions/", sessions.mine, name="sessions"),
    path("connexions/<int:pk>/fermer/", sessions.close_mine, name="session_close"),
    path("connexions/fermer/", sessions.close_my_others, name="sessions_close"),
    path("presence/", sessions.presence, name="presence"),
    path("conventions/<slug:slug>/", portal.convention, name="convention"),
    path("conventions/<slug:slug>/soutien/", portal.support, name="support"),
    path("conventions/<slug:slug>/texte/", portal.agreement, name="agreement"),
    path("conventions/<slug:slug>/texte/<int:rank>/", portal.agreement, name="agreement_of"),
    path("conventions/<slug:slug>/texte-en-vigueur/", portal.text_in_force, name="text_in_force"),
    path("conventions/<slug:slug>/copie/", portal.copy, name="copy"),
    path("conventions/<slug:slug>/dossier/<int:rank>/", portal.dossier, name="dossier"),
    path("conventions/<slug:slug>/recu-de-mecenat/", space_sending.receipt, name="receipt"),
    path("conventions/<slug:slug>/rib/", space_sending.bank, name="bank"),
    path("conventions/<slug:slug>/remises/<int:pk>/", space_sending.handover, name="handover"),
    path(
        "conventions/<slug:slug>/remises/<int:pk>/signer/", space_sending.handover_sign, name="handover_sign"
    ),
    path("conventions/<slug:slug>/remises/<int:pk>/nouvelles/", space_sending.news, name="handover_news"),
    path("conventions/<slug:slug>/comptes-rendus/<int:pk>/", space_sending.report, name="report"),
    path("conventions/<slug:slug>/messages/", space_sending.ask, name="ask"),
    path("conventions/<slug:slug>/messages/<int:pk>/", space_sending.thread, name="thread"),
    path("association/<slug:slug>/", space_people.association, name="association"),
    path("association/<slug:slug>/contact/", space_people.public_contact, name="public_contact"),
    path(
        "association/<slug:slug>/presidence/", space_people.person, {"kind": "presidence"}, name="president"
    ),
    path("association/<slug:slug>/acces/", space_people.person, {"kind": "lecture"}, name="colleague"),
    path("moi/", space_people.me, name="me"),
    path("moi/adresse/", space_people.my_address, name="my_address"),
    path("moi/adresse/annuler/", space_people.my_address_cancel, name="my_address_cancel"),
    path("moi/adresse/code/", space_people.my_address_code, name="my_address_code"),
    path("documents/<int:pk>/", portal.document, name="document"),
    path("documents/<int:pk>/annexe-<int:number>.pdf", portal.annex, name="annex"),
]
