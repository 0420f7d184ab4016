import django.db.models.deletion
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=300)),
                ('allowed_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ('origin',),
                'constraints': [models.UniqueConstraint(fields=('tenant', 'origin'), name='one_site_per_origin')],
            },
        ),
        EnableRowSecurity("embedding_site"),
    ]
