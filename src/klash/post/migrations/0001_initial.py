import klash.core.migrating
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        klash.core.migrating.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event', models.CharField(max_length=120)),
                        ('to', models.EmailField(max_length=254)),
                        ('language', models.CharField(max_length=2)),
                        ('subject', models.CharField(max_length=200)),
                        ('body', models.TextField()),
                        ('calendar', models.TextField(blank=True, db_default='')),
                        ('message_id', models.CharField(max_length=120, unique=True)),
                        ('queued_at', models.DateTimeField(db_index=True)),
                        ('sent_at', models.DateTimeField(db_index=True, null=True)),
                        ('refused_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(fields=('event', 'to'), name='one_mail_an_event')],
                    },
                ),
            ],
        ),
    ]
