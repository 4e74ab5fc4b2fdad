"""What voters ask, in the order in which they ask it: topics, their questions, their addresses."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """One group of questions. The first keys are answered outright, the others when asked."""

    slug: str
    slugs: dict[str, str]
    title: str | Promise
    first: tuple[str, ...]
    more: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the topic."""
        return self.first + self.more


TOPICS = (
    Topic(
        "when",
        {"nl": "wanneer", "en": "when"},
        _("When"),
        ("voting_day", "polls_open", "polls_close", "early_voting_days"),
        ("inside_at_closing", "early_voting"),
    ),
    Topic(
        "where",
        {"nl": "waar", "en": "where"},
        _("Where"),
        ("polling_place_scope",),
        (
            "voter_pass_elsewhere",
            "voting_methods",
            "online_voting_closes",
            "post_voting_deadline",
            "accessibility",
        ),
    ),
    Topic(
        "bring",
        {"nl": "meenemen", "en": "bring"},
        _("What to bring"),
        ("voter_pass_required", "id_required"),
        (
            "id_original_required",
            "id_accepted",
            "id_expired_max_years",
            "id_valid_until_at_least",
            "id_lost",
            "voter_pass_delivered_by",
            "voter_pass_replacement_written",
            "voter_pass_replacement_deadline",
            "voter_pass_replaced_is_void",
        ),
    ),
    Topic(
        "how",
        {"nl": "hoe", "en": "how"},
        _("How"),
        ("ballot_marking", "voting_steps"),
        (
            "small_ballot",
            "ballot_replacements",
            "blank_vote_valid",
            "ballot_colour",
            "ballot_writing",
            "ballot_selfie",
            "help_in_booth",
        ),
    ),
    Topic(
        "proxy",
        {"nl": "volmacht", "en": "proxy"},
        _("Can you not go yourself?"),
        ("proxy_by_pass", "proxy_max"),
        ("proxy_id_copy", "proxy_written_deadline", "proxy_in_station", "proxy_soliciting"),
    ),
    Topic(
        "who",
        {"nl": "wie", "en": "who"},
        _("Who may vote"),
        ("min_age", "eligible_nationality"),
        (
            "non_eu_residence_years",
            "residence_reference_date",
            "eligibility_not",
            "registration_required",
            "registration_deadline",
            "compulsory",
            "cost",
            "health_requirement",
        ),
    ),
    Topic(
        "result",
        {"nl": "uitslag", "en": "result"},
        _("After the vote"),
        ("preliminary_result_date", "official_result_date"),
        ("result_set_by", "count_public", "result_objections_until", "seats"),
    ),
)

QUESTIONS: dict[str, str | Promise] = {
    "voting_day": _("On which day do I vote?"),
    "polls_open": _("From what time can I vote?"),
    "polls_close": _("Until what time can I vote?"),
    "takes_part": _("Does my municipality vote?"),
    "inside_at_closing": _("What if I am inside at closing time?"),
    "early_voting": _("Can I vote on an earlier day?"),
    "early_voting_days": _("On which earlier days can I vote?"),
    "polling_place_scope": _("At which polling station?"),
    "voter_pass_elsewhere": _("Can I vote in another municipality?"),
    "voting_methods": _("In what ways can I vote?"),
    "online_voting_closes": _("Until when can I vote on the internet?"),
    "post_voting_deadline": _("Until when can I vote by post?"),
    "accessibility": _("Can I get in with a wheelchair?"),
    "voter_pass_required": _("Do I need a voting pass?"),
    "id_required": _("Do I need an identity document?"),
    "id_original_required": _("Is a photo or a copy of my document enough?"),
    "id_accepted": _("Which documents are accepted?"),
    "id_expired_max_years": _("May my document have expired?"),
    "id_valid_until_at_least": _("Which day must be on my document?"),
    "id_lost": _("What if I have lost my document?"),
    "voter_pass_delivered_by": _("When do I get my voting pass?"),
    "voter_pass_replacement_written": _("How do I ask for a new voting pass in writing?"),
    "voter_pass_replacement_deadline": _("Until when can I get a new voting pass?"),
    "voter_pass_replaced_is_void": _("What if I find my old voting pass again?"),
    "ballot_marking": _("How do I fill in the ballot?"),
    "voting_steps": _("What do I do in the polling station?"),
    "small_ballot": _("Where is a smaller ballot tried out?"),
    "ballot_replacements": _("What if I make a mistake?"),
    "blank_vote_valid": _("Can I cast a blank vote?"),
    "ballot_colour": _("Must I use the red pencil?"),
    "ballot_writing": _("May I write or draw on the ballot?"),
    "ballot_selfie": _("May I take a photo of myself with my ballot?"),
    "help_in_booth": _("May somebody help me in the voting booth?"),
    "proxy_by_pass": _("How do I let somebody vote for me?"),
    "proxy_max": _("For how many people may somebody vote?"),
    "proxy_id_copy": _("Is a copy of my document needed?"),
    "proxy_written_deadline": _("Until when can I ask for a written proxy?"),
    "proxy_in_station": _("Can I arrange it in the polling station?"),
    "proxy_soliciting": _("May somebody ask me for my voting pass?"),
    "min_age": _("From what age may I vote?"),
    "eligible_nationality": _("With which nationality may I vote?"),
    "non_eu_residence_years": _("How long must I have lived here?"),
    "residence_reference_date": _("I have moved house. Where do I vote?"),
    "eligibility_not": _("Who may not vote?"),
    "registration_required": _("Do I have to sign up?"),
    "registration_deadline": _("Until when can I sign up?"),
    "compulsory": _("Must I vote?"),
    "cost": _("Does voting cost anything?"),
    "health_requirement": _("Is a vaccination or a test needed?"),
    "preliminary_result_date": _("When do the first results come?"),
    "official_result_date": _("When is the official result set?"),
    "result_set_by": _("Who sets the result?"),
    "count_public": _("May I watch the count?"),
    "result_objections_until": _("Until when can I report a mistake?"),
    "seats": _("How many seats are there?"),
}

# Answered outright where it is so: whoever misses it cannot vote, or is fined.
MUST_BE_KNOWN = ("registration_required", "registration_deadline", "compulsory")

# What a voter must do before a certain moment, by key.
DEADLINES: dict[str, str | Promise] = {
    "registration_deadline": _("Last moment to sign up."),
    "voter_pass_delivered_by": _("You have your voting pass at home."),
    "voter_pass_replacement_written": _("Last day to ask for a new voting pass in writing."),
    "proxy_written_deadline": _("Last day to ask for a written proxy."),
    "early_voting_days": _("Voting on an earlier day is possible."),
    "voter_pass_replacement_deadline": _("Last moment to get a new voting pass in person."),
    "online_voting_closes": _("Last moment to vote on the internet."),
    "post_voting_deadline": _("Last moment to vote by post."),
    "voting_day": _("The day of voting."),
    "preliminary_result_date": _("The first results."),
    "official_result_date": _("The official result."),
}


def topic_of(key: str) -> Topic | None:
    """Find the topic that answers a fact key."""
    return next((topic for topic in TOPICS if key in topic.keys), None)


def topic_at(slug: str) -> tuple[Topic, str] | None:
    """Find the topic at an address, and the language that the address is in."""
    for topic in TOPICS:
        for language, own in topic.slugs.items():
            if slug == own:
                return topic, language
    return None
