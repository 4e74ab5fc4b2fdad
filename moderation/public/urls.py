"""Addresses of the public forms, under an election's own; mounted before the Election Center's."""

from django.urls import path

from moderation.public import views

urlpatterns = [
    path("<slug:election>/report/", views.report_claim, name="report_claim"),
    path("<slug:election>/report/<uuid:reference>/", views.report_received, name="report_received"),
]
