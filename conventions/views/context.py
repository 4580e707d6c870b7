"""What every template may rely on."""

from django.conf import settings


def site(request):
    """`demo` (bool), `site_name`, `current_user_roles` (role slugs of the signed-in member of staff)."""
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated and user.is_staff else frozenset()
    return {"demo": settings.DEMO, "site_name": "OPT Partenariats", "current_user_roles": roles}
