"""Addresses of trainings, under /formations/."""

from django.urls import path

from trainings import centre_views, matrix_views, programme_views, session_views

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
]
