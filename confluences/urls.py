"""Addresses of the site. Each one has its right in confluences.access."""

from django.contrib import admin
from django.urls import include, path

from confluences import draft_views, gallery, home, search, views
from confluences.person_papers.views import person_papers

urlpatterns = [
    path("", home.home, name="home"),
    path("composants/", gallery.gallery, name="gallery"),
    path("journal/", views.audit_log, name="audit-log"),
    path("recherche/", search.search, name="search"),
    path("salaries/", views.beneficiary_list, name="beneficiary-list"),
    path("salaries/export.<slug:file_format>", views.beneficiary_export, name="beneficiary-export"),
    path("salaries/<int:pk>/", views.beneficiary_detail, name="beneficiary-detail"),
    path("salaries/<int:pk>/imprimer/", person_papers, name="person-papers"),
    path("salaries/", include("beneficiaries.urls")),
    path("chantiers/", include("worksites.urls")),
    path("partenaires/", include("partners.urls")),
    path("formations/", include("trainings.urls")),
    path("resultats/", include("outcomes.urls")),
    path("financements/", include("funding.urls")),
    path("brouillons/", draft_views.draft_save, name="draft-save"),
    path("brouillons/effacer/", draft_views.draft_discard, name="draft-discard"),
    path("brouillons/session/", draft_views.draft_session, name="draft-session"),
    path("compte/", include("allauth.account.urls")),
    path("compte/double-authentification/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
]
