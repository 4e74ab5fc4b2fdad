"""Routing rules are tried, compared and switched on; what a version says never changes."""

import django.db.models.deletion
from django.db import migrations, models

from integrity.people.choices import Role
from integrity.people.grants import grant

# A version is known by the hash of its content, so the content stays what it was.
_SAME_CONTENT = """
CREATE OR REPLACE FUNCTION refuse_other_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.content <> OLD.content OR NEW.digest <> OLD.digest
     OR NEW.authored_by_id IS DISTINCT FROM OLD.authored_by_id
     OR NEW.authored_at <> OLD.authored_at
  THEN RAISE EXCEPTION '% keeps what it says: % refused', TG_TABLE_NAME, lower(TG_OP);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER same_content BEFORE UPDATE OR DELETE ON moderation_routingversion
  FOR EACH ROW EXECUTE FUNCTION refuse_other_content();
"""
_ANY_CONTENT = """
DROP TRIGGER same_content ON moderation_routingversion;
DROP FUNCTION refuse_other_content();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0010_screening_rights'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='routingversion',
            options={'permissions': [('write_routing', 'Can write versions of the routing rules'), ('deploy_routing', 'Can switch versions of the routing rules on'), ('see_routing', 'Can see the routing rules and what they did')]},
        ),
        migrations.AddField(
            model_name='job',
            name='routed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='routingversion',
            name='applied_after',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='routingversion',
            name='applied_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='shadowrouting',
            name='inputs',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='shadowrouting',
            name='live_harm',
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name='shadowrouting',
            name='live_version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.routingversion'),
        ),
        migrations.AddField(
            model_name='shadowrouting',
            name='shadow_harm',
            field=models.FloatField(default=0),
        ),
        migrations.RunSQL(_SAME_CONTENT, _ANY_CONTENT),
        grant(
            "moderation",
            {
                Role.SENIOR_MODERATOR: ["see_routing"],
                Role.POLICY_LEAD: ["see_routing", "change_queue", "add_queue",
                                   "change_savedreply", "add_savedreply", "delete_savedreply",
                                   "change_mediahost", "add_mediahost", "delete_mediahost"],
                Role.ELECTION_LEAD: ["see_routing"],
                Role.AUDITOR: ["see_routing"],
            },
        ),
    ]
