import django.db.models.deletion
import functools
import paraph_server.web.ids
from django.conf import settings
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_keep_what_everybody_could'),
        ('identification', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('idp',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=60)),
                ('issuer', models.URLField(max_length=300)),
                ('client_id', models.CharField(max_length=200)),
                ('secret', models.BinaryField()),
                ('acr', models.CharField(blank=True, max_length=100)),
                ('assurance', models.PositiveSmallIntegerField(default=0)),
                ('key', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ('created_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('idy',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=32)),
                ('began_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(choices=[('begun', 'Begun'), ('proven', 'Proven'), ('doubtful', 'Doubtful'), ('accepted', 'Accepted'), ('refused', 'Refused')], default='begun', max_length=8)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('acr', models.CharField(blank=True, max_length=100)),
                ('score', models.FloatField(null=True)),
                ('reasons', models.JSONField(default=list)),
                ('match', models.CharField(blank=True, max_length=64)),
                ('identity', models.BinaryField(null=True)),
                ('keep_until', models.DateField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identification.provider')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-began_at'], name='sign_ins_of_subject'), models.Index(condition=models.Q(('identity__isnull', False)), fields=['keep_until'], name='sign_ins_to_forget')],
            },
        ),
        EnableRowSecurity("identification_provider"),
        EnableRowSecurity("identification_signin"),
    ]
