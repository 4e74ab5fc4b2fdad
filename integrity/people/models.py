"""Users who sign in by e-mail, and the keys with which the platform calls the API."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrity.people.choices import Role, Scope


class UserManager(BaseUserManager["User"]):
    """Makes users; an e-mail address is one user whatever its capitals."""

    def create_user(
        self, email: str, password: str | None = None, *, alias: str = "", **fields: Any
    ) -> "User":
        """Create a user; without a password they can only come in by OpenID Connect."""
        user = self.model(
            email=email.strip().lower(), alias=alias or email.partition("@")[0], **fields
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create someone with every permission; for setting up a house."""
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail, whatever its capitals."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who works here. Colleagues see the alias; nobody outside sees either."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    alias = models.CharField(
        _("display alias"), max_length=60, help_text=_("The name that colleagues see.")
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        default="nl",
        choices=[("nl", _("Dutch")), ("en", _("English"))],
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.alias

    def get_full_name(self) -> str:
        """Return the alias: Wagtail and Django's admin ask for it."""
        return self.alias

    def get_short_name(self) -> str:
        """Return the alias."""
        return self.alias

    @property
    def roles(self) -> set[str]:
        """The roles this user holds, as the values of Role."""
        if not hasattr(self, "_roles"):
            self._roles = {group.name for group in self.groups.all() if group.name in Role.values}
        return self._roles

    @property
    def initials(self) -> str:
        """Two letters for the round badge."""
        words = self.alias.replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys by state."""

    def usable(self, *, at: datetime) -> "ApiKeyQuerySet":
        """Keys neither revoked nor expired at this moment."""
        return self.filter(revoked_at=None).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        )


class ApiKey(models.Model):
    """A bearer key of the platform. Only its hash is kept; the key itself is shown once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, db_index=True)
    hashed = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    # DRF asks these of whoever is behind a request.
    is_authenticated = True
    is_anonymous = False
    is_active = True


class CallCount(models.Model):
    """How often a caller came in the present span of time; see `throttling`."""

    bucket = models.CharField(max_length=100, unique=True)
    span = models.BigIntegerField(db_index=True)
    calls = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.bucket}: {self.calls}"


class UsedCode(models.Model):
    """A code of an authenticator app that opened the door: it opens nothing a second time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    # Which span of time the code stands for, so that leading zeros and spaces change nothing.
    counter = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "counter"], name="code_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.counter}"
