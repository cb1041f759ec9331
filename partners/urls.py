"""Addresses of partners, under /partenaires/."""

from django.urls import path

from partners import immersion_day_views, immersion_views, network_views

app_name = "partners"
urlpatterns: list = [
    # Directory
    # The national directory
    # Whom to send somebody to, referrals
    # The network, immersions
    path("reseau/", network_views.network, name="network"),
    path("reseau/export.<slug:file_format>", network_views.network_export, name="network-export"),
    path("immersions/", immersion_views.immersion_list, name="immersion-list"),
    path("immersions/export.<slug:file_format>", immersion_views.immersion_export, name="immersion-export"),
    path("immersions/nouvelle/<int:pk>/", immersion_views.immersion_create, name="immersion-create"),
    path("immersions/verifier/<int:pk>/", immersion_views.immersion_check, name="immersion-check"),
    path("immersions/<int:pk>/", immersion_views.immersion_detail, name="immersion-detail"),
    path("immersions/<int:pk>/modifier/", immersion_views.immersion_edit, name="immersion-edit"),
    path("immersions/<int:pk>/bilan/", immersion_views.immersion_outcome, name="immersion-outcome"),
    path("immersions/<int:pk>/journees/", immersion_day_views.immersion_days, name="immersion-days"),
    path(
        "immersions/<int:pk>/convention.pdf", immersion_views.immersion_agreement, name="immersion-agreement"
    ),
]
