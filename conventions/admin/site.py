"""The admin site of OPT-NC's staff."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from conventions import permissions


class PartnersAdminSite(AdminSite):
    site_title = _("OPT Partenariats")
    site_header = _("OPT Partenariats")
    index_title = _("À faire")
    enable_nav_sidebar = True

    def has_permission(self, request):
        return permissions.can_enter_admin(request.user)
