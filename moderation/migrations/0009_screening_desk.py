"""How the screening is steered: thresholds, informational labels, model versions, consent."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('elections', '0007_two_people_publish'),
        ('moderation', '0008_appearances'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='following',
            name='closed',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='following',
            name='opened',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='following',
            name='reopened',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='ScreeningModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.CharField(max_length=80, unique=True)),
                ('folder', models.CharField(blank=True, max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('ready', 'Ready to run along'), ('shadow', 'Runs along in the shadow'), ('live', 'Live'), ('retired', 'Retired')], default='ready', max_length=10)),
                ('authored_at', models.DateTimeField()),
                ('shadow_since', models.DateTimeField(null=True)),
                ('deployed_at', models.DateTimeField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('both_silent', models.PositiveBigIntegerField(default=0)),
                ('authored_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deployed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('write_screening', "Can bring in versions of the screening's model"), ('deploy_screening', "Can switch versions of the screening's model on")],
            },
        ),
        migrations.CreateModel(
            name='ShadowFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('text', 'Caption'), ('transcript', 'Transcript'), ('on_screen', 'On-screen text')], default='text', max_length=12)),
                ('live_version', models.CharField(max_length=80)),
                ('live_verdict', models.CharField(max_length=20)),
                ('live_score', models.FloatField()),
                ('shadow_verdict', models.CharField(max_length=20)),
                ('shadow_score', models.FloatField()),
                ('shadow_topic', models.CharField(blank=True, max_length=20)),
                ('shadow_claimed', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('item_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.itemversion')),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='moderation.screeningmodel')),
            ],
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('value', models.FloatField()),
                ('reason', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('after_item', models.BigIntegerField(default=0)),
                ('opened', models.PositiveIntegerField(default=0)),
                ('closed', models.PositiveIntegerField(default=0)),
                ('followed_at', models.DateTimeField(null=True)),
                ('election', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thresholds', to='elections.election')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('see_screening', 'Can see how the screening is steered and how it does'), ('set_threshold', 'Can set the thresholds of the screening')],
            },
        ),
        migrations.CreateModel(
            name='DataConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('may_evaluate', models.BooleanField(default=False)),
                ('may_train', models.BooleanField(default=False)),
                ('reason', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_consents', to='elections.election')),
                ('queue', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.queue')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('export_labelled', 'Can take labelled data out of the house')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='data_consent_says_why'), models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('election', 'queue'), name='data_consent_one_in_force', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='InformationLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('topic', models.CharField(max_length=20)),
                ('text', models.JSONField(default=dict)),
                ('link', models.URLField(max_length=500)),
                ('shown', models.BooleanField(default=True)),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.CharField(blank=True, choices=[('edited', 'The item was edited to something else'), ('deleted', 'The item was deleted'), ('replaced', 'Another topic took its place')], max_length=10)),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='elections.election')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='information_labels', to='moderation.item')),
                ('item_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.itemversion')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['election', 'topic', 'item'], name='information_label_by_topic')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('item',), name='information_label_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_because', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_because', ''), _negated=True)), _connector='OR'), name='information_label_end_says_why')],
            },
        ),
        migrations.CreateModel(
            name='LabelSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=20)),
                ('is_on', models.BooleanField()),
                ('reason', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('after_item', models.BigIntegerField(default=0)),
                ('followed_at', models.DateTimeField(null=True)),
                ('election', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='label_switches', to='elections.election')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('switch_label', 'Can switch informational labels on and off')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='label_switch_says_why'), models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('election', 'topic'), name='label_switch_one_in_force')],
            },
        ),
        migrations.AddConstraint(
            model_name='screeningmodel',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['live', 'shadow'])), fields=('state',), name='screening_one_live_one_shadow'),
        ),
        migrations.AddConstraint(
            model_name='screeningmodel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), ('deployed_at__isnull', False), _connector='OR'), name='screening_live_was_deployed'),
        ),
        migrations.AddConstraint(
            model_name='screeningmodel',
            constraint=models.CheckConstraint(condition=models.Q(('authored_by', None), ('deployed_by', None), models.Q(('authored_by', models.F('deployed_by')), _negated=True), _connector='OR'), name='screening_author_does_not_deploy'),
        ),
        migrations.AddConstraint(
            model_name='screeningmodel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'shadow'), _negated=True), ('shadow_since__isnull', False), _connector='OR'), name='screening_shadow_has_begun'),
        ),
        migrations.AddIndex(
            model_name='shadowfinding',
            index=models.Index(fields=['model', 'live_verdict', 'shadow_verdict'], name='shadow_finding_cell'),
        ),
        migrations.AddConstraint(
            model_name='shadowfinding',
            constraint=models.UniqueConstraint(fields=('model', 'item_version', 'field'), name='shadow_finding_once'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 1)), name='threshold_is_probability'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='threshold_says_why'),
        ),
        migrations.AddConstraint(
            model_name='threshold',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('election',), name='threshold_one_in_force', nulls_distinct=False),
        ),
    ]
