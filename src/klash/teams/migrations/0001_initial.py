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
        ('accounts', '__first__'),
        ('challenges', '0001_initial'),
        ('competitions', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Application',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answers', models.JSONField(blank=True, default=dict)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrawn'), ('admitted', 'admitted'), ('declined', 'declined'), ('on_reserve', 'on_reserve'), ('resigned', 'resigned')], default=klash.rules.states.ApplicationState['DRAFT'], max_length=10)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('submitted_at', models.DateTimeField(null=True)),
                        ('entry_code', models.CharField(max_length=32, null=True, unique=True)),
                        ('reserve_place', models.PositiveSmallIntegerField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('feedback', models.TextField(blank=True)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('released_at', models.DateTimeField(null=True)),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='application', to='teams.team')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('released_at', None)), fields=['state'], name='application_waits')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['admitted', 'declined', 'on_reserve', 'resigned']), _negated=True), models.Q(('decided_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='decided_application_has_reason'), models.CheckConstraint(condition=models.Q(('released_at', None), ('state__in', ['admitted', 'declined', 'on_reserve', 'resigned']), _connector='OR'), name='released_application_is_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'on_reserve'), _negated=True), ('reserve_place__isnull', False), _connector='OR'), name='reserve_has_place')],
                    },
                ),
                migrations.CreateModel(
                    name='Conditions',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('published_at', models.DateTimeField()),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'number'), name='one_conditions_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='EligibilityQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('wanted', models.BooleanField()),
                        ('why', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('onward', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_questions', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='NeededSkill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=40)),
                        ('name', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needed_skills', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('challenge', 'code'), name='one_need_a_code')],
                    },
                ),
                migrations.CreateModel(
                    name='Succession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField()),
                        ('decided_at', models.DateTimeField()),
                        ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='succession', to='teams.application')),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['decided_at'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='succession_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Team',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('summary', models.TextField(blank=True)),
                        ('language', models.CharField(default='fi', max_length=2)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('founded_at', models.DateTimeField()),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('challenge', 'name'), name='one_team_a_name')],
                    },
                ),
                migrations.CreateModel(
                    name='NoticeFacts',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('country', models.CharField(max_length=40)),
                        ('size', models.CharField(choices=[('none', 'None'), ('sme', 'Sme'), ('large', 'Large')], max_length=40)),
                        ('told_at', models.DateTimeField()),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice_facts', to='teams.team')),
                    ],
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_leader', models.BooleanField(default=False)),
                        ('may_write', models.BooleanField(default=True)),
                        ('role', models.CharField(blank=True, default='', max_length=20)),
                        ('own_role', models.CharField(blank=True, default='', max_length=80)),
                        ('skills', models.JSONField(blank=True, default=list)),
                        ('own_skills', models.CharField(blank=True, default='', max_length=200)),
                        ('joined_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('team', 'person'), name='one_membership_a_person'), models.UniqueConstraint(condition=models.Q(('is_leader', True)), fields=('team',), name='one_leader_a_team')],
                    },
                ),
                migrations.CreateModel(
                    name='Handover',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('state', models.CharField(choices=[('proposed', 'proposed'), ('taken', 'taken'), ('taken_back', 'taken_back')], default=klash.rules.states.HandoverState['PROPOSED'], max_length=10)),
                        ('proposed_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('team',), name='one_handover_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='EligibilityAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('answer', models.BooleanField()),
                        ('answered_at', models.DateTimeField()),
                        ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='teams.eligibilityquestion')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='eligibility_answers', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('team', 'question'), name='one_eligibility_answer')],
                    },
                ),
                migrations.CreateModel(
                    name='Acceptance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('accepted_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('conditions', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='teams.conditions')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('team', 'conditions'), name='one_acceptance_a_version')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamFirm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('name', models.CharField(max_length=200)),
                        ('business_id', models.CharField(blank=True, max_length=9)),
                        ('part', models.CharField(choices=[('own', 'Own'), ('subcontractor', 'Subcontractor')], default='own', max_length=14)),
                        ('added_at', models.DateTimeField()),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='firms', to='teams.team')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='firm_has_name')],
                    },
                ),
                migrations.CreateModel(
                    name='Declaration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveSmallIntegerField()),
                        ('declared_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='teams.team')),
                        ('firm', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='teams.teamfirm')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('firm', None)), fields=('team', 'person', 'version'), name='one_declaration_a_person'), models.UniqueConstraint(condition=models.Q(('firm__isnull', False)), fields=('firm', 'version'), name='one_declaration_a_firm')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamRules',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('one_team', models.CharField(choices=[('competition', 'Competition'), ('challenge', 'Challenge')], default='competition', max_length=11)),
                        ('asks_declarations', models.BooleanField(default=False)),
                        ('competition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='team_rules', to='competitions.competition')),
                    ],
                ),
            ],
        ),
    ]
