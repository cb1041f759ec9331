"""Addresses of partners, under /partenaires/."""

from django.urls import path

from partners import (
    directory_views,
    find_views,
    immersion_day_views,
    immersion_views,
    national_views,
    network_views,
    referral_views,
    reply_views,
)

app_name = "partners"
urlpatterns: list = [
    # Directory
    path("", directory_views.partner_list, name="list"),
    path("export.<slug:file_format>", directory_views.partner_export, name="export"),
    path("nouveau/", directory_views.partner_create, name="create"),
    path("<int:pk>/", directory_views.partner_detail, name="detail"),
    path("<int:pk>/modifier/", directory_views.partner_edit, name="edit"),
    path("<int:pk>/contacts/nouveau/", directory_views.contact_create, name="contact-create"),
    path("contacts/<int:pk>/", directory_views.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/supprimer/", directory_views.contact_delete, name="contact-delete"),
    path("<int:pk>/services/nouveau/", directory_views.service_create, name="service-create"),
    path("services/<int:pk>/", directory_views.service_edit, name="service-edit"),
    path("services/<int:pk>/supprimer/", directory_views.service_delete, name="service-delete"),
    # The national directory
    path("annuaire-national/", national_views.national_import, name="national-import"),
    path("annuaire-national/confirmer/", national_views.national_confirm, name="national-confirm"),
    path("annuaire-national/avancement/", national_views.national_progress, name="national-progress"),
    path("annuaire-national/remarques/<str:ticket>/", national_views.national_notes, name="national-notes"),
    # Whom to send somebody to, referrals
    path("trouver/<int:pk>/", find_views.find, name="find"),
    path("orientations/", referral_views.referral_list, name="referral-list"),
    path("orientations/export.<slug:file_format>", referral_views.referral_export, name="referral-export"),
    path("orientations/nouvelle/<int:pk>/", referral_views.referral_create, name="referral-create"),
    path("orientations/<int:pk>/", referral_views.referral_detail, name="referral-detail"),
    path("orientations/<int:pk>/modifier/", referral_views.referral_edit, name="referral-edit"),
    path("orientations/<int:pk>/suite/", referral_views.referral_close, name="referral-close"),
    path("orientations/<int:pk>/lettre/", referral_views.referral_letter, name="referral-letter"),
    path("orientations/<int:pk>/lien/", reply_views.referral_link_create, name="referral-link-create"),
    path(
        "orientations/<int:pk>/lien/revoquer/", reply_views.referral_link_revoke, name="referral-link-revoke"
    ),
    # confluences.redaction keeps what follows « reponse/ » out of every log.
    path("reponse/<str:token>/", reply_views.reply, name="reply"),
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
