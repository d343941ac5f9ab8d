from django.db import migrations

from common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_seal_audit_entries")]

    operations = [append_only("accounts_auditanchor")]
