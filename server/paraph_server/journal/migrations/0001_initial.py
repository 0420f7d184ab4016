import django.db.models.deletion
import functools
import paraph_server.web.ids
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity
from paraph_server.journal.permanence import ForbidChanges


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('ent',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('sequence', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('event', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=32)),
                ('actor_kind', models.CharField(max_length=16)),
                ('actor_id', models.CharField(max_length=32)),
                ('payload_digest', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Payload',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='payload', serialize=False, to='journal.entry')),
                ('salt', models.BinaryField()),
                ('details', models.JSONField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['subject', 'sequence'], name='journal_ent_subject_58741c_idx'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('tenant', 'sequence'), name='one_entry_per_place'),
        ),
        EnableRowSecurity("journal_entry"),
        EnableRowSecurity("journal_payload"),
        ForbidChanges("journal_entry"),
        ForbidChanges("journal_payload"),
    ]
