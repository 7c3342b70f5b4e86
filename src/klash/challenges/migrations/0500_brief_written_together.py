import django.db.models.deletion
import klash.core.chance
import klash.core.fields
import klash.rules.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_business_id_of_organisation'),
        ('challenges', '0002_counts_of_admitted'),
        ('competitions', '0007_questions_to_teams'),
        ('problems', '0008_commitment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('organiser', 'organiser'), ('pilot', 'pilot municipality')], max_length=10)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['given_at'],
            },
        ),
        migrations.CreateModel(
            name='BriefComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                ('place', models.CharField(choices=[('title', 'title'), ('lead', 'lead'), ('goal', 'goal'), ('background', 'background'), ('constraints', 'constraints'), ('measures', 'measures'), ('gains', 'gains'), ('rights', 'rights'), ('data', 'data'), ('contacts', 'contacts'), ('indicators', 'indicators'), ('notice', 'notice')], max_length=12)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='BriefVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('hash', models.CharField(max_length=64)),
                ('begun_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('edition', models.PositiveSmallIntegerField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                ('place', models.CharField(choices=[('title', 'title'), ('lead', 'lead'), ('goal', 'goal'), ('background', 'background'), ('constraints', 'constraints'), ('measures', 'measures'), ('gains', 'gains'), ('rights', 'rights'), ('data', 'data'), ('contacts', 'contacts'), ('indicators', 'indicators'), ('notice', 'notice')], max_length=12)),
                ('language', models.CharField(max_length=2)),
                ('before', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined')], default=klash.rules.states.SuggestionState['OPEN'], max_length=10)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='challenge',
            name='allows_follow_up',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='contacts',
            field=klash.core.fields.TextInLanguages(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='challenge',
            name='data',
            field=klash.core.fields.TextInLanguages(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='challenge',
            name='gains',
            field=klash.core.fields.TextInLanguages(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='challenge',
            name='indicators',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='challenge',
            name='jury_binds',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='notice_jury',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='notice_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='notice_url',
            field=models.URLField(blank=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='participants_max',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='participants_min',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='pending',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='pending_reason',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='challenge',
            name='publishes_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='questions_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='rights',
            field=klash.core.fields.TextInLanguages(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='challenge',
            name='scheduled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='challenge',
            name='writers',
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.CheckConstraint(condition=models.Q(('participants_max', None), ('participants_min__lte', models.F('participants_max')), _connector='OR'), name='participants_min_at_most_max'),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('publishes_at', None), ('scheduled_by', None)), models.Q(('publishes_at__isnull', False), ('scheduled_by__isnull', False)), _connector='OR'), name='scheduled_by_somebody'),
        ),
        migrations.AddField(
            model_name='approval',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefcomment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefcomment',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='briefcomment',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='challenges.briefcomment'),
        ),
        migrations.AddField(
            model_name='briefcomment',
            name='resolved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefversion',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='briefversion',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='approval',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='challenges.briefversion'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='briefcomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='resolved_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='briefcomment',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), ('resolved_at', None), _connector='OR'), name='only_threads_are_resolved'),
        ),
        migrations.AddConstraint(
            model_name='briefversion',
            constraint=models.UniqueConstraint(fields=('challenge', 'number'), name='one_brief_version_a_number'),
        ),
        migrations.AddConstraint(
            model_name='briefversion',
            constraint=models.UniqueConstraint(fields=('challenge', 'edition'), name='one_brief_version_an_edition'),
        ),
        migrations.AddConstraint(
            model_name='briefversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('edition', None), ('published_at', None)), models.Q(('edition__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='edition_with_moment'),
        ),
        migrations.AddConstraint(
            model_name='briefversion',
            constraint=models.CheckConstraint(condition=models.Q(('edition', None), ('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='later_edition_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('version', 'side'), name='one_approval_a_side'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='suggestion_decided_by_somebody'),
        ),
    ]
