"""Addresses of the associations' space."""

app_name = "portal"
urlpatterns = []
