"""Addresses of the demonstration alone: included only when it runs."""

from django.urls import path

from conventions.views import demo

app_name = "demo"
urlpatterns = [
    path("", demo.accounts, name="accounts"),
    path("courriels/", demo.mails, name="mails"),
]
