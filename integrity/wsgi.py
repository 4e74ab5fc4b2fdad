"""The WSGI door: what gunicorn serves."""

from django.core.wsgi import get_wsgi_application

from integrity import env

env.use_settings()
_house = get_wsgi_application()

from elections.caching import at_the_door  # noqa: E402 - settings come first

application = at_the_door(_house)
