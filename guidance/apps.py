"""The guidance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidanceConfig(AppConfig):
    """Pages for parties and candidates, and what they may ask of us."""

    name = "guidance"
    verbose_name = _("Guidance for parties and candidates")
