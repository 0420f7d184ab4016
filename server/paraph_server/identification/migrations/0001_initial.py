import django.db.models.deletion
import functools
import paraph_server.web.ids
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('cod',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=32)),
                ('channel', models.CharField(max_length=8)),
                ('address', models.CharField(max_length=254)),
                ('digest', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-issued_at'], name='identificat_subject_4e4162_idx')],
            },
        ),
        EnableRowSecurity("identification_code"),
    ]
