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
        ('challenges', '0001_initial'),
        ('competitions', '0001_initial'),
        ('teams', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='BadgeOffer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('offered_at', models.DateTimeField()),
                        ('competition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='badge_offer', to='competitions.competition')),
                        ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='MentoringDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('on', models.DateField()),
                        ('place', models.CharField(max_length=120)),
                        ('is_online', models.BooleanField(default=False)),
                        ('topic', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('check_in_code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('challenges', models.ManyToManyField(related_name='mentoring_days', to='challenges.challenge')),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentoring_days', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['on', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'number'), name='one_day_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='JointSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('where', models.CharField(blank=True, max_length=120)),
                        ('link', models.URLField(blank=True, max_length=500)),
                        ('sequence', models.PositiveIntegerField(default=0)),
                        ('changed_at', models.DateTimeField()),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='joint_sessions', to='mentoring.mentoringday')),
                    ],
                    options={
                        'ordering': ['starts_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='joint_session_starts_before_it_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='MentorOffer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sector', models.CharField(choices=[('business', 'Business'), ('public', 'Public'), ('third_sector', 'Third Sector'), ('research', 'Research'), ('unknown', 'Unknown')], default='unknown', max_length=20)),
                        ('field', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentor_offers', to='competitions.competition')),
                        ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mentor_offer', to='accounts.invitation')),
                    ],
                ),
                migrations.CreateModel(
                    name='MentorProfile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('sector', models.CharField(choices=[('business', 'Business'), ('public', 'Public'), ('third_sector', 'Third Sector'), ('research', 'Research'), ('unknown', 'Unknown')], default='unknown', max_length=20)),
                        ('field', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('text', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('organisation_kind', models.CharField(choices=[('municipality', 'Municipality'), ('state', 'State'), ('welfare', 'Welfare'), ('company', 'Company'), ('association', 'Association'), ('school', 'School'), ('self', 'Self'), ('unknown', 'Unknown')], default='unknown', max_length=20)),
                        ('organisation_size', models.CharField(choices=[('1', 'One'), ('2-49', 'Small'), ('50-249', 'Middle'), ('250-', 'Large'), ('unknown', 'Unknown')], default='unknown', max_length=20)),
                        ('languages', models.JSONField(default=list)),
                        ('region', models.CharField(blank=True, max_length=60)),
                        ('per_day', models.PositiveSmallIntegerField(null=True)),
                        ('in_a_row', models.PositiveSmallIntegerField(null=True)),
                        ('in_total', models.PositiveSmallIntegerField(null=True)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('times_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentors', to='competitions.competition')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentor_profiles', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('competition', 'person'), name='one_profile_a_mentor')],
                    },
                ),
                migrations.CreateModel(
                    name='MentorLeave',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cancelled', models.PositiveSmallIntegerField()),
                        ('told_at', models.DateTimeField()),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='mentoring.mentoringday')),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='mentoring.mentorprofile')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('mentor', 'day'), name='one_leave_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='MentorWish',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rank', models.PositiveSmallIntegerField()),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wished_by', to='mentoring.mentorprofile')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentor_wishes', to='teams.team')),
                    ],
                    options={
                        'ordering': ['rank'],
                        'constraints': [models.UniqueConstraint(fields=('team', 'mentor'), name='one_wish_a_mentor'), models.UniqueConstraint(fields=('team', 'rank'), name='one_wish_a_rank'), models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 3)), name='at_most_three_wishes')],
                    },
                ),
                migrations.CreateModel(
                    name='PairRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('must', 'Must'), ('must_not', 'Must Not')], max_length=8)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentoring_pairs', to='competitions.competition')),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mentoring.mentorprofile')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('team', 'mentor'), name='one_rule_a_pair')],
                    },
                ),
                migrations.CreateModel(
                    name='Plan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('replaced', 'replaced'), ('discarded', 'discarded')], default=klash.rules.states.PlanState['DRAFT'], max_length=10)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('told', models.JSONField(default=dict)),
                        ('made_at', models.DateTimeField()),
                        ('published_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentoring_plans', to='competitions.competition')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.UniqueConstraint(fields=('competition', 'number'), name='one_plan_a_number'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('competition',), name='one_draft_at_a_time'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('competition',), name='one_plan_stands'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('published_by', None)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='publisher_with_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanRules',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sessions_per_team', models.PositiveSmallIntegerField(default=5)),
                        ('team_per_day', models.PositiveSmallIntegerField(default=3)),
                        ('team_gap', models.PositiveSmallIntegerField(default=1)),
                        ('mentor_per_day', models.PositiveSmallIntegerField(default=4)),
                        ('mentor_total', models.PositiveSmallIntegerField(default=12)),
                        ('mentor_run', models.PositiveSmallIntegerField(default=3)),
                        ('weight_diversity', models.PositiveSmallIntegerField(default=100)),
                        ('weight_expertise', models.PositiveSmallIntegerField(default=50)),
                        ('weight_wishes', models.PositiveSmallIntegerField(default=25)),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('competition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mentoring_rules', to='competitions.competition')),
                    ],
                ),
                migrations.CreateModel(
                    name='PlanRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('keeps', models.BooleanField(default=False)),
                        ('asked_at', models.DateTimeField()),
                        ('beat_at', models.DateTimeField()),
                        ('share', models.PositiveSmallIntegerField(default=0)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('fault', models.CharField(blank=True, max_length=40)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_runs', to='competitions.competition')),
                        ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='mentoring.plan')),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('competition',), name='one_run_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Room',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('name', models.CharField(max_length=80)),
                        ('link', models.URLField(blank=True, max_length=500)),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='mentoring.mentoringday')),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.UniqueConstraint(fields=('day', 'number'), name='one_room_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('is_online', models.BooleanField(default=False)),
                        ('is_booked', models.BooleanField(default=False)),
                        ('why', models.JSONField(default=dict)),
                        ('sequence', models.PositiveIntegerField(default=0)),
                        ('changed_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('cancelled', 'cancelled'), ('missed', 'missed')], default=klash.rules.states.SessionState['PLANNED'], max_length=10)),
                        ('wish', models.TextField(blank=True)),
                        ('note', models.TextField(blank=True)),
                        ('note_saved_at', models.DateTimeField(null=True)),
                        ('mentor_here_at', models.DateTimeField(null=True)),
                        ('team_here_at', models.DateTimeField(null=True)),
                        ('minutes_late', models.PositiveSmallIntegerField(default=0)),
                        ('missing', models.CharField(blank=True, choices=[('mentor', 'mentor'), ('team', 'team'), ('both', 'both')], max_length=6)),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='mentoring.mentorprofile')),
                        ('room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='mentoring.room')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='teams.team')),
                        ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='mentoring.slot')),
                    ],
                    options={
                        'ordering': ['slot__starts_at', 'team__name'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('slot', 'team'), name='team_once_a_slot'), models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('slot', 'mentor'), name='mentor_once_a_slot'), models.CheckConstraint(condition=models.Q(('missing', ''), ('state', 'missed'), _connector='OR'), name='missing_where_missed')],
                    },
                ),
                migrations.CreateModel(
                    name='Material',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('title', models.CharField(max_length=120)),
                        ('text', models.TextField(blank=True)),
                        ('link', models.URLField(blank=True, max_length=500)),
                        ('given_at', models.DateTimeField()),
                        ('offered_at', models.DateTimeField(null=True)),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='mentoring.session')),
                    ],
                    options={
                        'ordering': ['given_at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='DiaryEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('text', models.TextField()),
                        ('written_at', models.DateTimeField()),
                        ('changed_at', models.DateTimeField(null=True)),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diary', to='teams.team')),
                        ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='diary', to='mentoring.session')),
                    ],
                    options={
                        'ordering': ['-written_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Advice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('text', models.CharField(max_length=300)),
                        ('given_at', models.DateTimeField()),
                        ('answer', models.CharField(blank=True, choices=[('taken', 'Taken'), ('not_taken', 'Not Taken'), ('later', 'Later')], max_length=9)),
                        ('why', models.CharField(blank=True, max_length=500)),
                        ('section', models.CharField(blank=True, max_length=40)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='mentoring.session')),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.UniqueConstraint(fields=('session', 'number'), name='one_advice_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='answer_with_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='SessionFeedback',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('side', models.CharField(choices=[('mentor', 'mentor'), ('team', 'team')], max_length=6)),
                        ('mark', models.PositiveSmallIntegerField()),
                        ('frankness', models.PositiveSmallIntegerField(null=True)),
                        ('text', models.TextField(blank=True)),
                        ('needs', models.TextField(blank=True)),
                        ('given_at', models.DateTimeField()),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='mentoring.session')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('session', 'side'), name='one_feedback_a_side'), models.CheckConstraint(condition=models.Q(('mark__gte', 1), ('mark__lte', 5)), name='mark_1_to_5'), models.CheckConstraint(condition=models.Q(('frankness', None), models.Q(('frankness__gte', 1), ('frankness__lte', 5), ('side', 'team')), _connector='OR'), name='frankness_1_to_5'), models.CheckConstraint(condition=models.Q(('needs', ''), ('side', 'mentor'), _connector='OR'), name='needs_by_the_mentor')],
                    },
                ),
                migrations.CreateModel(
                    name='Slot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='mentoring.mentoringday')),
                    ],
                    options={
                        'ordering': ['starts_at'],
                        'constraints': [models.UniqueConstraint(fields=('day', 'starts_at'), name='one_slot_a_start'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='slot_starts_before_it_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='PlannedMeeting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('is_pinned', models.BooleanField(default=False)),
                        ('why', models.JSONField(default=dict)),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_meetings', to='mentoring.mentorprofile')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='mentoring.plan')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_meetings', to='teams.team')),
                        ('room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mentoring.room')),
                        ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_meetings', to='mentoring.slot')),
                    ],
                    options={
                        'ordering': ['slot__starts_at', 'team__name', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('plan', 'team', 'mentor'), name='a_pair_meets_once'), models.UniqueConstraint(fields=('plan', 'slot', 'team'), name='a_team_meets_one_at_a_time'), models.UniqueConstraint(fields=('plan', 'slot', 'mentor'), name='a_mentor_meets_one_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='MentorTime',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_online', models.BooleanField(default=False)),
                        ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='mentoring.mentorprofile')),
                        ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentor_times', to='mentoring.slot')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('mentor', 'slot'), name='one_time_a_mentor_and_slot')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamAbsence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_absences', to='mentoring.slot')),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentoring_absences', to='teams.team')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('team', 'slot'), name='one_absence_a_team_and_slot')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamNeeds',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('needs', models.JSONField(default=list)),
                        ('avoid', models.TextField(blank=True)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mentoring_needs', to='teams.team')),
                    ],
                ),
                migrations.CreateModel(
                    name='Badge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('salt', models.CharField(default=klash.core.chance.code, max_length=32)),
                        ('issued_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='teams.team')),
                        ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='mentoring.badgeoffer')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('offer', 'person'), name='one_badge_a_person')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('made_at', models.DateTimeField()),
                        ('revoked_at', models.DateTimeField(null=True)),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='competitions.competition')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('person', 'competition'), name='one_feed_a_person_and_competition')],
                    },
                ),
            ],
        ),
    ]
