"""What no official fact can decide: fraud, intimidation, help, seats. These go to people."""

from integrity.classifiers.voting_procedure.rules import rule

RULES = (
    rule("", "fraud", "fraud", "FRAUD & VOTE|BALLOT|COUNT|POLL|ELECT|RESULT|PASS", "FRAUD && COUNT|BALLOT|ELECT|POLL|VOTE|PASS",
         "COUNT & SECRET", keep=True, needs=1),
    rule("", "intimidation", "intimidation", "INTIMID & VOTE|POLL|BALLOT|ELECT|PASS|ID", "INTIMID && POLL|VOTE|BALLOT|ID|PASS",
         keep=True, needs=1, unless=("CAMPAIGNX",)),
    rule("", "help", "place", "HELP & POLL|VOTE|BALLOT", "HELP && POLL", keep=True, needs=1, strength=0.7),
    rule("", "result", "result", "RESULT & VOTE|ELECT|COUNT|PARTY|COUNCIL|CAMPAIGN", keep=True, needs=1, strength=0.45, unless=("CAMPAIGN",)),
    rule("", "result", "result", "ADVISORY & ELECT|COUNCIL|REFWORD", "ADVISORY >3 REFWORD", keep=True, needs=1, strength=0.7),
)  # fmt: skip
