import django.db.models.deletion
import klash.core.chance
import klash.core.fields
import klash.core.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('competitions', '0001_initial'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Follow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about', models.CharField(max_length=80)),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('page', models.CharField(max_length=60)),
                        ('args', models.JSONField(default=list)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('told_at', models.DateTimeField()),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='competitions.competition')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['about'], name='follow_of_thing')],
                        'constraints': [models.UniqueConstraint(fields=('person', 'about'), name='one_follow_a_thing')],
                    },
                ),
                migrations.CreateModel(
                    name='News',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('about', models.CharField(max_length=80)),
                        ('title', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('page', models.CharField(max_length=60)),
                        ('args', models.JSONField(default=list)),
                        ('is_invented', models.BooleanField(default=False)),
                        ('event', models.CharField(max_length=160)),
                        ('happening', models.CharField(choices=[('problem_submitted', 'problem_submitted'), ('problem_chosen', 'problem_chosen'), ('problem_not_chosen', 'problem_not_chosen'), ('challenge_published', 'challenge_published'), ('challenge_changed', 'challenge_changed'), ('answers_published', 'answers_published'), ('teams_admitted', 'teams_admitted'), ('winners_published', 'winners_published'), ('winners_corrected', 'winners_corrected'), ('deadline_moved', 'deadline_moved')], max_length=24)),
                        ('detail', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                        ('at', models.DateTimeField()),
                        ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='news', to='competitions.competition')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['about', '-at', '-id'], name='news_of_thing')],
                        'constraints': [models.UniqueConstraint(fields=('event', 'about'), name='one_news_a_thing')],
                    },
                ),
            ],
        ),
    ]
