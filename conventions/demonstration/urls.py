"""Addresses of the demonstration alone: included only when it runs."""

from django.urls import path

from conventions.demonstration import views

app_name = "demo"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("courriels/", views.mails, name="mails"),
]
