import django.db.models.deletion
import klash.core.migrating
import klash.rules.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('challenges', '0001_initial'),
        ('teams', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Award',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('report_hash', models.CharField(blank=True, default='', max_length=64)),
                        ('requested_at', models.DateTimeField(null=True)),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('decision', models.TextField(blank=True)),
                        ('decision_is_invented', models.BooleanField(default=False)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('published_at', models.DateTimeField(null=True)),
                        ('state', models.CharField(choices=[('awaiting_report', 'awaiting_report'), ('identities_requested', 'identities_requested'), ('identities_opened', 'identities_opened'), ('decided', 'decided'), ('published', 'published')], default=klash.rules.states.AwardState['AWAITING_REPORT'], max_length=20)),
                        ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='award', to='challenges.challenge')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('opened_by', None), models.Q(('opened_by', models.F('requested_by')), _negated=True), _connector='OR'), name='identities_by_two_persons'), models.CheckConstraint(condition=models.Q(('opened_at', None), models.Q(('report_hash', ''), _negated=True), _connector='OR'), name='identities_after_signed_report'), models.CheckConstraint(condition=models.Q(('decided_at', None), models.Q(('decision', ''), _negated=True), _connector='OR'), name='decision_has_text')],
                    },
                ),
                migrations.CreateModel(
                    name='PastDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('decision', models.TextField()),
                        ('decision_is_invented', models.BooleanField()),
                        ('decided_at', models.DateTimeField()),
                        ('reason', models.CharField(max_length=2000)),
                        ('corrected_at', models.DateTimeField()),
                        ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past', to='awards.award')),
                        ('corrected_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('winners', models.ManyToManyField(related_name='+', to='teams.team')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('award', 'number'), name='one_past_decision_a_number'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Placing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry_code', models.CharField(max_length=32, unique=True)),
                        ('place', models.PositiveSmallIntegerField()),
                        ('points', models.CharField(max_length=40)),
                        ('reasons', models.TextField(blank=True)),
                        ('is_winner', models.BooleanField(default=False)),
                        ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placings', to='awards.award')),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='placing', to='teams.team')),
                    ],
                    options={
                        'ordering': ['place'],
                    },
                ),
            ],
        ),
    ]
