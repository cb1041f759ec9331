"""Addresses of trainings, under /formations/."""

from django.urls import path

from trainings import (
    centre_views,
    certificate_views,
    matrix_views,
    paper_views,
    programme_views,
    session_views,
)

app_name = "trainings"
urlpatterns = [
    # Programmes
    path("", programme_views.programme_list, name="programme-list"),
    path("nouveau/", programme_views.programme_create, name="programme-create"),
    path("<int:pk>/", programme_views.programme_detail, name="programme-detail"),
    path("<int:pk>/modifier/", programme_views.programme_edit, name="programme-edit"),
    # Enrolments
    path("<int:pk>/inscrire/", programme_views.enrolment_create, name="enrolment-create"),
    path("inscriptions/<int:pk>/modifier/", programme_views.enrolment_edit, name="enrolment-edit"),
    # Sessions
    path("<int:pk>/seances/nouvelle/", session_views.session_create, name="session-create"),
    path("<int:pk>/seances/serie/", session_views.session_series, name="session-series"),
    path("seances/<int:pk>/", session_views.session_detail, name="session-detail"),
    path("seances/<int:pk>/modifier/", session_views.session_edit, name="session-edit"),
    path("seances/<int:pk>/supprimer/", session_views.session_delete, name="session-delete"),
    # The matrix, one person in it, the training centre
    path("<int:pk>/matrice/", matrix_views.matrix, name="matrix"),
    path("<int:pk>/matrice.<slug:file_format>", matrix_views.matrix_export, name="matrix-export"),
    path("inscriptions/<int:pk>/", matrix_views.enrolment_detail, name="enrolment-detail"),
    path("centre/", centre_views.centre, name="centre"),
    path("centre.<slug:file_format>", centre_views.centre_export, name="centre-export"),
    # Papers
    path("seances/<int:pk>/emargement.pdf", paper_views.attendance_sheet, name="attendance-sheet"),
    path("<int:pk>/emargements/", paper_views.attendance_sheets, name="attendance-sheets"),
    path("<int:pk>/programme.pdf", paper_views.programme_paper, name="programme-paper"),
    path("inscriptions/<int:pk>/releve.pdf", paper_views.statement_paper, name="statement-paper"),
    # Certificates
    path("certificats/", certificate_views.certificate_list, name="certificate-list"),
    path(
        "certificats/export.<slug:file_format>",
        certificate_views.certificate_export,
        name="certificate-export",
    ),
    path("certificats/<int:pk>/", certificate_views.certificate_detail, name="certificate-detail"),
    path(
        "certificats/<int:pk>/papier.pdf", certificate_views.certificate_download, name="certificate-download"
    ),
    path(
        "inscriptions/<int:pk>/delivrer/<slug:kind>/",
        certificate_views.certificate_issue,
        name="certificate-issue",
    ),
    path("verifier/", certificate_views.certificate_verify, name="certificate-verify"),
]
