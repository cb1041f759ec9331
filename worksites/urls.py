"""Addresses of worksites, under /chantiers/."""

from django.urls import path

from worksites import equipment_views, views, week_views

app_name = "worksites"
urlpatterns = [
    path("", views.worksite_list, name="worksite-list"),
    path("nouveau/", views.worksite_create, name="worksite-create"),
    path("<int:pk>/", views.worksite_detail, name="worksite-detail"),
    path("<int:pk>/modifier/", views.worksite_edit, name="worksite-edit"),
    path("<int:pk>/semaine.pdf", week_views.week_sheet, name="week-sheet"),
    # Assignments
    path("affectations/nouvelle/<int:pk>/", views.assignment_create, name="assignment-create"),
    path("affectations/<int:pk>/", views.assignment_edit, name="assignment-edit"),
    # Financial annexes
    path("annexes/nouvelle/", views.annex_create, name="annex-create"),
    path("annexes/<int:pk>/", views.annex_edit, name="annex-edit"),
    # Equipment
    path("materiel/", equipment_views.equipment_list, name="equipment-list"),
    path("materiel/export.<slug:file_format>", equipment_views.equipment_export, name="equipment-export"),
    path("materiel/etiquettes.pdf", equipment_views.equipment_labels, name="equipment-labels"),
    path("materiel/nouveau/", equipment_views.equipment_create, name="equipment-create"),
    path("materiel/<int:pk>/", equipment_views.equipment_detail, name="equipment-detail"),
    path("materiel/<int:pk>/modifier/", equipment_views.equipment_edit, name="equipment-edit"),
    path("materiel/<int:pk>/<slug:kind>/", equipment_views.equipment_event, name="equipment-event"),
]
