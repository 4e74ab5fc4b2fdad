"""The ASGI door: what an ASGI server serves."""

from django.core.asgi import get_asgi_application

from integrity import env

env.use_settings()
application = get_asgi_application()
