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
        ('problems', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Challenge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('lead', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('goal', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('background', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('constraints', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('measures', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('gains', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('rights', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('data', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('contacts', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('indicators', models.JSONField(default=list)),
                        ('notice_reference', models.CharField(blank=True, max_length=120)),
                        ('notice_on', models.DateField(null=True)),
                        ('notice_url', models.URLField(blank=True)),
                        ('jury_binds', models.BooleanField(null=True)),
                        ('allows_follow_up', models.BooleanField(null=True)),
                        ('participants_min', models.PositiveSmallIntegerField(null=True)),
                        ('participants_max', models.PositiveSmallIntegerField(null=True)),
                        ('notice_jury', models.TextField(blank=True)),
                        ('notice_is_invented', models.BooleanField(default=False)),
                        ('pending', models.JSONField(null=True)),
                        ('pending_reason', models.CharField(blank=True, max_length=500)),
                        ('writers', models.JSONField(default=dict)),
                        ('publishes_at', models.DateTimeField(db_index=True, null=True)),
                        ('questions_until', models.DateTimeField(null=True)),
                        ('answers_at', models.DateTimeField(db_index=True, null=True)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default=klash.rules.states.ChallengeState['DRAFT'], max_length=10)),
                        ('published_at', models.DateTimeField(null=True)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('admitted_teams', models.PositiveIntegerField(default=0)),
                        ('admitted_persons', models.PositiveIntegerField(default=0)),
                        ('answers_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='competitions.competition')),
                        ('pilot_municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.municipality')),
                        ('problem', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='challenge', to='problems.problem')),
                        ('scheduled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['competition', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'number'), name='one_challenge_a_number'), models.CheckConstraint(condition=models.Q(('participants_max', None), ('participants_min__lte', models.F('participants_max')), _connector='OR'), name='participants_min_at_most_max'), models.CheckConstraint(condition=models.Q(models.Q(('publishes_at', None), ('scheduled_by', None)), models.Q(('publishes_at__isnull', False), ('scheduled_by__isnull', False)), _connector='OR'), name='scheduled_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('answers_at', None), ('answers_by', None)), models.Q(('answers_at__isnull', False), ('answers_by__isnull', False)), _connector='OR'), name='answers_scheduled_by_somebody')],
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
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('challenge', 'number'), name='one_brief_version_a_number'), models.UniqueConstraint(fields=('challenge', 'edition'), name='one_brief_version_an_edition'), models.CheckConstraint(condition=models.Q(models.Q(('edition', None), ('published_at', None)), models.Q(('edition__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='edition_with_moment'), models.CheckConstraint(condition=models.Q(('edition', None), ('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='later_edition_has_reason')],
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
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='challenges.briefcomment')),
                        ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='resolved_by_somebody'), models.CheckConstraint(condition=models.Q(('parent', None), ('resolved_at', None), _connector='OR'), name='only_threads_are_resolved')],
                    },
                ),
                migrations.CreateModel(
                    name='AnswerRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('released_at', models.DateTimeField()),
                        ('released_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answer_rounds', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('challenge', 'number'), name='one_answer_round_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='InformationSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('starts_at', models.DateTimeField()),
                        ('url', models.URLField(blank=True)),
                        ('recording_url', models.URLField(blank=True)),
                        ('material_url', models.URLField(blank=True)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='information_sessions', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['starts_at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='PublicQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('text', models.TextField()),
                        ('language', models.CharField(max_length=2)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('asked_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('wording', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('answer', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('reason', models.CharField(blank=True, max_length=500)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('search', klash.core.trigrams.SearchColumn(blank=True, default='')),
                        ('state', models.CharField(choices=[('asked', 'asked'), ('joined', 'joined'), ('released', 'released'), ('dismissed', 'dismissed')], default=klash.rules.states.PublicQuestionState['ASKED'], max_length=10)),
                        ('asker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='challenges.challenge')),
                        ('joined_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='challenges.publicquestion')),
                        ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='challenges.answerround')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['challenge', 'state'], name='public_question_state')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('asker', None), ('email__gt', '')), models.Q(('asker__isnull', False), ('email', '')), _connector='OR'), name='question_of_person_or_address'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'joined'), _negated=True), ('joined_to__isnull', False), _connector='OR'), name='joined_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('round__isnull', False), ('state', 'released')), models.Q(models.Q(('state', 'released'), _negated=True), ('round', None)), _connector='OR'), name='released_in_a_round')],
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
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='challenges.challenge')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='suggestion_decided_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='Approval',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('side', models.CharField(choices=[('organiser', 'organiser'), ('pilot', 'pilot municipality')], max_length=10)),
                        ('given_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='challenges.briefversion')),
                    ],
                    options={
                        'ordering': ['given_at'],
                        'constraints': [models.UniqueConstraint(fields=('version', 'side'), name='one_approval_a_side')],
                    },
                ),
            ],
        ),
    ]
