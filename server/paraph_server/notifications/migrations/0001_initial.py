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
            name='Message',
            fields=[
                ('id', models.CharField(default=functools.partial(paraph_server.web.ids.new, *('msg',), **{}), max_length=32, primary_key=True, serialize=False)),
                ('about', models.CharField(max_length=32)),
                ('recipient_id', models.CharField(max_length=32)),
                ('channel', models.CharField(choices=[('email', 'Email'), ('sms', 'Sms')], max_length=8)),
                ('to', models.CharField(max_length=254)),
                ('kind', models.CharField(max_length=40)),
                ('content', models.BinaryField(null=True)),
                ('confidential', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('accepted', models.BooleanField()),
                ('answer', models.CharField(max_length=300)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.tenant')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.message')),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['about', 'created_at'], name='notificatio_about_517080_idx'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['recipient_id', 'created_at'], name='notificatio_recipie_6da8e8_idx'),
        ),
        EnableRowSecurity("notifications_message"),
        EnableRowSecurity("notifications_delivery"),
    ]
