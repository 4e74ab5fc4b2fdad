"""Events and delivery attempts are history: an event only gets its place in the feed, once."""

from django.db import migrations

from integrity.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        *append_only("outbox_event", once=["position"]),
        *append_only("outbox_deliveryattempt"),
    ]
