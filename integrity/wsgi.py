"""The WSGI door: what gunicorn serves."""

from django.core.wsgi import get_wsgi_application

from integrity import env

env.use_settings()
application = get_wsgi_application()
