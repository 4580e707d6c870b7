"""Addresses of those who sign online: by the link of their mail, or from their account."""

from django.urls import path

from conventions.views import signing

app_name = "signing"
urlpatterns = [
    path("", signing.todo, name="todo"),
    path("acte/<int:pk>/", signing.read, name="read"),
    path("acte/<int:pk>/document.pdf", signing.document, name="document"),
    path("acte/<int:pk>/annexe-<int:number>.pdf", signing.annex, name="annex"),
    path("acte/<int:pk>/lu/", signing.reached_end, name="reached_end"),
    path("acte/<int:pk>/signature/", signing.sign, name="sign"),
    path("acte/<int:pk>/correction/", signing.correct, name="correct"),
    path("acte/<int:pk>/refus/", signing.decline, name="decline"),
    path("acte/<int:pk>/merci/", signing.thanks, name="thanks"),
    path("<str:token>/", signing.invitation, name="invitation"),
]
