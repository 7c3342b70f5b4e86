import django.db.models.deletion
import klash.core.chance
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
                    name='AuditChain',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('competition', models.CharField(max_length=60, unique=True)),
                        ('length', models.PositiveIntegerField(default=0)),
                        ('head', models.CharField(default='e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', max_length=64)),
                        ('frontier', models.TextField(default='')),
                        ('revealed_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='KeptForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(default=klash.core.chance.key, max_length=32, unique=True)),
                        ('browser', models.CharField(max_length=64)),
                        ('account', models.CharField(max_length=64)),
                        ('sealed', models.BinaryField()),
                        ('received_at', models.DateTimeField()),
                        ('kept_at', models.DateTimeField()),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['browser'], name='kept_form_browser'), models.Index(fields=['account'], name='kept_form_account'), models.Index(fields=['kept_at'], name='kept_form_at')],
                    },
                ),
                migrations.CreateModel(
                    name='Sent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('handle', models.CharField(max_length=64)),
                        ('digest', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(default=0)),
                        ('headers', models.JSONField(default=dict)),
                        ('body', models.BinaryField(default=b'')),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['at'], name='sent_at')],
                        'constraints': [models.UniqueConstraint(fields=('handle',), name='one_reply_a_key')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('at', models.DateTimeField()),
                        ('actor', models.CharField(max_length=64)),
                        ('what', models.CharField(max_length=60)),
                        ('thing', models.CharField(max_length=100)),
                        ('body', models.JSONField(null=True)),
                        ('salt', models.CharField(max_length=32)),
                        ('body_hash', models.CharField(max_length=64)),
                        ('leaf', models.CharField(max_length=64)),
                        ('chain', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='core.auditchain')),
                    ],
                    options={
                        'ordering': ['chain', 'number'],
                        'indexes': [models.Index(fields=['thing'], name='event_thing'), models.Index(fields=['chain', 'what', 'number'], name='event_what')],
                        'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='one_event_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='Checkpoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('published_at', models.DateTimeField()),
                        ('origin', models.CharField(max_length=200)),
                        ('key', models.CharField(max_length=64)),
                        ('size', models.PositiveIntegerField()),
                        ('root', models.CharField(max_length=64)),
                        ('nonce', models.CharField(max_length=64)),
                        ('signature', models.CharField(max_length=128)),
                        ('blinded', models.CharField(max_length=64, unique=True)),
                        ('chain', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkpoints', to='core.auditchain')),
                    ],
                    options={
                        'ordering': ['at'],
                        'constraints': [models.UniqueConstraint(fields=('chain', 'at'), name='one_checkpoint_a_minute')],
                    },
                ),
            ],
        ),
    ]
