"""Addresses of worksites, under /chantiers/."""

from django.urls import path

from worksites import month_views, views

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
    # Presence by month
    path("<int:pk>/mois/", month_views.presence_month, name="presence-month"),
    path("clotures/", month_views.month_close, name="month-close"),
    path("clotures/<int:pk>/rouvrir/", month_views.month_reopen, name="month-reopen"),
]
