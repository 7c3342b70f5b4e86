import django.db.models.deletion
from django.db import migrations, models

import klash.core.fields

KINDS = ['line', 'text', 'number', 'money', 'date', 'one', 'many', 'yes_no', 'municipality', 'organisation', 'people']
COLUMNS = ('code', 'position', 'heading', 'help', 'soft_words', 'hard_words', 'is_required', 'carries')


def gather(apps, schema_editor):
    """Make a form of each competition's sections of a proposal."""
    forms, sections, question = (apps.get_model('competitions', name) for name in ('StageForm', 'FormSection', 'Question'))
    for group in apps.get_model('competitions', 'SectionSet').objects.order_by('pk'):
        form = forms.objects.create(competition_id=group.competition_id, kind='proposals', frozen_at=group.frozen_at, hash=group.hash)
        section = sections.objects.create(form=form, code='main', position=0)
        rows = apps.get_model('competitions', 'Section').objects.filter(section_set=group).order_by('position')
        question.objects.bulk_create(
            question(form=form, section=section, kind='text', **{name: getattr(row, name) for name in COLUMNS}) for row in rows
        )


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0007_questions_to_teams'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('heading', klash.core.fields.TextInLanguages(blank=True, default=dict)),
                ('help', klash.core.fields.TextInLanguages(blank=True, default=dict)),
            ],
            options={
                'ordering': ['position', 'pk'],
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
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[(kind, kind) for kind in KINDS], default='text', max_length=12)),
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
            },
        ),
        migrations.AddField(
            model_name='formsection',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='competitions.stageform'),
        ),
        migrations.RunPython(gather, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='Section',
        ),
        migrations.DeleteModel(
            name='SectionSet',
        ),
        migrations.AddConstraint(
            model_name='stageform',
            constraint=models.UniqueConstraint(fields=('competition', 'kind'), name='one_form_a_stage'),
        ),
        migrations.AddConstraint(
            model_name='stageform',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('hash', '')), models.Q(('frozen_at__isnull', False), models.Q(('hash', ''), _negated=True)), _connector='OR'), name='frozen_form_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('form', 'code'), name='one_question_a_code'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('hard_words', None), ('hard_words__gte', 1), _connector='OR'), name='question_has_room'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('soft_words', None), ('soft_words__gte', 1), _connector='OR'), name='question_recommends_words'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('soft_words', None), ('hard_words', None), ('soft_words__lte', models.F('hard_words')), _connector='OR'), name='question_soft_words_at_most_hard'),
        ),
        migrations.AddConstraint(
            model_name='formsection',
            constraint=models.UniqueConstraint(fields=('form', 'code'), name='one_form_section_a_code'),
        ),
    ]
