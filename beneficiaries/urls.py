"""Addresses of a person's file, under /salaries/."""

from django.urls import path

from beneficiaries import document_views, follow_up_views, views

app_name = "beneficiaries"
urlpatterns = [
    path("nouveau/", views.beneficiary_create, name="beneficiary-create"),
    path("<int:pk>/modifier/", views.beneficiary_edit, name="beneficiary-edit"),
    # Situation at entry
    path("<int:pk>/situations/nouvelle/", views.situation_create, name="situation-create"),
    path("situations/<int:pk>/", views.situation_edit, name="situation-edit"),
    path("situations/<int:pk>/sante-et-justice/", views.protected_edit, name="protected-edit"),
    # Contracts
    path("<int:pk>/contrats/nouveau/", views.contract_create, name="contract-create"),
    path("contrats/<int:pk>/", views.contract_edit, name="contract-edit"),
    # PASS IAE
    path("<int:pk>/pass/nouveau/", views.pass_create, name="pass-create"),
    path("pass/<int:pk>/", views.pass_edit, name="pass-edit"),
    path("pass/<int:pk>/suspensions/nouvelle/", views.suspension_create, name="suspension-create"),
    path("suspensions/<int:pk>/", views.suspension_edit, name="suspension-edit"),
    path("pass/<int:pk>/prolongations/nouvelle/", views.prolongation_create, name="prolongation-create"),
    path("prolongations/<int:pk>/", views.prolongation_edit, name="prolongation-edit"),
    # Follow-ups
    path("<int:pk>/suivis/nouveau/", follow_up_views.follow_up_create, name="follow-up-create"),
    path("suivis/<int:pk>/", follow_up_views.follow_up_detail, name="follow-up-detail"),
    path("suivis/<int:pk>/modifier/", follow_up_views.follow_up_edit, name="follow-up-edit"),
    # Documents
    path("<int:pk>/documents/nouveau/", document_views.document_create, name="document-create"),
    path("documents/<int:pk>/", document_views.document_detail, name="document-detail"),
    path("documents/<int:pk>/modifier/", document_views.document_edit, name="document-edit"),
    path("documents/<int:pk>/supprimer/", document_views.document_delete, name="document-delete"),
    path("documents/<int:pk>/apercu/", document_views.document_preview, name="document-preview"),
    path("documents/<int:pk>/fichier/", document_views.document_download, name="document-download"),
]
