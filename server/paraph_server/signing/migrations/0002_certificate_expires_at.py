from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signing', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='signing',
            name='certificate_expires_at',
            field=models.DateTimeField(null=True),
        ),
    ]
