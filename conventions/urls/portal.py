"""Addresses of the associations' space."""

from django.urls import path

from conventions.views import portal, sessions, sign_in

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
    path("documents/<int:pk>/", portal.document, name="document"),
]
