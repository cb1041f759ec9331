"""Addresses of worksites, under /chantiers/."""

from django.urls import path

from worksites import job_views, views

app_name = "worksites"
urlpatterns = [
    path("", views.worksite_list, name="worksite-list"),
    path("nouveau/", views.worksite_create, name="worksite-create"),
    path("<int:pk>/", views.worksite_detail, name="worksite-detail"),
    path("<int:pk>/modifier/", views.worksite_edit, name="worksite-edit"),
    # Assignments
    path("affectations/nouvelle/<int:pk>/", views.assignment_create, name="assignment-create"),
    path("affectations/<int:pk>/", views.assignment_edit, name="assignment-edit"),
    # Financial annexes
    path("annexes/nouvelle/", views.annex_create, name="annex-create"),
    path("annexes/<int:pk>/", views.annex_edit, name="annex-edit"),
    # Client jobs
    path("commandes/", job_views.job_list, name="job-list"),
    path("commandes/export.<slug:file_format>", job_views.job_export, name="job-export"),
    path("<int:pk>/commandes/nouvelle/", job_views.job_create, name="job-create"),
    path("commandes/<int:pk>/", job_views.job_detail, name="job-detail"),
    path("commandes/<int:pk>/modifier/", job_views.job_edit, name="job-edit"),
    path("commandes/<int:pk>/avancement/", job_views.job_progress, name="job-progress"),
]
