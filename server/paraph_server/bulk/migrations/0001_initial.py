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
        ('templates', '0001_initial'),
        ('workflows', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkSend',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('blk',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('content', models.JSONField()),
                ('language', models.CharField(max_length=5)),
                ('starts_itself', models.BooleanField(default=False)),
                ('ignored', models.JSONField(default=list)),
                ('problem', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.part')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='templates.template')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('values', models.JSONField()),
                ('state', models.CharField(choices=[('faulty', 'Faulty'), ('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed')], max_length=8)),
                ('faults', models.JSONField(default=list)),
                ('settled_at', models.DateTimeField(null=True)),
                ('bulk_send', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='bulk.bulksend')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
                ('workflow', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.workflow')),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.AddIndex(
            model_name='bulksend',
            index=models.Index(fields=['owner', '-created_at'], name='bulk_sends_of_an_owner'),
        ),
        migrations.AddIndex(
            model_name='bulksend',
            index=models.Index(fields=['template', '-created_at'], name='bulk_sends_of_a_template'),
        ),
        migrations.AddIndex(
            model_name='row',
            index=models.Index(fields=['bulk_send', 'state', 'number'], name='rows_by_state'),
        ),
        migrations.AddConstraint(
            model_name='row',
            constraint=models.UniqueConstraint(fields=('bulk_send', 'number'), name='each_row_once'),
        ),
        migrations.AddConstraint(
            model_name='row',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), ('workflow__isnull', False)), models.Q(models.Q(('state', 'done'), _negated=True), ('workflow', None)), _connector='OR'), name='done_means_a_workflow'),
        ),
        EnableRowSecurity("bulk_bulksend"),
        EnableRowSecurity("bulk_row"),
    ]
