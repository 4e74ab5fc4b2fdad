"""The statements that the models tell apart, in the words of the rules: key, claim, topic."""

Claim = tuple[str, str, str]
NOTHING: Claim = ("", "none", "none")

# The training skeletons name some statements otherwise; these say the same.
FROM_SKELETONS: dict[str, Claim] = {
    "voting_day:extra_day": ("voting_day", "extra_day", "date"),
    "voting_day:postponed": ("voting_day", "postponed", "date"),
    "voting_day:cancelled": ("voting_day", "cancelled", "date"),
    "polls_close:queue_allowed": ("polls_close", "queue_allowed", "hours"),
    "polls_close:queue_refused": ("polls_close", "queue_refused", "hours"),
    "polling_place_scope:any_in_own_municipality": ("polling_place_scope", "any_own", "place"),
    "polling_place_scope:elsewhere_too": ("polling_place_scope", "elsewhere", "place"),
    "polling_place_scope:assigned_only": ("polling_place_scope", "assigned_only", "place"),
    "polling_place:closed": ("polling_place", "closed", "place"),
    "polling_place:moved": ("polling_place", "moved", "place"),
    "id_required:yes": ("id_required", "needed", "id"),
    "id_required:no": ("id_required", "not_needed", "id"),
    "id_expired:accepted": ("id_expired_max_years", "accepted", "id"),
    "id_expired:refused": ("id_expired_max_years", "refused", "id"),
    "id_original:yes": ("id_original_required", "original_needed", "id"),
    "id_original:copy_ok": ("id_original_required", "copy_accepted", "id"),
    "voter_pass_required:yes": ("voter_pass_required", "needed", "pass"),
    "voter_pass_required:no": ("voter_pass_required", "not_needed", "pass"),
    "voter_pass_replacement:never": ("voter_pass_replacement_deadline", "impossible", "pass"),
    "voter_pass_replacement:too_late": ("voter_pass_replacement_deadline", "impossible", "pass"),
    "registration_required:yes": ("registration_required", "required", "registration"),
    "registration_required:no": ("registration_required", "not_required", "registration"),
    "eligible_nationality:nl_only": ("eligible_nationality", "nl_only", "eligibility"),
    "eligible_nationality:eu_may": ("eligible_nationality", "eu_may", "eligibility"),
    "eligible_nationality:all_may": ("eligible_nationality", "all_may", "eligibility"),
    "eligible_nationality:extra_condition": (
        "eligible_nationality", "extra_condition", "eligibility",
    ),
    "non_eu_residence:may_after_years": ("eligible_nationality", "noneu_may", "eligibility"),
    "non_eu_residence:never": ("eligible_nationality", "noneu_excluded", "eligibility"),
    "proxy_max:unlimited": ("proxy_max", "unlimited", "proxy"),
    "proxy_max:none_allowed": ("voting_methods", "not_proxy", "proxy"),
    "proxy_id_copy:yes": ("proxy_id_copy", "needed", "proxy"),
    "proxy_id_copy:no": ("proxy_id_copy", "not_needed", "proxy"),
    "proxy:together_with_own": ("proxy_max", "together", "proxy"),
    "proxy:separately": ("proxy_max", "separately", "proxy"),
    "ballot_marking:two_boxes": ("ballot_marking", "two_marks", "ballot"),
    "ballot_marking:any_colour": ("ballot_marking", "any_colour", "ballot"),
    "ballot_marking:red_only": ("ballot_marking", "red_only", "ballot"),
    "ballot_marking:other_pen_required": ("ballot_marking", "other_pen", "ballot"),
    "ballot_selfie:allowed": ("ballot_selfie", "allowed", "ballot"),
    "ballot_selfie:forbidden": ("ballot_selfie", "forbidden", "ballot"),
    "compulsory:yes": ("compulsory", "yes", "eligibility"),
    "compulsory:no": ("compulsory", "no", "eligibility"),
    "cost:free": ("cost", "free", "cost"),
    "cost:paid": ("cost", "paid", "cost"),
    "health_requirement:yes": ("health_requirement", "required", "health"),
    "health_requirement:no": ("health_requirement", "none", "health"),
    "help:any": ("", "help", "place"),
    "help:physical_only": ("", "help", "place"),
    "fraud": ("", "fraud", "fraud"),
    "intimidation": ("", "intimidation", "intimidation"),
    **{
        f"voting_methods:{way}": ("voting_methods", way, "method")
        for way in ("online", "sms", "app", "phone", "post", "email", "courier", "not_online")
    },
}  # fmt: skip
# What the grammars read with its value: the models leave these to them.
WITH_A_VALUE = {
    "voting_day:on", "voting_day:split_by_group", "polls_open:at", "polls_close:at",
    "voter_pass_replacement:until", "registration_deadline:at", "min_age:n", "proxy_max:n",
    "ballot_marking:one_box", "preliminary_result:at", "official_result:at",
}  # fmt: skip
VALUED: Claim = ("", "valued", "none")
