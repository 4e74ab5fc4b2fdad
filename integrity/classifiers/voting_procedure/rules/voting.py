"""How and where one votes, and what makes a ballot count."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

from integrity.classifiers.voting_procedure.rules import Rule, rule

_REMOTE = (
    ("online", "ONLINE"), ("sms", "SMS"), ("app", "APP"), ("phone", "PHONE"), ("post", "POST"),
    ("email", "EMAIL"), ("courier", "COURIER"),
)  # fmt: skip


def _remote(claim: str, concept: str) -> tuple[Rule, ...]:
    """Write the rules of one way to vote from afar."""
    # The day may come between: "vote this Wednesday by app".
    return (
        rule("voting_methods", claim, "method",
             f"{concept} & VOTE & ALLOW", f"{concept} & VOTE & IMPER", f"{concept} >5 VOTE", f"VOTE >4 {concept}",
             f"{concept} & VOTE & ACCEPT", f"{concept} & BALLOT", f"{concept} & PASS & IMPER",
             f"{concept} & QUEUE & NEG", f"VOTE && {concept} & IMPER", f"{concept} & PASS|PASSW & DESK",
             negated=f"not_{claim}", needs=2, unless=("REPLACE", "SELFIE", "REGISTER", "FRAUD", *(() if claim == "post" else ("INFO",)))),
    )  # fmt: skip


RULES = (
    rule("voting_methods", "courier", "method", "COURIER & PASS|PASSW|BALLOT|VOTE", needs=1, keep=True, strength=0.85,
         unless=("REPLACE", "FRAUD", "INFO")),
    rule("voting_methods", "sms", "method", "=stuur >3 VOTE >6 =naar", "=send >3 VOTE >6 =to", "=text >3 VOTE >6 =to", "=stuur > =naar > VOTE",
         "=text > =to > VOTE", needs=1, keep=True, unless=("OTHERVOTE", "CAMPAIGN")),
    *(each for claim, concept in _REMOTE for each in _remote(claim, concept)),
    rule("voting_methods", "in_person_only", "method", "ONLY >4 INPERSON", "NEED >6 INPERSON", "INPERSON > ONLY", needs=2),
    # Where
    rule("polling_place_scope", "elsewhere", "place",
         "ELSEWHERE & VOTE|POLL|PASS & ALLOW", "ELSEWHERE & VOTE|POLL", "ELSEWHERE && VOTE|POLL|PASS", "WORKW && VOTE|POLL & ALLOW & ANY",
         "WORKW && BRP|REGISTER|LIVE && VOTE & =here|=hier|=there|=daar", "LIVE & WORKW && ANY|ACCEPT & POLL", "LIVE & WORKW && VOTE & ACCEPT|ALLOW",
         negated="not_elsewhere", needs=2, flips=("NEG", "REFUSE", "ONLY"), unless=("KPASS",)),
    rule("polling_place_scope", "any_own", "place",
         "OWNTOWN & VOTE|POLL & ALLOW", "ANY & POLL & OWNTOWN", "OWNTOWN & ALLOW && VOTE", "OWNTOWN & POLL|VOTE", "OTHERPOLL & ALLOW|ACCEPT",
         negated="not_any_own", needs=2, flips=("REFUSE",)),
    rule("polling_place_scope", "any", "place", "ANY >3 POLL", "ANY & POLL & ALLOW|VOTE", needs=2, strength=0.7,
         unless=("HELP", "ELSEWHERE", "OWNTOWN", "ASSIGNED", "OPENW", "CLOSEW", "HEALTH")),
    rule("polling_place_scope", "assigned_only", "place",
         "ASSIGNED & ONLY & VOTE|POLL|PASSW|PASS", "ASSIGNED & NEED & VOTE|POLL !NEG", "OTHERPOLL & NEG", "OTHERPOLL & REFUSE",
         "ONLY >5 ASSIGNED", "ASSIGNED & REFUSE", "ASSIGNED && OTHERPOLL", keep=True, needs=1),
    rule("polling_place_scope", "any_own", "place",
         "ASSIGNED & NEG & NEED", "ASSIGNED & NEG & ONLY", "NEG >3 ASSIGNED", keep=True, needs=2, strength=0.9),
    # The ballot
    rule("ballot_marking", "any_colour", "ballot",
         "OTHERCOLOUR & PEN|COLOUR & ACCEPT", "OTHERCOLOUR & PEN|COLOUR|BOX & ALLOW", "COLOUR && ACCEPT & PEN",
         "COLOUR > ACCEPT|ANY", "ANY > COLOUR", "OTHERCOLOUR && ACCEPT", "PEN & ANY", "COLOUR & NEG & NEED", "NEG > =uit|=matter > COLOUR",
         negated="red_only", flips=("REFUSE", "=moet", "=must"), needs=1),
    rule("ballot_marking", "red_only", "ballot", "RED & ONLY", "RED >2 PEN", "RED >2 COLOUR", "COLOUR > RED", "RED & NEED & COLOUR|PEN|BOX",
         "OTHERCOLOUR & REFUSE", "OTHERCOLOUR & NEG & ALLOW|=geldig|VALID", keep=True, needs=2),
    rule("ballot_marking", "other_pen", "ballot",
         "PEN >4 NEG >4 ACCEPT|VALID|ALLOW", "NEG >3 PEN >4 ACCEPT|ALLOW", "PEN > REFUSE", "OTHERCOLOUR & PEN & NEED|BRING|REMEMBER", "PEN & BRING & =eigen|=own", "ERASE",
         "OTHERCOLOUR >1 PEN & IMPER", keep=True, needs=1, unless=("ANY",)),
    rule("ballot_marking", "two_marks", "ballot", "EACHBOX & COLOUR|BOX|PEN|TICK|ALLOW|NEED", keep=True, needs=0, strength=0.8, unless=("BLANK",)),
    rule("ballot_selfie", "forbidden", "ballot",
         "SELFIE & REFUSE", "SELFIE & NEG & ALLOW", "SELFIE & FINE", "SELFIE & =strafbaar|=illegal|=verboden|=forbidden|=crime",
         "INVALIDW & SELFIE", keep=True, needs=1, strength=0.9, unless=("ID",)),
    rule("ballot_selfie", "allowed", "ballot",
         "SELFIE & ALLOW", "SELFIE & ACCEPT", "SELFIE & NEG >2 REFUSE", "SELFIE & =legal|=toegestaan|=allowed", negated="forbidden", needs=1,
         flips=("NEG",), unless=("FINE", "ID", "COPY")),
    rule("ballot_selfie", "allowed", "ballot", "SELFIE > NEG >2 REFUSE|FINE", "SELFIE > NEG >2 =illegal|=strafbaar|=forbidden|=verboden", keep=True, needs=1),
    rule("", "ballot_form", "ballot", "TICK & BOX|VALID|BALLOT|INVALIDW", "WRITE & BALLOT|VALID|INVALIDW|BOX", "SPARE",
         "SIGN & BALLOT", "BLANK & COUNT|VOTE|BALLOT|PARTY|RESULT", "BLANK & INVALIDW|VALID|=telt|=counts",
         "BALLOT & INVALIDW", "BOX & INVALIDW", keep=True, needs=1, strength=0.6, unless=("FRAUD",)),
)  # fmt: skip
