"""Partners and their people: the contract is ours, the members are theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from elections.models import Jurisdiction
from factcheck import rules
from factcheck.choices import Harm, MemberRole, Verdict
from factcheck.models import DueTarget, Membership, Partner, PartnerKey, RatingWord
from factcheck.services.records import record
from integrity.people import services as people
from integrity.people.choices import Role, Scope
from integrity.people.models import ApiKey, User
from integrity.people.rules import may
from integrity.refusals import Refusal, require


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed with an organisation. Empty topics or places mean: no limit."""

    name: str
    website: str
    languages: Sequence[str]
    contract_from: date
    contract_until: date | None = None
    contract_terms: str = ""
    topics: Sequence[str] = ()
    places: Sequence[Jurisdiction] = ()
    capacity: int = 10


@transaction.atomic
def add_partner(*, agreed: Agreed, by: User | None, at: datetime) -> Partner:
    """Add an organisation under contract. `by` None: the command line."""
    if by is not None:
        require(may(by, "factcheck.manage_partner"))
    require(_what_is_wrong(agreed))
    partner = Partner(created_at=at)
    _write(partner, agreed)
    record("partner.added", "partner", partner.public_id, by=by, at=at, data={"name": partner.name})
    return partner


@transaction.atomic
def change_agreement(*, partner: Partner, agreed: Agreed, by: User, at: datetime) -> Partner:
    """Change what is agreed with an organisation; a contract that ended closes the portal."""
    require(may(by, "factcheck.manage_partner"))
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    require(_what_is_wrong(agreed, than=partner))
    _write(partner, agreed)
    record("partner.agreement_changed", "partner", partner.public_id, by=by, at=at,
           data={"until": str(agreed.contract_until or "")})  # fmt: skip
    return partner


@transaction.atomic
def set_due_targets(
    *, partner: Partner, within: Mapping[Harm, timedelta | None], by: User, at: datetime
) -> None:
    """Agree how long an organisation has by level of harm; None: as long as all others."""
    require(may(by, "factcheck.manage_partner"))
    for harm, span in within.items():
        if span is None:
            DueTarget.objects.filter(partner=partner, harm=harm).delete()
        elif span <= timedelta(0):
            require(Refusal(_("Give a time above zero."), code="due"))
        else:
            DueTarget.objects.update_or_create(
                partner=partner, harm=harm, defaults={"within": span}
            )
    record("partner.due_times_set", "partner", partner.public_id, by=by, at=at)


def _what_is_wrong(agreed: Agreed, *, than: Partner | None = None) -> Refusal | None:
    others = Partner.objects.filter(name__iexact=agreed.name.strip())
    if than is not None:
        others = others.exclude(pk=than.pk)
    wrong = [
        (not agreed.name.strip(), _("Give the organisation's name."), "name"),
        (not agreed.languages, _("Choose at least one language."), "languages"),
        (
            agreed.contract_until is not None and agreed.contract_until < agreed.contract_from,
            _("The contract ends before it begins."),
            "contract",
        ),
        (others.exists(), _("A partner has this name already."), "known"),
    ]
    return next((Refusal(reason, code=code) for is_so, reason, code in wrong if is_so), None)


def _write(partner: Partner, agreed: Agreed) -> None:
    partner.name = agreed.name.strip()[:120]
    partner.website = agreed.website
    partner.languages = sorted(set(agreed.languages))
    partner.topics = sorted(set(agreed.topics))
    partner.capacity = agreed.capacity
    partner.contract_from = agreed.contract_from
    partner.contract_until = agreed.contract_until
    partner.contract_terms = agreed.contract_terms.strip()
    partner.save()
    partner.places.set(agreed.places)


@transaction.atomic
def change_profile(*, partner: Partner, member: Membership, capacity: int, at: datetime) -> Partner:
    """Let an organisation say how much it takes at once."""
    require(rules.may_manage_members(member, at=at))
    _require_own(partner, member)
    partner.capacity = min(max(capacity, 0), 500)
    partner.save(update_fields=["capacity"])
    record("partner.changed", "partner", partner.public_id, by=member.user, at=at,
           data={"capacity": partner.capacity})  # fmt: skip
    return partner


@transaction.atomic
def set_rating_words(
    *, partner: Partner, words: Mapping[tuple[str, str], str], member: Membership, at: datetime
) -> None:
    """Let an organisation name the verdicts in its own words, by (verdict, language)."""
    require(rules.may_manage_members(member, at=at))
    _require_own(partner, member)
    for (verdict, language), text in words.items():
        if verdict not in Verdict.values:
            require(Refusal(_("This verdict is not on the scale."), code="unknown_verdict"))
        own = RatingWord.objects.filter(partner=partner, verdict=verdict, language=language)
        if not text.strip():
            own.delete()
        elif not own.update(words=text.strip()[:60]):
            RatingWord.objects.create(
                partner=partner, verdict=verdict, language=language, words=text.strip()[:60]
            )
    record("partner.words_set", "partner", partner.public_id, by=member.user, at=at)


@transaction.atomic
def add_first_member(
    *, partner: Partner, email: str, alias: str, by: User | None, at: datetime
) -> Membership:
    """Give an organisation its first administrator, who then adds the others."""
    if by is not None:
        require(may(by, "factcheck.manage_partner"))
    return _add(partner, email, alias, MemberRole.ADMIN, by=by, at=at)


@transaction.atomic
def add_member(
    *, member: Membership, email: str, alias: str, role: MemberRole, at: datetime
) -> Membership:
    """Let an administrator of an organisation add a colleague."""
    require(rules.may_manage_members(member, at=at))
    return _add(member.partner, email, alias, role, by=member.user, at=at)


@transaction.atomic
def change_role(
    *, colleague: Membership, role: MemberRole, member: Membership, at: datetime
) -> Membership:
    """Make a colleague an administrator or a checker; the last administrator stays one."""
    colleague = _own_colleague(colleague, member, at)
    if role != MemberRole.ADMIN:
        _require_other_admin(colleague)
    colleague.role = role
    colleague.save(update_fields=["role"])
    record("member.role_changed", "membership", colleague.public_id, by=member.user, at=at,
           data={"role": role})  # fmt: skip
    return colleague


@transaction.atomic
def end_membership(*, colleague: Membership, member: Membership, at: datetime) -> Membership:
    """Let a colleague go: from now on they see nothing of the organisation's work."""
    colleague = _own_colleague(colleague, member, at)
    _require_other_admin(colleague)
    colleague.ended_at = at
    colleague.save(update_fields=["ended_at"])
    colleague.user.groups.remove(*colleague.user.groups.filter(name=Role.PARTNER))
    record("member.left", "membership", colleague.public_id, by=member.user, at=at)
    return colleague


@transaction.atomic
def set_digest(*, member: Membership, wanted: bool, at: datetime) -> None:
    """Let somebody say whether they want the daily message."""
    require(rules.may_work(member, at=at))
    Membership.objects.filter(pk=member.pk).update(wants_digest=wanted)
    record("member.digest_set", "membership", member.public_id, by=member.user, at=at,
           data={"wanted": wanted})  # fmt: skip


@transaction.atomic
def issue_partner_key(
    *, member: Membership, name: str, at: datetime, valid_for: timedelta = timedelta(days=365)
) -> tuple[PartnerKey, str]:
    """Give an organisation's system a key of its own; its only readable copy is returned."""
    require(rules.may_manage_members(member, at=at))
    key, readable = people.issue_key(
        name=f"{member.partner.name}: {name}"[:100],
        scopes=[Scope("checks:partner")],
        by=None,
        at=at,
        expires_at=at + valid_for,
    )
    row = PartnerKey.objects.create(partner=member.partner, key=key)
    record("partner.key_issued", "partner", member.partner.public_id, by=member.user, at=at,
           data={"key": str(key.public_id)})  # fmt: skip
    return row, readable


@transaction.atomic
def revoke_partner_key(*, key: ApiKey, member: Membership, at: datetime) -> None:
    """Stop one of the organisation's own keys at once."""
    require(rules.may_manage_members(member, at=at))
    if not PartnerKey.objects.filter(key=key, partner=member.partner_id).exists():
        require(Refusal(_("This key is not your organisation's."), code="forbidden"))
    people.revoke_key(key=key, by=None, at=at)
    record("partner.key_revoked", "partner", member.partner.public_id, by=member.user, at=at,
           data={"key": str(key.public_id)})  # fmt: skip


def _add(
    partner: Partner, email: str, alias: str, role: MemberRole, *, by: User | None, at: datetime
) -> Membership:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = people.open_account(email=email, alias=alias, roles=[Role.PARTNER])
    elif user.roles - {Role.PARTNER} or user.is_staff or user.is_superuser:
        # A partner must neither gain a colleague with rights on the desk nor take those away.
        require(Refusal(_("This address cannot become a member."), code="other_role"))
    try:
        with transaction.atomic():
            row = Membership.objects.create(partner=partner, user=user, role=role, joined_at=at)
    except IntegrityError:
        require(Refusal(_("This address is a member already."), code="member"))
    people.open_account(email=user.email, alias=user.alias, roles=[Role.PARTNER])
    record("member.added", "membership", row.public_id, by=by, at=at,
           data={"partner": str(partner.public_id), "role": role})  # fmt: skip
    return row


def _own_colleague(colleague: Membership, member: Membership, at: datetime) -> Membership:
    require(rules.may_manage_members(member, at=at))
    # The organisation's row orders two administrators who would let each other go.
    Partner.objects.select_for_update().get(pk=member.partner_id)
    found = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=colleague.pk, partner=member.partner_id, ended_at=None)
        .first()
    )
    if found is None:
        require(Refusal(_("This is not a colleague of yours."), code="forbidden"))
    assert found is not None
    return found


def _require_other_admin(colleague: Membership) -> None:
    others = (
        Membership.objects.current()
        .filter(partner=colleague.partner_id, role=MemberRole.ADMIN)
        .exclude(pk=colleague.pk)
    )
    if colleague.is_admin and not others.exists():
        require(Refusal(_("Your organisation needs an administrator."), code="last_admin"))


def _require_own(partner: Partner, member: Membership) -> None:
    if partner.pk != member.partner_id:
        require(Refusal(_("This is not your organisation."), code="forbidden"))
