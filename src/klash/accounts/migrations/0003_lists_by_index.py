from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_side_held_by_database'),
    ]

    operations = [
        migrations.AddIndex(model_name='rolegrant', index=models.Index(fields=['role', 'challenge', 'id'], condition=Q(ended_at=None), name='grant_list')),
        migrations.AddIndex(model_name='invitation', index=models.Index(fields=['email'], name='invitation_email')),
        migrations.AddIndex(model_name='invitation', index=models.Index(fields=['team'], name='invitation_team')),
        migrations.AddIndex(model_name='invitation', index=models.Index(fields=['competition', 'accepted_at', '-sent_at'], name='invitation_waits')),
    ]
