"""Letters that wait in the outbox keep no code in clear any more: what they carried is exchanged for whose it is."""

from django.db import migrations

FORWARD = """
UPDATE notices_delivery
   SET context = context || jsonb_build_object('code', jsonb_build_object(
           'secret', 'tracking_code', 'of', jsonb_build_array(context ->> 'number')))
 WHERE template = 'submit' AND jsonb_typeof(context -> 'code') = 'string';
UPDATE notices_delivery d
   SET context = d.context || jsonb_build_object('link', jsonb_build_object(
           'secret', 'rating_link', 'of', jsonb_build_array(d.context ->> 'number')))
 WHERE d.template IN ('verify', 'remind_rate', 'promise') AND jsonb_typeof(d.context -> 'link') = 'string';
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
