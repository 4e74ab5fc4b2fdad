"""What no official fact can decide: fraud, intimidation, help, seats. These go to people."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

from integrity.classifiers.voting_procedure.rules import rule

RULES = (
    rule("", "pass_form", "pass", "$ANYPASS & PASSFORM", "PASSFORM && PASS", keep=True, needs=2, strength=0.6,
         unless=("PROXY", "FRAUD")),
    rule("", "moved_house", "registration", "MOVEDHOUSE && VOTE", keep=True, needs=2, strength=0.55, unless=("CONDITION",)),
    rule("", "proxy_form", "proxy", "PROXY & BRP|LIVE|OWNTOWN", "SIGN & PASS|PROXY|PASSW", "PROXY & SIGN", keep=True, needs=2, strength=0.55),
    rule("", "ballot_form", "ballot", "BALLOTFORM & BALLOT|BOX|COLOUR|VOTE|ALLOW|INVALIDW", keep=True, needs=1, strength=0.6),
    rule("", "machines", "method", "STEMCOMPUTER & POLL|VOTE|PEN", keep=True, needs=1, strength=0.6, unless=("FRAUD",)),
    rule("polling_place", "closed", "place", "POLL & CLOSEDW", "POLL && CLOSEDW", keep=True, needs=2, strength=0.7, unless=("TIME", "QUEUE")),
    rule("polling_place", "moved", "place", "POLL & MOVED", "POLL & =verhuisd|=verplaatst|=relocated|=moved", keep=True, needs=3, strength=0.7, unless=("DATE",)),
    rule("", "fraud", "fraud", "FRAUD & VOTE|BALLOT|COUNT|POLL|ELECT|RESULT|PASS", "FRAUD && COUNT|BALLOT|ELECT|POLL|VOTE|PASS",
         "COUNT & SECRET", keep=True, needs=1),
    rule("", "intimidation", "intimidation", "INTIMID & VOTE|POLL|BALLOT|ELECT|PASS|ID", "INTIMID && POLL|VOTE|BALLOT|ID|PASS",
         keep=True, needs=1, unless=("CAMPAIGNX",)),
    rule("", "help", "place", "HELP & POLL|VOTE|BALLOT", "HELP && POLL", keep=True, needs=1, strength=0.7),
    rule("", "result", "result", "RESULT & VOTE|ELECT|COUNT|PARTY|COUNCIL|CAMPAIGN", keep=True, needs=1, strength=0.45, unless=("CAMPAIGN",)),
    rule("", "result", "result", "ADVISORY & ELECT|COUNCIL|REFWORD", "ADVISORY >3 REFWORD", keep=True, needs=1, strength=0.7),
)  # fmt: skip
