"""Words for roles and API scopes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does here; each is a group with permissions of that name."""

    MODERATOR = "moderator", _("Moderator")
    SENIOR_MODERATOR = "senior moderator", _("Senior moderator")
    POLICY_LEAD = "policy lead", _("Policy lead")
    ELECTION_LEAD = "election lead", _("Election lead")
    PARTNER = "fact-check partner", _("Fact-check partner")
    INVESTIGATOR = "investigator", _("Investigator")
    GUIDANCE_AUTHOR = "guidance author", _("Author of guidance")
    AUDITOR = "auditor", _("Auditor")
    CLIENT = "platform client", _("Platform client")


class Scope(models.TextChoices):
    """What an API key may do."""

    ITEMS_WRITE = "items:write", _("Post items, media and view counts")
    ITEMS_READ = "items:read", _("Read items, labels and statements")
    REPORTS_WRITE = "reports:write", _("Send reports")
    ACTIONS_READ = "actions:read", _("Follow the actions feed")
    METRICS_READ = "metrics:read", _("Read metrics")
    CHECKS_PARTNER = "checks:partner", _("Work as a fact-check partner")
