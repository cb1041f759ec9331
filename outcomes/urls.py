"""Addresses of results: cohorts, reports, exits."""

from django.urls import path

from outcomes import exit_views, report_views, views

app_name = "outcomes"
urlpatterns = [
    # Cohorts
    path("", views.cohort_list, name="cohort-list"),
    path("nouvelle-cohorte/", views.cohort_create, name="cohort-create"),
    path("cohortes/<slug:code>/", views.cohort_detail, name="cohort-detail"),
    path("cohortes/<slug:code>/modifier/", views.cohort_edit, name="cohort-edit"),
    # Files and reports
    path("cohortes/<slug:code>/sorties.<slug:file_format>", report_views.cohort_export, name="cohort-export"),
    path("cohortes/<slug:code>/chiffres.json", report_views.cohort_json, name="cohort-json"),
    path("cohortes/<slug:code>/projet.pdf", report_views.cohort_draft, name="cohort-draft"),
    path("cohortes/<slug:code>/figer/", report_views.report_freeze, name="report-freeze"),
    path(
        "cohortes/<slug:code>/rapport-<int:number>.pdf", report_views.report_download, name="report-download"
    ),
    # Exits
    path("sorties/nouvelle/<int:beneficiary>/", exit_views.exit_create, name="exit-create"),
    path("sorties/<int:pk>/", exit_views.exit_edit, name="exit-edit"),
    path("sorties/<int:pk>/preuve/", exit_views.exit_evidence, name="exit-evidence"),
]
