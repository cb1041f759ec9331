"""Addresses of worksites, under /chantiers/."""

from django.urls import path

from worksites import equipment_views, etp_views, job_views, month_views, presence_views, views, week_views

app_name = "worksites"
urlpatterns = [
    path("", views.worksite_list, name="worksite-list"),
    path("nouveau/", views.worksite_create, name="worksite-create"),
    path("<int:pk>/", views.worksite_detail, name="worksite-detail"),
    path("<int:pk>/modifier/", views.worksite_edit, name="worksite-edit"),
    # Presence of a day
    path("<int:pk>/presence/", presence_views.presence_day_page, name="presence-day"),
    path("<int:pk>/presence/pointer/", presence_views.presence_tap, name="presence-tap"),
    path("presence/<int:pk>/repartir/", presence_views.presence_split, name="presence-split"),
    path("<int:pk>/semaine.pdf", week_views.week_sheet, name="week-sheet"),
    # Assignments
    path("affectations/nouvelle/<int:pk>/", views.assignment_create, name="assignment-create"),
    path("affectations/<int:pk>/", views.assignment_edit, name="assignment-edit"),
    # Financial annexes
    path("annexes/nouvelle/", views.annex_create, name="annex-create"),
    path("annexes/<int:pk>/", views.annex_edit, name="annex-edit"),
    path("annexes/<int:pk>/etp/", etp_views.annex_detail, name="annex-detail"),
    path(
        "annexes/<int:pk>/controle/<int:year>-<int:month>.<slug:file_format>",
        etp_views.annex_control,
        name="annex-control",
    ),
    # Presence by month
    path("<int:pk>/mois/", month_views.presence_month, name="presence-month"),
    path("clotures/", month_views.month_close, name="month-close"),
    path("clotures/<int:pk>/rouvrir/", month_views.month_reopen, name="month-reopen"),
    # Equipment
    path("materiel/", equipment_views.equipment_list, name="equipment-list"),
    path("materiel/export.<slug:file_format>", equipment_views.equipment_export, name="equipment-export"),
    path("materiel/etiquettes.pdf", equipment_views.equipment_labels, name="equipment-labels"),
    path("materiel/nouveau/", equipment_views.equipment_create, name="equipment-create"),
    path("materiel/<int:pk>/", equipment_views.equipment_detail, name="equipment-detail"),
    path("materiel/<int:pk>/modifier/", equipment_views.equipment_edit, name="equipment-edit"),
    path("materiel/<int:pk>/<slug:kind>/", equipment_views.equipment_event, name="equipment-event"),
    # Client jobs
    path("commandes/", job_views.job_list, name="job-list"),
    path("commandes/export.<slug:file_format>", job_views.job_export, name="job-export"),
    path("<int:pk>/commandes/nouvelle/", job_views.job_create, name="job-create"),
    path("commandes/<int:pk>/", job_views.job_detail, name="job-detail"),
    path("commandes/<int:pk>/modifier/", job_views.job_edit, name="job-edit"),
    path("commandes/<int:pk>/avancement/", job_views.job_progress, name="job-progress"),
]
