"""What the platform says, in Dutch and in English."""

NL, EN = "nl", "en"

WORDS: dict[str, tuple[str, str]] = {
    "tagline": ("Wat er speelt in je buurt", "What is going on around you"),
    "made_up": (
        "Plein is verzonnen: de accounts, berichten en aantallen bestaan niet.",
        "Plein is made up: its accounts, posts and numbers do not exist.",
    ),
    "skip": ("Naar de berichten", "Skip to the posts"),
    "for_you": ("Voor jou", "For you"),
    "latest": ("Nieuwste", "Latest"),
    "decided": ("Met maatregel", "With a measure"),
    "behind": ("Achter de schermen", "Behind the scenes"),
    "other_language": ("English", "Nederlands"),
    "sections": ("Onderdelen", "Sections"),
    "nothing": ("Hier staat nog niets.", "Nothing here yet."),
    "nothing_decided": (
        "Er is nog geen bericht met een maatregel. Neem op de werkplek een beslissing; "
        "een halve minuut later staat die hier.",
        "No post has a measure yet. Decide on the desk; half a minute later it shows here.",
    ),
    "left_out": (
        "Berichten die hier niet worden aanbevolen: {n}",
        "Posts that are not recommended here: {n}",
    ),
    "label": ("Verkiezingsinformatie", "Election information"),
    "to_center": ("Naar het Verkiezingscentrum", "Go to the Election Center"),
    "removed": ("Dit bericht is verwijderd.", "This post was removed."),
    "removed_why": (
        "Het was in strijd met de regels van Plein over verkiezingen.",
        "It broke Plein's rules about elections.",
    ),
    "ineligible": ("Niet aanbevolen", "Not recommended"),
    "ineligible_why": (
        "Dit bericht staat alleen op de eigen pagina van het account en bij Nieuwste.",
        "This post shows only on the account's own page and under Latest.",
    ),
    "deleted": ("Verwijderd door de maker.", "Deleted by its author."),
    "edited": ("bewerkt", "edited"),
    "views": ("keer bekeken", "views"),
    "shares": ("keer gedeeld", "shares"),
    "posted": ("Geplaatst", "Posted"),
    "picture": ("Afbeelding bij het bericht van {name}", "Picture with the post of {name}"),
    "followers": ("volgers", "followers"),
    "suspended": ("Dit account is geschorst.", "This account is suspended."),
    "terminated": ("Dit account is beëindigd.", "This account was terminated."),
    "posts_of": ("Berichten van {name}", "Posts by {name}"),
    "inbox": ("Postvak van {name}", "Inbox of {name}"),
    "inbox_note": (
        "Dit ziet alleen de maker, na inloggen. In deze demo kan iedereen meelezen.",
        "Only the author sees this, when signed in. In this demo everybody can read along.",
    ),
    "inbox_empty": ("Geen berichten van Plein.", "No messages from Plein."),
    "see_inbox": ("Postvak bekijken", "See the inbox"),
    "statement": ("Motivering van de beslissing", "Statement of reasons"),
    "statement_ground": ("Regel", "Rule"),
    "statement_explanation": ("Wat de regel zegt", "What the rule says"),
    "statement_facts": ("Waarom", "Why"),
    "statement_scope": ("Waar het geldt", "Where it applies"),
    "statement_detection": ("Automatisch gevonden", "Found automatically"),
    "statement_redress": ("Bezwaar", "How to object"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "about_post": ("Over dit bericht", "About this post"),
    "report": ("Melden", "Report"),
    "report_title": ("Dit bericht melden", "Report this post"),
    "report_reason": ("Wat is er mis?", "What is wrong?"),
    "report_voting": (
        "Het klopt niet wat hier over stemmen staat",
        "What it says about voting is false",
    ),
    "report_intimidation": ("Het maakt kiezers bang", "It intimidates voters"),
    "report_other": ("Iets anders", "Something else"),
    "report_text": ("Toelichting (mag leeg blijven)", "Explanation (optional)"),
    "report_send": ("Melding versturen", "Send report"),
    "report_thanks": (
        "Dank je. Je melding is doorgegeven.",
        "Thank you. Your report was passed on.",
    ),
    "not_found": ("Deze pagina is er niet.", "There is no such page."),
    "refused": ("Dat verzoek is niet goed.", "That request is not right."),
    "home": ("Naar de berichten", "To the posts"),
    "b_posts": ("Berichten hier", "Posts here"),
    "b_owed": ("Nog te versturen naar Waarborg", "Still to be sent to Waarborg"),
    "b_refused": ("Door Waarborg geweigerd", "Refused by Waarborg"),
    "b_webhooks": ("Ontvangen via webhook", "Received by webhook"),
    "b_repeated": ("Daarvan al bekend", "Of those, known already"),
    "b_rejected": ("Webhook met verkeerde handtekening", "Webhook with a wrong signature"),
    "b_feed": ("Alleen via de lijst opgehaald", "Only through the feed"),
    "b_sent_at": ("Laatst verstuurd", "Last sent"),
    "b_pulled_at": ("Lijst laatst gelezen", "Feed last read"),
    "b_title": ("Wat Plein en Waarborg elkaar sturen", "What Plein and Waarborg send each other"),
    "b_desk": ("De werkplek van Waarborg", "Waarborg's desk"),
    "never": ("nog niet", "not yet"),
}


def say(language: str, key: str, **values: object) -> str:
    """Return a phrase in a language."""
    return WORDS[key][language == EN].format(**values)


def number(language: str, value: int) -> str:
    """Write a number with the thousands mark of the language."""
    return f"{value:,}".replace(",", "." if language == NL else ",")


_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)


def moment(language: str, day: int, month: int, hour: int, minute: int) -> str:
    """Write a day and a time as the language does."""
    name = _MONTHS[language == EN].split()[month - 1]
    mark = "." if language == NL else ":"
    return f"{day} {name}, {hour:02}{mark}{minute:02}"
