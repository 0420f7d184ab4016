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
            name='Part',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('prt',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('filename', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('pages', models.PositiveIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'hash'], name='documents_p_tenant__bc82c6_idx')],
            },
        ),
        EnableRowSecurity("documents_part"),
    ]
