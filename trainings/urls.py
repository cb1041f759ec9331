"""Addresses of trainings, under /formations/."""

from django.urls.resolvers import URLPattern

app_name = "trainings"
urlpatterns: list[URLPattern] = []
