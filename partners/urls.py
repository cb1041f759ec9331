"""Addresses of partners, under /partenaires/."""

from django.urls import path

from partners import national_views

app_name = "partners"
urlpatterns: list = [
    # Directory
    # The national directory
    path("annuaire-national/", national_views.national_import, name="national-import"),
    path("annuaire-national/confirmer/", national_views.national_confirm, name="national-confirm"),
    path("annuaire-national/avancement/", national_views.national_progress, name="national-progress"),
    path("annuaire-national/remarques/<str:ticket>/", national_views.national_notes, name="national-notes"),
    # Whom to send somebody to, referrals
    # The network, immersions
]
