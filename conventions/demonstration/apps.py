"""The demonstration as an application without tables, installed only when it runs (and for its tests)."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "conventions.demonstration"
    label = "demonstration"
