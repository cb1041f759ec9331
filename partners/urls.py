"""Addresses of partners, under /partenaires/."""

from django.urls import path

from partners import directory_views as directory

app_name = "partners"
urlpatterns: list = [
    # Directory
    path("", directory.partner_list, name="list"),
    path("export.<slug:file_format>", directory.partner_export, name="export"),
    path("nouveau/", directory.partner_create, name="create"),
    path("<int:pk>/", directory.partner_detail, name="detail"),
    path("<int:pk>/modifier/", directory.partner_edit, name="edit"),
    path("<int:pk>/contacts/nouveau/", directory.contact_create, name="contact-create"),
    path("contacts/<int:pk>/", directory.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/supprimer/", directory.contact_delete, name="contact-delete"),
    path("<int:pk>/services/nouveau/", directory.service_create, name="service-create"),
    path("services/<int:pk>/", directory.service_edit, name="service-edit"),
    path("services/<int:pk>/supprimer/", directory.service_delete, name="service-delete"),
    # The national directory
    # Whom to send somebody to, referrals
    # The network, immersions
]
