"""Addresses of trainings, under /formations/."""

from django.urls import path
from django.urls.resolvers import URLPattern

from trainings import centre_views, matrix_views

app_name = "trainings"
urlpatterns: list[URLPattern] = [
    # The matrix, one person in it, the training centre
    path("programmes/<int:pk>/matrice/", matrix_views.matrix, name="matrix"),
    path("programmes/<int:pk>/matrice.<slug:file_format>", matrix_views.matrix_export, name="matrix-export"),
    path("inscriptions/<int:pk>/", matrix_views.enrolment_detail, name="enrolment-detail"),
    path("centre/", centre_views.centre, name="centre"),
    path("centre.<slug:file_format>", centre_views.centre_export, name="centre-export"),
]
