"""The desk's addresses."""

from django.urls import path

from moderation.views import claims, media, misuse, settings, steering
from moderation.views import desk as views

urlpatterns = [
    path("", views.home, name="home"),
    path("queues/<slug:slug>/", views.queue, name="queue"),
    path("queues/<slug:slug>/take-next/", views.take_next, name="take_next"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
    path("jobs/<uuid:public_id>/take/", views.take_job, name="take_job"),
    path("jobs/<uuid:public_id>/release/", views.release_job, name="release_job"),
    path("jobs/<uuid:public_id>/extend/", views.extend_job, name="extend_job"),
    path("jobs/<uuid:public_id>/here/", views.still_here, name="still_here"),
    path("jobs/<uuid:public_id>/skip/", views.skip_job, name="skip_job"),
    path("jobs/<uuid:public_id>/hand-over/", views.hand_over_job, name="hand_over_job"),
    path("jobs/<uuid:public_id>/move/", views.move_job, name="move_job"),
    path("jobs/<uuid:public_id>/assign/", views.assign_job, name="assign_job"),
    path("jobs/<uuid:public_id>/ask/", views.ask_partner, name="ask_partner"),
    path("jobs/<uuid:public_id>/translate/", views.translate_item, name="translate_item"),
    path("jobs/<uuid:public_id>/reports/", views.job_reports, name="job_reports"),
    path("jobs/<uuid:public_id>/decide/", views.decide_job, name="decide_job"),
    path("jobs/<uuid:public_id>/preview/", views.preview_decision, name="preview_decision"),
    path("claims/<uuid:public_id>/places/", claims.claim_places, name="claim_places"),
    path(
        "appearances/<uuid:public_id>/confirm/",
        claims.confirm_appearance,
        name="confirm_appearance",
    ),
    path(
        "appearances/<uuid:public_id>/reject/", claims.reject_appearance, name="reject_appearance"
    ),
    path("decisions/<uuid:public_id>/undo/", views.undo_decision, name="undo_decision"),
    path("decisions/<uuid:public_id>/confirm/", views.confirm_decision, name="confirm_decision"),
    path(
        "decisions/<uuid:public_id>/send-back/", views.send_back_decision, name="send_back_decision"
    ),
    path(
        "decisions/<uuid:public_id>/disagree/",
        views.disagree_with_decision,
        name="disagree_with_decision",
    ),
    path("find/", views.find, name="find"),
    path("held/", views.held, name="held"),
    path("mine/", views.my_jobs, name="my_jobs"),
    path("actors/<uuid:public_id>/", views.actor, name="actor"),
    path("media/<uuid:public_id>/", media.media, name="media"),
    path("media/<uuid:public_id>/blurred/", media.media_blurred, name="media_blurred"),
    path("media/<uuid:public_id>/original/", media.media_original, name="media_original"),
    path("media/<uuid:public_id>/away/", media.media_away, name="media_away"),
    path("comfort/", media.media_defaults, name="media_defaults"),
    path("settings/", settings.settings, name="desk_settings"),
    path("settings/queues/", settings.queues, name="queue_settings"),
    path("settings/queues/new/", settings.new_queue, name="new_queue"),
    path("settings/queues/<slug:slug>/edit/", settings.edit_queue, name="edit_queue"),
    path("settings/replies/", settings.replies, name="reply_settings"),
    path("settings/replies/new/", settings.new_reply, name="new_reply"),
    path("settings/replies/<slug:slug>/", settings.edit_reply, name="edit_reply"),
    path("settings/replies/<slug:slug>/remove/", settings.remove_reply, name="remove_reply"),
    path("settings/media-hosts/", settings.hosts, name="host_settings"),
    path("settings/media-hosts/<str:host>/remove/", settings.forget_host, name="forget_host"),
    path("settings/misuse/", misuse.misuse, name="misuse"),
    path("settings/misuse/limits/new/", misuse.new_limit, name="new_limit"),
    path("settings/misuse/limits/<slug:slug>/", misuse.edit_limit, name="edit_limit"),
    path("settings/misuse/limits/<slug:slug>/retire/", misuse.retire_limit, name="retire_limit"),
    path("settings/misuse/reporters/<str:key>/warn/", misuse.warn_reporter, name="warn_reporter"),
    path(
        "settings/misuse/reporters/<str:key>/pause/", misuse.pause_reporter, name="pause_reporter"
    ),
    path("settings/misuse/reporters/<str:key>/lift/", misuse.lift_pause, name="lift_pause"),
    path("strikes/<uuid:public_id>/lift/", misuse.lift_strike, name="lift_strike"),
    path("settings/routing/", steering.routing, name="routing"),
    path("settings/routing/new/", steering.new_routing, name="new_routing"),
    path("settings/routing/<uuid:public_id>/", steering.version, name="routing_version"),
    path("settings/routing/<uuid:public_id>/backtest/", steering.backtest, name="routing_backtest"),
    path("settings/routing/<uuid:public_id>/shadow/", steering.shadow, name="routing_shadow"),
    path("settings/routing/<uuid:public_id>/run-along/", steering.run_along, name="shadow_routing"),
    path("settings/routing/<uuid:public_id>/deploy/", steering.deploy, name="deploy_routing"),
    path("settings/routing/<uuid:public_id>/retire/", steering.retire, name="retire_routing"),
    path("keys/", views.keys, name="keys"),
    path("look/", views.set_look, name="set_look"),
]
