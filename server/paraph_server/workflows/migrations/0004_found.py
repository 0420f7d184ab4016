import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity
from paraph_server.workflows.keeping import KeepTerms


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('documents', '0002_blobs_and_sources'),
        ('workflows', '0003_steps_in_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Term',
            fields=[
                ('pk', models.CompositePrimaryKey('tenant_id', 'term', 'workflow_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('term', models.CharField(db_collation='C', max_length=140)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.tenant')),
                ('workflow', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workflows.workflow')),
            ],
        ),
        migrations.RemoveIndex(
            model_name='workflow',
            name='workflows_of_an_owner',
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_by_created_at'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(fields=['owner', 'updated_at', 'id'], include=('tenant',), name='workflow_by_updated_at'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(fields=['owner', 'name', 'id'], include=('tenant',), name='workflow_by_name'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at', None), ('finished_at', None), ('stopped_at', None), ('paused_at', None), ('started_at', None)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_draft'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at', None), ('finished_at', None), ('stopped_at', None), ('paused_at', None), ('started_at__isnull', False)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_started'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at', None), ('finished_at', None), ('stopped_at__isnull', False)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_stopped'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at', None), ('finished_at__isnull', False)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_finished'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_archived'),
        ),
        migrations.AddIndex(
            model_name='term',
            index=models.Index(fields=['workflow'], name='term_of_workflow'),
        ),
        migrations.AddIndex(
            model_name='workflow',
            index=models.Index(condition=models.Q(('archived_at', None), ('finished_at', None), ('stopped_at', None), ('paused_at__isnull', False)), fields=['owner', 'created_at', 'id'], include=('tenant',), name='workflow_paused'),
        ),
        EnableRowSecurity("workflows_term"),
        KeepTerms(),
    ]
