"""What gunicorn serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that asks the database for longer than this is a fault; jobs and commands may take their time.
os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "30000")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
