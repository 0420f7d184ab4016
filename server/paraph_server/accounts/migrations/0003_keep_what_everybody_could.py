from django.db import migrations

from paraph_server.accounts import search
from paraph_server.accounts.tenancy import every_tenant

EVERYTHING_THERE_WAS = ["approve", "manageTemplates", "manageWebhooks", "send", "sign"]
BATCH = 1000


def give_rights(apps, schema_editor):
    """Before there were rights, everybody did all that there was. Nobody administered: `paraph-server administrator`."""
    with every_tenant():
        apps.get_model("accounts", "Group").objects.filter(rights=[]).update(rights=EVERYTHING_THERE_WAS)


def index_users(apps, schema_editor):
    User, Word = apps.get_model("accounts", "User"), apps.get_model("accounts", "Word")
    with every_tenant():
        rows = []
        for user in User.objects.iterator(chunk_size=BATCH):
            texts = (user.first_name, user.last_name, user.email, user.phone_number)
            rows += [Word(tenant_id=user.tenant_id, subject=user.pk, word=word) for word in search.words(*texts)]
            if len(rows) > BATCH:
                Word.objects.bulk_create(rows, ignore_conflicts=True)
                rows = []
        Word.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_rights")]

    operations = [
        migrations.RunPython(give_rights, migrations.RunPython.noop),
        migrations.RunPython(index_users, migrations.RunPython.noop),
    ]
