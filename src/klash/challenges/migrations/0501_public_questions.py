import django.db.models.deletion
import klash.core.chance
import klash.core.fields
import klash.core.trigrams
import klash.rules.states
from django.conf import settings
from django.db import migrations, models

from klash.core.trigrams import by_trigrams


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_business_id_of_organisation'),
        ('challenges', '0500_brief_written_together'),
        ('competitions', '0007_questions_to_teams'),
        ('problems', '0008_commitment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('released_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-number'],
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
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='challenge',
            name='answers_at',
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='answers_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answers_at', None), ('answers_by', None)), models.Q(('answers_at__isnull', False), ('answers_by__isnull', False)), _connector='OR'), name='answers_scheduled_by_somebody'),
        ),
        migrations.AddField(
            model_name='answerround',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answer_rounds', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='answerround',
            name='released_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='informationsession',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='information_sessions', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='asker',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='joined_to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='challenges.publicquestion'),
        ),
        migrations.AddField(
            model_name='publicquestion',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='challenges.answerround'),
        ),
        migrations.AddConstraint(
            model_name='answerround',
            constraint=models.UniqueConstraint(fields=('challenge', 'number'), name='one_answer_round_a_number'),
        ),
        migrations.AddIndex(
            model_name='publicquestion',
            index=models.Index(fields=['challenge', 'state'], name='public_question_state'),
        ),
        migrations.AddConstraint(
            model_name='publicquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asker', None), ('email__gt', '')), models.Q(('asker__isnull', False), ('email', '')), _connector='OR'), name='question_of_person_or_address'),
        ),
        migrations.AddConstraint(
            model_name='publicquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'joined'), _negated=True), ('joined_to__isnull', False), _connector='OR'), name='joined_to_another'),
        ),
        migrations.AddConstraint(
            model_name='publicquestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('round__isnull', False), ('state', 'released')), models.Q(models.Q(('state', 'released'), _negated=True), ('round', None)), _connector='OR'), name='released_in_a_round'),
        ),
        by_trigrams('challenges', 'PublicQuestion', 'search'),
    ]
