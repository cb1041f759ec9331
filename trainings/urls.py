"""Addresses of trainings, under /formations/."""

from django.urls import path

from trainings import certificate_views, paper_views

app_name = "trainings"
urlpatterns = [
    # Papers
    path("seances/<int:pk>/emargement.pdf", paper_views.attendance_sheet, name="attendance-sheet"),
    path("programmes/<int:pk>/emargements/", paper_views.attendance_sheets, name="attendance-sheets"),
    path("programmes/<int:pk>/programme.pdf", paper_views.programme_paper, name="programme-paper"),
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
