import django.db.models.deletion
import klash.core.fields
import klash.core.migrating
import klash.files.intake
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Scrub',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('read_files', models.PositiveIntegerField()),
                        ('faults', models.JSONField(default=list)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='StoredFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=32, unique=True)),
                        ('name', klash.core.fields.EncryptedJSON(default=str)),
                        ('outcome', models.CharField(choices=[('stored', 'stored'), ('refused', 'refused'), ('kept', 'kept')], default=klash.files.intake.Outcome['STORED'], max_length=8)),
                        ('reason', models.CharField(blank=True, max_length=40)),
                        ('media_type', models.CharField(max_length=40)),
                        ('size_bytes', models.PositiveIntegerField()),
                        ('pages', models.PositiveIntegerField(default=0)),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('clean_size_bytes', models.PositiveIntegerField(default=0)),
                        ('clean_sha256', models.CharField(blank=True, max_length=64)),
                        ('removed', klash.core.fields.EncryptedJSON(default=list)),
                        ('original', models.CharField(blank=True, max_length=32)),
                        ('rebuilt', models.CharField(blank=True, max_length=32)),
                        ('facts', models.CharField(blank=True, max_length=32)),
                        ('picture', models.CharField(blank=True, max_length=32)),
                        ('stored_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Upload',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=32, unique=True)),
                        ('owner', models.CharField(db_index=True, max_length=64)),
                        ('name', klash.core.fields.EncryptedJSON(default=str)),
                        ('size_bytes', models.PositiveIntegerField()),
                        ('sha256', models.CharField(blank=True, max_length=64)),
                        ('held_bytes', models.PositiveIntegerField(default=0)),
                        ('chunks', models.JSONField(default=list)),
                        ('changed_at', models.DateTimeField()),
                        ('whole_at', models.DateTimeField(null=True)),
                        ('examined_at', models.DateTimeField(null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('held_bytes__lte', models.F('size_bytes'))), name='upload_holds_at_most_its_size')],
                    },
                ),
            ],
        ),
    ]
