"""Misuse of the service has limits and steps; each person sets how media begin."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from integrity.audit.append_only import append_only
from integrity.people.choices import Role
from integrity.people.grants import grant
from moderation import reference


def write_first_rows(apps, schema_editor):
    reference.write_misuse_limits(lambda name: apps.get_model("moderation", name))


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0012_reporter_contact'),
        ('people', '0006_usedcode'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MediaDefaults',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='media_defaults', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('blur', models.BooleanField(default=True)),
                ('grey', models.BooleanField(default=True)),
                ('mute', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='MisuseLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('name', models.JSONField(default=dict)),
                ('by', models.CharField(choices=[('actor', 'Somebody who posts'), ('reporter', 'Somebody who reports')], max_length=10)),
                ('policy', models.SlugField(blank=True, max_length=60)),
                ('at_least', models.PositiveSmallIntegerField()),
                ('share', models.FloatField(default=0)),
                ('within_days', models.PositiveSmallIntegerField()),
                ('warned_days', models.PositiveSmallIntegerField()),
                ('pause_days', models.PositiveSmallIntegerField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='MisuseLimitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=40)),
                ('name', models.JSONField(default=dict)),
                ('by', models.CharField(choices=[('actor', 'Somebody who posts'), ('reporter', 'Somebody who reports')], max_length=10)),
                ('policy', models.SlugField(blank=True, db_index=False, max_length=60)),
                ('at_least', models.PositiveSmallIntegerField()),
                ('share', models.FloatField(default=0)),
                ('within_days', models.PositiveSmallIntegerField()),
                ('warned_days', models.PositiveSmallIntegerField()),
                ('pause_days', models.PositiveSmallIntegerField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReporterStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reporter', models.CharField(db_index=True, max_length=128)),
                ('kind', models.CharField(choices=[('warned', 'Warned'), ('paused', 'Reports not dealt with for a time'), ('lifted', 'Reports dealt with again')], max_length=10)),
                ('reason', models.CharField(max_length=1000)),
                ('taken_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'permissions': [('pause_reporter', 'Can warn and pause people who report without ground')],
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='unfounded',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='draft',
            name='ends_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='territories',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='report',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='moderation.decision'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('reporter', ''), _negated=True), fields=['reporter', 'received_at'], name='report_by_reporter'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('unfounded', False), ('action', 'no_action'), _connector='OR'), name='decision_unfounded_means_no_action'),
        ),
        migrations.AddConstraint(
            model_name='misuselimit',
            constraint=models.CheckConstraint(condition=models.Q(('at_least__gte', 1), ('within_days__gte', 1), ('warned_days__gte', 1), ('pause_days__gte', 1)), name='misuse_limit_counts_something'),
        ),
        migrations.AddConstraint(
            model_name='misuselimit',
            constraint=models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 1)), name='misuse_share_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='misuselimit',
            constraint=models.CheckConstraint(condition=models.Q(('policy', ''), ('by', 'actor'), _connector='OR'), name='misuse_policy_is_of_actors'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='misuselimit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "moderation_misuselimitevent" ("at_least", "by", "id", "name", "pause_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "retired_at", "share", "slug", "warned_days", "within_days") VALUES (NEW."at_least", NEW."by", NEW."id", NEW."name", NEW."pause_days", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy", NEW."retired_at", NEW."share", NEW."slug", NEW."warned_days", NEW."within_days"); RETURN NULL;', hash='a8ea8bd10466e8761d6662e099a054e51c99c582', operation='INSERT', pgid='pgtrigger_insert_insert_bcea5', table='moderation_misuselimit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='misuselimit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "moderation_misuselimitevent" ("at_least", "by", "id", "name", "pause_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "retired_at", "share", "slug", "warned_days", "within_days") VALUES (NEW."at_least", NEW."by", NEW."id", NEW."name", NEW."pause_days", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy", NEW."retired_at", NEW."share", NEW."slug", NEW."warned_days", NEW."within_days"); RETURN NULL;', hash='612fb6950301cbbaf4353b60e5cc746d9df7d217', operation='UPDATE', pgid='pgtrigger_update_update_3726c', table='moderation_misuselimit', when='AFTER')),
        ),
        migrations.AddField(
            model_name='misuselimitevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='misuselimitevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='moderation.misuselimit'),
        ),
        migrations.AddField(
            model_name='reporterstep',
            name='limit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.misuselimit'),
        ),
        migrations.AddField(
            model_name='reporterstep',
            name='taken_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='reporterstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'paused'), ('until__gt', models.F('taken_at'))), models.Q(models.Q(('kind', 'paused'), _negated=True), ('until', None)), _connector='OR'), name='reporter_pause_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='reporterstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reporter', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='reporter_step_says_who_and_why'),
        ),
        *append_only("moderation_reporterstep"),
        grant(
            "moderation",
            {
                Role.SENIOR_MODERATOR: ["pause_reporter"],
                Role.POLICY_LEAD: ["pause_reporter", "add_misuselimit", "change_misuselimit"],
            },
        ),
        migrations.RunPython(write_first_rows, migrations.RunPython.noop),
    ]
