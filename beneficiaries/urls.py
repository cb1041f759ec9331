"""Addresses of a person's file, under /salaries/."""

from django.urls import path

from beneficiaries import appointment_views, document_views, follow_up_views, support_views, views

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
    path("suivre/", follow_up_views.follow_up_start, name="follow-up-start"),
    path("<int:pk>/suivis/", follow_up_views.follow_up_list, name="follow-up-list"),
    path("<int:pk>/suivis/nouveau/", follow_up_views.follow_up_create, name="follow-up-create"),
    path("suivis/<int:pk>/", follow_up_views.follow_up_detail, name="follow-up-detail"),
    path("suivis/<int:pk>/modifier/", follow_up_views.follow_up_edit, name="follow-up-edit"),
    path("suivis/<int:pk>/note/", follow_up_views.follow_up_note, name="follow-up-note"),
    path("suivis/<int:pk>/supprimer/", follow_up_views.follow_up_delete, name="follow-up-delete"),
    # Freins
    path("<int:pk>/freins/", support_views.barrier_list, name="barrier-list"),
    path("<int:pk>/freins/<slug:axis>/", support_views.barrier_assess, name="barrier-assess"),
    path("freins/<int:pk>/", support_views.barrier_edit, name="barrier-edit"),
    # Steps
    path("<int:pk>/demarches/", support_views.step_list, name="step-list"),
    path("<int:pk>/demarches/nouvelle/", support_views.step_create, name="step-create"),
    path("demarches/<int:pk>/", support_views.step_edit, name="step-edit"),
    path("demarches/<int:pk>/faite/", support_views.step_close, name="step-close"),
    path("demarches/<int:pk>/rouvrir/", support_views.step_reopen, name="step-reopen"),
    path("demarches/<int:pk>/supprimer/", support_views.step_delete, name="step-delete"),
    # Professional project
    path("<int:pk>/projet/nouveau/", support_views.project_create, name="project-create"),
    path("projet/<int:pk>/", support_views.project_edit, name="project-edit"),
    # Appointments
    path("<int:pk>/rendez-vous/nouveau/", appointment_views.appointment_create, name="appointment-create"),
    path("rendez-vous/<int:pk>/", appointment_views.appointment_edit, name="appointment-edit"),
    path("rendez-vous/<int:pk>/issue/", appointment_views.appointment_close, name="appointment-close"),
    # Documents
    path("<int:pk>/documents/nouveau/", document_views.document_create, name="document-create"),
    path("documents/<int:pk>/", document_views.document_detail, name="document-detail"),
    path("documents/<int:pk>/modifier/", document_views.document_edit, name="document-edit"),
    path("documents/<int:pk>/supprimer/", document_views.document_delete, name="document-delete"),
    path("documents/<int:pk>/apercu/", document_views.document_preview, name="document-preview"),
    path("documents/<int:pk>/fichier/", document_views.document_download, name="document-download"),
]
