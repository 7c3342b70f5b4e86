import django.db.models.deletion
import django.db.models.functions.text
import klash.core.chance
import klash.core.fields
import klash.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Organisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=60, unique=True)),
                        ('name', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('kind', models.CharField(choices=[('association', 'Association'), ('company', 'Company'), ('foundation', 'Foundation'), ('public', 'Public'), ('other', 'Other')], default='other', max_length=20)),
                        ('business_id', models.CharField(blank=True, default='', max_length=9)),
                        ('is_invented', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('code', models.CharField(default=klash.core.chance.key, max_length=32, unique=True)),
                        ('email', models.EmailField(max_length=254, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('language', models.CharField(default='fi', max_length=2)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('is_operator', models.BooleanField(default=False)),
                        ('joined_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='email_in_lower_case')],
                    },
                ),
                migrations.CreateModel(
                    name='Municipality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=3)),
                        ('name_fi', models.CharField(max_length=60)),
                        ('name_sv', models.CharField(max_length=60)),
                        ('region_code', models.CharField(max_length=2)),
                        ('region_fi', models.CharField(max_length=60)),
                        ('region_sv', models.CharField(max_length=60)),
                        ('grouping', models.CharField(max_length=20)),
                        ('languages', models.CharField(max_length=10)),
                        ('population', models.PositiveIntegerField()),
                        ('lat', models.FloatField()),
                        ('lon', models.FloatField()),
                        ('x', models.FloatField()),
                        ('y', models.FloatField()),
                        ('valid_from', models.DateField()),
                        ('valid_to', models.DateField(null=True)),
                        ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='accounts.municipality')),
                    ],
                    options={
                        'ordering': ['name_fi'],
                        'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='one_municipality_a_code'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='municipality_from_before_to'), models.CheckConstraint(condition=models.Q(('successor', None), ('valid_to__isnull', False), _connector='OR'), name='successor_only_when_ended')],
                    },
                ),
                migrations.CreateModel(
                    name='Affiliation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(blank=True, max_length=120)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to=settings.AUTH_USER_MODEL)),
                        ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.municipality')),
                        ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('municipality', None), ('organisation__isnull', False)), models.Q(('municipality__isnull', False), ('organisation', None)), _connector='OR'), name='affiliated_with_one')],
                    },
                ),
                migrations.CreateModel(
                    name='ReviewerHandle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('handle', models.CharField(max_length=32, unique=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handles', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Standing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('competition', models.CharField(max_length=60)),
                        ('side', models.CharField(choices=[('neutral', 'neutral'), ('team', 'team'), ('help', 'help'), ('judging', 'judging'), ('running', 'running'), ('buying', 'buying'), ('auditing', 'auditing')], max_length=12)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('person', 'competition'), name='one_side_a_person')],
                    },
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('officer', 'officer'), ('pilot_officer', 'pilot_officer'), ('team_leader', 'team_leader'), ('team_member', 'team_member'), ('panellist', 'panellist'), ('mentor', 'mentor'), ('juror', 'juror'), ('chair', 'chair'), ('deputy', 'deputy'), ('organiser', 'organiser'), ('registrar', 'registrar'), ('buyer', 'buyer'), ('auditor', 'auditor')], max_length=20)),
                        ('side', models.CharField(max_length=12)),
                        ('challenge', models.CharField(blank=True, default='', max_length=60)),
                        ('granted_at', models.DateTimeField()),
                        ('granted_by', models.CharField(max_length=64)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='accounts.standing')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['role', 'challenge', 'id'], name='grant_list')],
                        'constraints': [models.UniqueConstraint(fields=('standing', 'role', 'challenge'), name='one_grant_a_role'), models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['officer']), ('side', 'neutral')), models.Q(('role__in', ['team_leader', 'team_member']), ('side', 'team')), models.Q(('role__in', ['pilot_officer', 'panellist', 'mentor']), ('side', 'help')), models.Q(('role__in', ['juror', 'chair', 'deputy']), ('side', 'judging')), models.Q(('role__in', ['organiser', 'registrar']), ('side', 'running')), models.Q(('role__in', ['buyer']), ('side', 'buying')), models.Q(('role__in', ['auditor']), ('side', 'auditing')), _connector='OR'), name='role_has_its_side')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('email', models.EmailField(max_length=254)),
                        ('competition', models.CharField(max_length=60)),
                        ('challenge', models.CharField(blank=True, default='', max_length=60)),
                        ('role', models.CharField(max_length=20)),
                        ('handle', models.CharField(blank=True, default='', max_length=32)),
                        ('team', models.CharField(blank=True, default='', max_length=60)),
                        ('right', models.CharField(blank=True, default='', max_length=10)),
                        ('sent_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('accepted_at', models.DateTimeField(null=True)),
                        ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['email'], name='invitation_email'), models.Index(fields=['team'], name='invitation_team'), models.Index(fields=['competition', 'accepted_at', '-sent_at'], name='invitation_waits')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='accepted_when_and_by')],
                    },
                ),
            ],
        ),
    ]
