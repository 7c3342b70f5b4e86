import klash.core.fields
import klash.files.intake
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
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
    ]
