"""Every address of the service."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

admin.autodiscover()

handler400 = "jobs.api.problems.bad_request"
handler403 = "jobs.api.problems.forbidden"
handler404 = "jobs.api.problems.not_found"
handler500 = "jobs.api.problems.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("api/", include("jobs.api.urls")),
    path("api/", include("generation.api.urls")),
    path("api/", include("knowledge.api.urls")),
    path("", include("monitoring.api.urls")),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
