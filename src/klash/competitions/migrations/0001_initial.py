import django.db.models.deletion
import klash.core.chance
import klash.core.fields
import klash.core.migrating
import klash.rules.states
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='FormSection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('heading', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('help', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('form', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='competitions.stageform')),
                    ],
                    options={
                        'ordering': ['position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('form', 'code'), name='one_form_section_a_code')],
                    },
                ),
                migrations.CreateModel(
                    name='Competition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('tagline', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('summary', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('website', models.URLField(blank=True)),
                        ('team_size_min', models.PositiveSmallIntegerField(default=3)),
                        ('team_size_max', models.PositiveSmallIntegerField(default=5)),
                        ('teams_per_challenge_max', models.PositiveSmallIntegerField(default=5)),
                        ('challenges_promised', models.PositiveSmallIntegerField(default=3)),
                        ('reserve_cents', models.PositiveBigIntegerField(default=0)),
                        ('currency', models.CharField(default='EUR', max_length=3)),
                        ('takes_questions', models.BooleanField(default=False)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('finished', 'finished')], default=klash.rules.states.CompetitionState['DRAFT'], max_length=10)),
                        ('published_at', models.DateTimeField(null=True)),
                        ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation')),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('team_size_min__lte', models.F('team_size_max'))), name='team_size_min_at_most_max')],
                    },
                ),
                migrations.CreateModel(
                    name='CriteriaSet',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage_kind', models.CharField(choices=[('problem_call', 'reporting problems'), ('problem_selection', 'choosing problems'), ('challenge_shaping', 'shaping challenges'), ('team_call', 'team call'), ('team_selection', 'choosing teams'), ('mentoring', 'mentoring'), ('proposals', 'solution proposals'), ('judging', 'judging'), ('award', 'winners')], max_length=20)),
                        ('frozen_at', models.DateTimeField(null=True)),
                        ('hash', models.CharField(blank=True, max_length=64)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria_sets', to='competitions.competition')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'stage_kind'), name='one_criteria_set_a_stage'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('hash', '')), models.Q(('frozen_at__isnull', False), models.Q(('hash', ''), _negated=True)), _connector='OR'), name='frozen_with_hash')],
                    },
                ),
                migrations.CreateModel(
                    name='Criterion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('name', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('meaning', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('weight', models.PositiveSmallIntegerField()),
                        ('is_required', models.BooleanField(default=True)),
                        ('scale_min', models.PositiveSmallIntegerField(default=0)),
                        ('scale_max', models.PositiveSmallIntegerField(default=10)),
                        ('bands', models.JSONField(default=list)),
                        ('criteria_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='competitions.criteriaset')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('criteria_set', 'code'), name='one_set_criterion_a_code')],
                    },
                ),
                migrations.CreateModel(
                    name='LateCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('kind', models.CharField(choices=[('problem_call', 'reporting problems'), ('team_call', 'team call')], max_length=20)),
                        ('email', models.EmailField(max_length=254)),
                        ('expires_at', models.DateTimeField()),
                        ('uses_max', models.PositiveSmallIntegerField(default=1)),
                        ('note', models.CharField(max_length=500)),
                        ('given_at', models.DateTimeField()),
                        ('revoked_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_codes', to='competitions.competition')),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('problem_call', 'team_call'))), name='late_code_of_a_call'), models.CheckConstraint(condition=models.Q(('uses_max__gte', 1)), name='late_code_has_use'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('given_at'))), name='late_code_expires_later'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='late_code_has_note')],
                    },
                ),
                migrations.CreateModel(
                    name='LateUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('thing', models.CharField(max_length=60)),
                        ('used_at', models.DateTimeField()),
                        ('late_code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='competitions.latecode')),
                    ],
                    options={
                        'ordering': ['used_at'],
                        'constraints': [models.UniqueConstraint(fields=('late_code', 'thing'), name='one_late_use_a_thing')],
                    },
                ),
                migrations.CreateModel(
                    name='Partner',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('roles', models.JSONField(default=list)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='competitions.competition')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'organisation'), name='one_partner_an_organisation')],
                    },
                ),
                migrations.CreateModel(
                    name='Promise',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('kind', models.CharField(choices=[('challenges', 'number of challenges'), ('teams', 'number of teams admitted'), ('feedback_problems', 'feedback on every problem'), ('feedback_teams', 'feedback to every team that applied'), ('winners', 'day on which the winners are announced'), ('other', 'another promise')], max_length=20)),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('low', models.PositiveSmallIntegerField(null=True)),
                        ('high', models.PositiveSmallIntegerField(null=True)),
                        ('due_on', models.DateField()),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('promised_on', models.DateField()),
                        ('made_at', models.DateTimeField()),
                        ('made_by', models.CharField(max_length=64)),
                        ('is_kept', models.BooleanField(null=True)),
                        ('evidence', models.CharField(blank=True, max_length=1000)),
                        ('marked_at', models.DateTimeField(null=True)),
                        ('marked_by', models.CharField(blank=True, max_length=64)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['due_on', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'code'), name='one_promise_a_code'), models.CheckConstraint(condition=models.Q(models.Q(('high', None), ('low', None)), ('low__lte', models.F('high')), _connector='OR'), name='promised_range_has_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('challenges', 'teams')), ('low__isnull', False)), models.Q(models.Q(('kind__in', ('challenges', 'teams')), _negated=True), ('low', None)), _connector='OR'), name='number_where_promised'), models.CheckConstraint(condition=models.Q(models.Q(('evidence', ''), ('is_kept', None), ('marked_at', None)), models.Q(('is_kept__isnull', False), ('marked_at__isnull', False), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='marked_promise_has_evidence')],
                    },
                ),
                migrations.CreateModel(
                    name='PromiseChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before', models.JSONField()),
                        ('after', models.JSONField()),
                        ('reason', models.CharField(max_length=500)),
                        ('changed_at', models.DateTimeField()),
                        ('changed_by', models.CharField(max_length=64)),
                        ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='competitions.promise')),
                    ],
                    options={
                        'ordering': ['changed_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='promise_change_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Ruling',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=120, unique=True)),
                        ('quota', models.PositiveSmallIntegerField()),
                        ('fewer_reason', models.TextField(blank=True)),
                        ('state', models.CharField(choices=[('pending', 'pending'), ('released', 'released')], default=klash.rules.states.RulingState['PENDING'], max_length=10)),
                        ('released_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='competitions.competition')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('state', klash.rules.states.RulingState['PENDING'])), models.Q(('released_at__isnull', False), ('state', klash.rules.states.RulingState['RELEASED'])), _connector='OR'), name='released_ruling_has_time')],
                    },
                ),
                migrations.CreateModel(
                    name='RulingLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry_code', models.CharField(max_length=32)),
                        ('is_taken', models.BooleanField(null=True)),
                        ('reserve_place', models.PositiveSmallIntegerField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('feedback', models.TextField(blank=True)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('ruling', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='competitions.ruling')),
                    ],
                    options={
                        'ordering': ['entry_code'],
                        'constraints': [models.UniqueConstraint(fields=('ruling', 'entry_code'), name='one_decision_an_entry'), models.CheckConstraint(condition=models.Q(('reserve_place', None), models.Q(('is_taken', False), ('reserve_place__gte', 1)), _connector='OR'), name='reserve_of_those_not_taken')],
                    },
                ),
                migrations.CreateModel(
                    name='Stage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('problem_call', 'reporting problems'), ('problem_selection', 'choosing problems'), ('challenge_shaping', 'shaping challenges'), ('team_call', 'team call'), ('team_selection', 'choosing teams'), ('mentoring', 'mentoring'), ('proposals', 'solution proposals'), ('judging', 'judging'), ('award', 'winners')], max_length=20)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('planned_opens_at', models.DateTimeField(null=True)),
                        ('planned_closes_at', models.DateTimeField(null=True)),
                        ('opens_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'kind'), name='one_stage_a_kind'), models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='stage_opens_before_it_closes')],
                    },
                ),
                migrations.CreateModel(
                    name='Postponement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('to', models.DateTimeField()),
                        ('reason', models.CharField(max_length=500)),
                        ('requested_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('state', models.CharField(choices=[('requested', 'requested'), ('confirmed', 'confirmed'), ('taken_back', 'taken_back')], default=klash.rules.states.PostponementState['REQUESTED'], max_length=10)),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postponements', to='competitions.stage')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'requested')), fields=('stage',), name='one_postponement_at_a_time'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='postponement_has_reason'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='postponement_by_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='StageChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(max_length=20)),
                        ('before', models.DateTimeField()),
                        ('after', models.DateTimeField()),
                        ('reason', models.CharField(max_length=500)),
                        ('changed_at', models.DateTimeField()),
                        ('requested_by', models.CharField(max_length=64)),
                        ('changed_by', models.CharField(max_length=64)),
                        ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='competitions.stage')),
                    ],
                    options={
                        'ordering': ['changed_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='stage_change_has_reason'), models.CheckConstraint(condition=models.Q(('after__gt', models.F('before'))), name='stage_change_is_later'), models.CheckConstraint(condition=models.Q(('changed_at__lte', models.F('before'))), name='stage_change_while_it_runs'), models.CheckConstraint(condition=models.Q(('changed_by', models.F('requested_by')), _negated=True), name='stage_change_by_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='StageForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('problem_call', 'Problem'), ('team_call', 'Application'), ('proposals', 'Solution proposal')], max_length=20)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('frozen_at', models.DateTimeField(null=True)),
                        ('hash', models.CharField(blank=True, max_length=64)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forms', to='competitions.competition')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'kind'), name='one_form_a_stage'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('hash', '')), models.Q(('frozen_at__isnull', False), models.Q(('hash', ''), _negated=True)), _connector='OR'), name='frozen_form_has_hash')],
                    },
                ),
                migrations.CreateModel(
                    name='Question',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(choices=[('line', 'line'), ('text', 'text'), ('number', 'number'), ('money', 'money'), ('date', 'date'), ('one', 'one'), ('many', 'many'), ('yes_no', 'yes_no'), ('municipality', 'municipality'), ('organisation', 'organisation'), ('people', 'people')], default='text', max_length=12)),
                        ('heading', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('help', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('soft_words', models.PositiveSmallIntegerField(null=True)),
                        ('hard_words', models.PositiveSmallIntegerField(null=True)),
                        ('options', models.JSONField(blank=True, default=list)),
                        ('currency', models.CharField(default='EUR', max_length=3)),
                        ('is_required', models.BooleanField(default=True)),
                        ('required_from', models.DateTimeField(null=True)),
                        ('frozen_from', models.DateTimeField(null=True)),
                        ('depends_on', models.CharField(blank=True, default='', max_length=40)),
                        ('values', models.JSONField(blank=True, default=list)),
                        ('is_for_reviewers', models.BooleanField(default=True)),
                        ('is_identifying', models.BooleanField(default=False)),
                        ('carries', models.CharField(blank=True, default='', max_length=40)),
                        ('removed_at', models.DateTimeField(null=True)),
                        ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='competitions.formsection')),
                        ('form', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='competitions.stageform')),
                    ],
                    options={
                        'ordering': ['position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('form', 'code'), name='one_question_a_code'), models.CheckConstraint(condition=models.Q(('hard_words', None), ('hard_words__gte', 1), _connector='OR'), name='question_has_room'), models.CheckConstraint(condition=models.Q(('soft_words', None), ('soft_words__gte', 1), _connector='OR'), name='question_recommends_words'), models.CheckConstraint(condition=models.Q(('soft_words', None), ('hard_words', None), ('soft_words__lte', models.F('hard_words')), _connector='OR'), name='question_soft_words_at_most_hard')],
                    },
                ),
                migrations.CreateModel(
                    name='Theme',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='competitions.competition')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'code'), name='one_theme_a_code')],
                    },
                ),
            ],
        ),
    ]
