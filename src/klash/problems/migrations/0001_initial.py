import django.db.models.deletion
import klash.core.chance
import klash.core.fields
import klash.core.migrating
import klash.core.trigrams
import klash.rules.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('competitions', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Problem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('language', models.CharField(default='fi', max_length=2)),
                        ('title', models.CharField(blank=True, max_length=150)),
                        ('summary', models.TextField(blank=True)),
                        ('answers', models.JSONField(blank=True, default=dict)),
                        ('search', klash.core.trigrams.SearchColumn(blank=True, default='')),
                        ('is_invented', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrawn'), ('chosen', 'chosen'), ('not_chosen', 'not_chosen'), ('not_eligible', 'not_eligible')], default=klash.rules.states.ProblemState['DRAFT'], max_length=12)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('writer', models.CharField(blank=True, default='', max_length=32)),
                        ('submitted_at', models.DateTimeField(null=True)),
                        ('entry_code', models.CharField(max_length=32, null=True, unique=True)),
                        ('reason', models.TextField(blank=True)),
                        ('feedback', models.TextField(blank=True)),
                        ('feedback_is_invented', models.BooleanField(default=False)),
                        ('feedback_released_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='competitions.competition')),
                        ('group', models.ManyToManyField(blank=True, related_name='shared_problems', to='accounts.municipality')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='led_problems', to='accounts.municipality')),
                        ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to=settings.AUTH_USER_MODEL)),
                        ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='competitions.theme')),
                    ],
                    options={
                        'ordering': ['-submitted_at', 'pk'],
                        'indexes': [models.Index(fields=['competition', 'title', 'code', 'state', 'municipality'], name='problem_by_title'), models.Index(fields=['competition', '-submitted_at', 'code', 'state'], name='problem_newest'), models.Index(fields=['competition', 'municipality', 'state', 'theme'], name='problem_places'), models.Index(fields=['competition', 'theme', 'title', 'code', 'state'], name='problem_of_theme'), models.Index(fields=['competition', 'state'], name='problem_states')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('feedback_released_at', None), models.Q(('feedback', ''), _negated=True), _connector='OR'), name='released_feedback_has_text'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submitted_at__isnull', False), _connector='OR'), name='submitted_problem_has_time')],
                    },
                ),
                migrations.CreateModel(
                    name='JoinRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('word', models.TextField()),
                        ('asked_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('asked', 'asked'), ('accepted', 'accepted'), ('declined', 'declined'), ('taken_back', 'taken_back')], default=klash.rules.states.JoinRequestState['ASKED'], max_length=12)),
                        ('answer', models.TextField(blank=True)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='problems.problem')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('problem', 'municipality'), name='one_request_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'declined']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='answered_request_has_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Filing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('in_name_of', models.CharField(max_length=120)),
                        ('source', models.TextField()),
                        ('filed_at', models.DateTimeField()),
                        ('taken_over_at', models.DateTimeField(null=True)),
                        ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='filing', to='problems.problem')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProblemImport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('digest', models.CharField(max_length=64)),
                        ('rows', models.JSONField()),
                        ('checked_at', models.DateTimeField()),
                        ('imported_at', models.DateTimeField(null=True)),
                        ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problem_imports', to='competitions.competition')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'digest'), name='one_import_a_content')],
                    },
                ),
                migrations.CreateModel(
                    name='Screening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('outcome', models.CharField(choices=[('passed', 'passed'), ('needs_more', 'needs_more'), ('not_eligible', 'not_eligible')], max_length=12)),
                        ('answers', models.JSONField(default=dict)),
                        ('reason', models.TextField(blank=True)),
                        ('screened_at', models.DateTimeField()),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('problem', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='screening', to='problems.problem')),
                        ('screened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['outcome', 'problem'], name='screening_outcomes')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'passed'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='screened_out_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Support',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('word', models.TextField()),
                        ('language', models.CharField(max_length=2)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('supported_at', models.DateTimeField()),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supports', to='problems.problem')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('problem', 'municipality'), name='one_support_a_municipality')],
                    },
                ),
                migrations.CreateModel(
                    name='Tally',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(max_length=12)),
                        ('led', models.PositiveIntegerField(default=0)),
                        ('shared', models.PositiveIntegerField(default=0)),
                        ('competition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='competitions.competition')),
                        ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                        ('theme', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='competitions.theme')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['competition', 'theme', 'state', 'municipality', 'led'], name='tally_of_kind')],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'municipality', 'theme', 'state'), name='one_tally_a_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Writer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('joined_at', models.DateTimeField()),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='problems.problem')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('problem', 'person'), name='one_writer_a_person')],
                    },
                ),
                migrations.CreateModel(
                    name='WriterInvitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('is_takeover', models.BooleanField(default=False)),
                        ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='of_problem', to='accounts.invitation')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='problems.problem')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='EligibilityQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='eligibility_questions', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'code'), name='one_eligibility_question_a_code')],
                    },
                ),
            ],
        ),
    ]
