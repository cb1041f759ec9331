"""The Django admin behind our own door: our login, our right, its own relaxed policy."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import admin
from django.urls import reverse

ADMIN_POLICY = {
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
}


class AdminSite(admin.AdminSite):
    site_header = "Confluences, administration"
    site_title = "Confluences"
    index_title = "Données, listes et comptes"

    @property
    def site_url(self):
        return reverse("home")

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm("confluences.use_admin")

    def admin_view(self, view, cacheable=False):
        return csp_update(ADMIN_POLICY)(super().admin_view(view, cacheable))
