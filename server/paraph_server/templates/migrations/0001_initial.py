import django.db.models.deletion
import functools
import paraph_server.web.ids
from django.conf import settings
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('documents', '0001_initial'),
        ('workflows', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('tpl',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('groups', models.JSONField(default=list)),
                ('name', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True)),
                ('workflow_name', models.CharField(max_length=200)),
                ('workflow_description', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
                ('steps', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='TemplateDocument',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('tdo',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('signature_fields', models.JSONField(default=list)),
                ('text_fields', models.JSONField(default=dict)),
                ('values', models.JSONField(default=dict)),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.part')),
                ('signature_profile', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.signatureprofile')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='templates.template')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.AddIndex(
            model_name='template',
            index=models.Index(fields=['tenant', '-updated_at'], name='templates_t_tenant__c58f50_idx'),
        ),
        migrations.AddConstraint(
            model_name='templatedocument',
            constraint=models.UniqueConstraint(fields=('template', 'position'), name='one_file_per_position'),
        ),
        EnableRowSecurity("templates_template"),
        EnableRowSecurity("templates_templatedocument"),
    ]
