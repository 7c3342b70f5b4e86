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
        ('files', '0001_initial'),
        ('teams', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='ChallengeKeys',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opening', models.CharField(max_length=64)),
                        ('map', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField()),
                        ('rehearsed_at', models.DateTimeField(null=True)),
                        ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='challenges.challenge')),
                    ],
                ),
                migrations.CreateModel(
                    name='Opening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('requested_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('round_code', models.CharField(blank=True, default='', max_length=32)),
                        ('state', models.CharField(choices=[('requested', 'requested'), ('fixed', 'fixed'), ('opened', 'opened')], default=klash.rules.states.OpeningState['REQUESTED'], max_length=10)),
                        ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opening', to='challenges.challenge')),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='opening_by_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='Proposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('texts', klash.core.fields.EncryptedJSON(default=dict)),
                        ('settled', klash.core.fields.EncryptedJSON(default=list)),
                        ('revision', models.PositiveIntegerField(default=0)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('withdrawn', 'withdrawn'), ('late_admitted', 'late_admitted'), ('opened', 'opened')], default=klash.rules.states.ProposalState['DRAFT'], max_length=13)),
                        ('saved_at', models.DateTimeField(null=True)),
                        ('team', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='teams.team')),
                        ('files', models.ManyToManyField(related_name='proposals', through='proposals.ProposalFile', to='files.storedfile')),
                    ],
                ),
                migrations.CreateModel(
                    name='Baseline',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('texts', klash.core.fields.EncryptedJSON(default=dict)),
                        ('taken_at', models.DateTimeField()),
                        ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='baseline', to='proposals.proposal')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProposalFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='files.storedfile')),
                        ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='proposals.proposal')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('proposal', 'file'), name='one_attachment_a_file')],
                    },
                ),
                migrations.CreateModel(
                    name='SealedLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('draw', models.CharField(max_length=32)),
                        ('ciphertext', models.BinaryField()),
                        ('box', models.BinaryField()),
                        ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_links', to='proposals.opening')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Substitution',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('handle', models.CharField(max_length=32, unique=True)),
                        ('is_chair', models.BooleanField(default=False)),
                        ('left_at', models.DateTimeField()),
                        ('deputy_handle', models.CharField(max_length=32, null=True, unique=True)),
                        ('taken_at', models.DateTimeField(null=True)),
                        ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='challenges.challenge')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('deputy_handle', None), ('taken_at', None)), models.Q(('deputy_handle__isnull', False), ('taken_at__isnull', False)), _connector='OR'), name='seat_taken_by_and_when')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('batch', models.CharField(db_index=True, max_length=32)),
                        ('text', klash.core.fields.EncryptedJSON(default=dict)),
                        ('route', klash.core.fields.EncryptedJSON(default=dict)),
                        ('sent_at', models.DateTimeField()),
                        ('answers_by', models.DateTimeField()),
                        ('releases_at', models.DateTimeField()),
                        ('answer', klash.core.fields.EncryptedJSON(default=dict)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('is_carried', models.BooleanField(default=False)),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='proposals.proposal')),
                    ],
                    options={
                        'ordering': ['sent_at', 'code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='question_answered_by_and_when')],
                    },
                ),
                migrations.CreateModel(
                    name='Version',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('receipt', models.CharField(max_length=32, unique=True)),
                        ('number', models.PositiveIntegerField()),
                        ('idempotency_key', models.CharField(max_length=64)),
                        ('received_at', models.DateTimeField()),
                        ('arrived_at', models.DateTimeField(null=True)),
                        ('deadline_at', models.DateTimeField()),
                        ('is_late', models.BooleanField()),
                        ('commitment', models.CharField(max_length=64, unique=True)),
                        ('document', klash.core.fields.EncryptedJSON(default=dict)),
                        ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='proposals.proposal')),
                        ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.UniqueConstraint(fields=('proposal', 'number'), name='one_version_a_number'), models.UniqueConstraint(fields=('proposal', 'idempotency_key'), name='one_version_a_key'), models.CheckConstraint(condition=models.Q(models.Q(('is_late', False), ('received_at__lte', models.F('deadline_at'))), models.Q(('is_late', True), ('received_at__gt', models.F('deadline_at'))), _connector='OR'), name='late_is_after_deadline')],
                    },
                ),
                migrations.CreateModel(
                    name='SealedPart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('envelope', models.CharField(choices=[('blind', 'Blind'), ('original', 'Original')], max_length=8)),
                        ('part', models.CharField(max_length=20)),
                        ('box', models.BinaryField()),
                        ('blob', models.CharField(max_length=32)),
                        ('sha256', models.CharField(max_length=64)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='proposals.version')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('version', 'envelope', 'part'), name='one_sealed_part')],
                    },
                ),
                migrations.CreateModel(
                    name='Measure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sections', klash.core.fields.EncryptedJSON(default=dict)),
                        ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='measure', to='proposals.version')),
                    ],
                ),
                migrations.CreateModel(
                    name='LateDecision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('is_admitted', models.BooleanField()),
                        ('reason', models.CharField(max_length=1000)),
                        ('decided_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('taken_back', 'taken_back')], default=klash.rules.states.LateDecisionState['PROPOSED'], max_length=10)),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_decisions', to='proposals.version')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'taken_back'), _negated=True), fields=('version',), name='one_late_decision_a_version'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='late_decision_has_reason'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='late_decision_by_two_persons')],
                    },
                ),
                migrations.CreateModel(
                    name='FirstPage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('part', models.CharField(max_length=20)),
                        ('blob', models.CharField(max_length=32)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_pages', to='proposals.version')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('version', 'part'), name='one_first_page')],
                    },
                ),
                migrations.CreateModel(
                    name='CopyNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(choices=[('excluded', 'excluded'), ('text', 'text'), ('file', 'file')], max_length=8)),
                        ('reason', models.CharField(max_length=1000)),
                        ('told_at', models.DateTimeField()),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copy_notes', to='proposals.version')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='BlindLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry_code', models.CharField(max_length=32, unique=True)),
                        ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='proposals.opening')),
                        ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='blind_link', to='proposals.version')),
                    ],
                ),
            ],
        ),
    ]
