"""The delivery desk, under /desk/settings/deliveries/."""

from django.urls import path

from integrity.outbox import views

urlpatterns = [
    path("", views.delivery_desk, name="delivery_desk"),
    path("messages/", views.owed_messages, name="owed_messages"),
    path("endpoints/", views.endpoints, name="webhook_endpoints"),
    path("endpoints/new/", views.new_endpoint, name="new_endpoint"),
    path("endpoints/<uuid:endpoint>/", views.endpoint, name="webhook_endpoint"),
    path("endpoints/<uuid:endpoint>/rotate/", views.rotate_secret, name="rotate_secret"),
    path("endpoints/<uuid:endpoint>/test/", views.try_endpoint, name="try_endpoint"),
    path("endpoints/<uuid:endpoint>/disable/", views.disable_endpoint, name="disable_endpoint"),
    path("endpoints/<uuid:endpoint>/enable/", views.enable_endpoint, name="enable_endpoint"),
    path("endpoints/<uuid:endpoint>/replay/", views.replay_period, name="replay_period"),
    path("<uuid:delivery>/", views.delivery, name="delivery"),
    path("<uuid:delivery>/resend/", views.resend, name="resend_delivery"),
]
