import django.db.models.deletion
import klash.core.chance
import klash.core.migrating
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
                    name='Declaration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('confirmed_at', models.DateTimeField()),
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='declaration', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Interest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.code, max_length=32, unique=True)),
                        ('kind', models.CharField(choices=[('ownership', 'ownership'), ('employment', 'employment'), ('family', 'family'), ('contract', 'contract'), ('cooperation', 'cooperation'), ('municipality', 'municipality'), ('other', 'other')], max_length=20)),
                        ('about', models.CharField(choices=[('person', 'Person'), ('organisation', 'Organisation'), ('municipality', 'Municipality')], max_length=12)),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('business_id', models.CharField(blank=True, max_length=9)),
                        ('salt', models.CharField(default=klash.core.chance.key, max_length=32)),
                        ('declared_at', models.DateTimeField()),
                        ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.municipality')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interests', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('about', 'municipality'), ('business_id', ''), ('email', ''), ('municipality__isnull', False), ('name', '')), models.Q(('about', 'person'), ('business_id', ''), ('municipality', None), models.Q(('name', ''), _negated=True)), models.Q(('about', 'organisation'), ('email', ''), ('municipality', None), models.Q(('name', ''), _negated=True)), _connector='OR'), name='interest_names_one_thing')],
                    },
                ),
            ],
        ),
    ]
