"""The Django admin behind our own door: our login, our right, its own relaxed policy."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import reverse

from confluences.text import search_key

ADMIN_POLICY = {
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
}
# As the work goes: who, where, what they learn, where they go; then what an administrator alone looks after.
APPS = [
    "beneficiaries",
    "partners",
    "worksites",
    "trainings",
    "outcomes",
    "funding",
    "confluences",
    "auditlog",
]


class AdminSite(admin.AdminSite):
    site_header = "Confluences, administration"
    site_title = "Confluences"
    index_title = "Données, listes et comptes"

    @property
    def site_url(self):
        return reverse("home")

    def get_app_list(self, request, app_label=None):
        """In the order of the work; inside an app as a French dictionary sorts, É with E."""
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda model: search_key(str(model["name"])))
        return sorted(
            found, key=lambda app: APPS.index(app["app_label"]) if app["app_label"] in APPS else len(APPS)
        )

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm("confluences.use_admin")

    def admin_view(self, view, cacheable=False):
        return csp_update(ADMIN_POLICY)(super().admin_view(view, cacheable))
