import klash.core.fields
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
                ('media_type', models.CharField(max_length=40)),
                ('size_bytes', models.PositiveIntegerField()),
                ('pages', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(max_length=64)),
                ('clean_size_bytes', models.PositiveIntegerField()),
                ('clean_sha256', models.CharField(max_length=64)),
                ('original', models.CharField(max_length=32)),
                ('rebuilt', models.CharField(max_length=32)),
                ('stored_at', models.DateTimeField()),
            ],
        ),
    ]
