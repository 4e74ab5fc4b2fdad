"""Who may vote, whether one must, proxies, cost, health."""

# Word tables read best a row a line, and a grammar is a list of early answers.
# ruff: noqa: E501

from integrity.classifiers.voting_procedure.rules import rule

RULES = (
    # Nationality and residence
    rule("eligible_nationality", "nl_only", "eligibility",
         "ONLY >4 NL", "NL >3 ONLY", "NEED > NL > VOTE", "ONLY >6 =nederlands", "VOTE > ONLY >5 NL", "NL & NEED",
         needs=1, unless=("WRITE", "PEN")),
    rule("eligible_nationality", "nl_eu_only", "eligibility", "ONLY >3 NL >3 EUCIT", "ONLY >3 EUCIT >3 NL", needs=1),
    rule("eligible_nationality", "eu_may", "eligibility",
         "EUCIT > ALLOW|VOTE|SUFFRAGE", "ALLOW|VOTE > EUCIT", "EUCIT && MUSTGO", "EUCIT && ALLOW & VOTE", "EUCIT & ACCEPT & VOTE",
         negated="eu_excluded", flips=("NEG", "REFUSE"), needs=1, unless=("NATURAL",)),
    rule("eligible_nationality", "eu_excluded", "eligibility", "EUCIT & NEG & VOTE|SUFFRAGE", "NEG >5 EUCIT", keep=True, needs=2),
    rule("eligible_nationality", "noneu_may", "eligibility",
         "NONEU > ALLOW|VOTE|SUFFRAGE", "ALLOW|VOTE > NONEU", "NONEU && ALLOW & VOTE", "WITHOUT >2 NATURAL",
         "NONEU & RESIDEYEARS", negated="noneu_excluded", flips=("NEG", "REFUSE"), needs=1),
    rule("eligible_nationality", "noneu_excluded", "eligibility",
         "NONEU & NEG & VOTE|SUFFRAGE", "ONLY >4 NATURAL", "NEED > NATURAL", "NONEU & REFUSE & VOTE|SUFFRAGE", keep=True, needs=2),
    rule("eligible_nationality", "all_may", "eligibility",
         "EVERYONE >4 ALLOW|SUFFRAGE", "ALLOW >3 EVERYONE >6 VOTE", "EVERYONE >2 =mee|=count|=counts", negated="not_all_may", needs=2,
         unless=("SELFIE", "ONLINE", "APP", "SMS", "PHONE", "POST")),
    rule("eligible_nationality", "extra_condition", "eligibility",
         "CONDITION & NEG & VOTE|SUFFRAGE", "CONDITION & REFUSE & VOTE|SUFFRAGE", "ONLY >6 CONDITION & VOTE|SUFFRAGE",
         "NEED > CONDITION > VOTE|SUFFRAGE", "CONDITION & NEED & VOTE", "LANGUAGE & NEED", "LANGUAGE & ONLY", "NEG > LANGUAGE > NEG",
         "CONDITION > NEG >2 VOTE", "CONDITION && NEG & VOTE|SUFFRAGE", "CONDITION && REFUSE & VOTE|SUFFRAGE", "CONDITION & REFUSE && VOTE|SUFFRAGE", "NEG >4 CONDITION > NEG|REFUSE", "NEED > CONDITION > before|=voor > VOTE", "VOTE|SUFFRAGE > ONLY > CONDITION",
         keep=True, needs=2),
    rule("", "condition_may", "eligibility", "CONDITION & ALLOW & VOTE|SUFFRAGE", "CONDITION > VOTE",
         needs=2, strength=0.6, unless=("INTIMID",)),
    # Duty to vote
    rule("compulsory", "yes", "eligibility",
         "COMPULSORY", negated="no", needs=1, flips=("NEG",), unless=("SELFIE", "HEALTH", "REGISTER", "ID", "PASS"),
         strength=0.9),
    rule("compulsory", "yes", "eligibility", "NONVOTE && FINE", "NONVOTE & MONEY", "NONVOTE & COMPULSORY", keep=True, needs=0, strength=0.95,
         unless=("SELFIE", "HEALTH")),
    rule("compulsory", "no", "eligibility", "VOLUNTARY", "NEG >4 COMPULSORY", "COMPULSORY >5 NEG", "NEG >3 FINE !NONVOTE", "FINE >4 NEG !NONVOTE", "NEG >3 =plicht",
         "COMPULSORY >6 =afgeschaft|=abolished|ABOLISHED", keep=True, needs=2, unless=("SELFIE", "ID", "REGISTER")),
    # Proxy
    rule("proxy_max", "unlimited", "proxy", "UNLIMITED & PROXY|PROXYACT", "UNLIMITED && PROXY", negated="limited", needs=1, flips=("=niet", "=not", "n't")),
    rule("voting_methods", "proxy", "proxy",
         "PROXY &6 ALLOW", "PROXYACT & ALLOW & FAMILY", "PROXY &6 BRING", "PROXY &4 IMPER", "PROXY &4 VOTE",
         negated="not_proxy", flips=("NEG", "ABOLISHED"), needs=1, strength=0.7),
    rule("voting_methods", "not_proxy", "proxy", "PROXY & ABOLISHED", keep=True, needs=1),
    rule("proxy_id_copy", "needed", "proxy",
         "PROXY & ID & COPY", "PROXY && COPY", "FAMILY & COPY & PROXY", "PROXY & ID & NEED", "PROXY & ID & BRING",
         "FAMILY & ID & COPY", "PASSW|PASS & FAMILY & SIGN & ID|COPY", "PROXYACT & ID|COPY",
         negated="not_needed", flips=("NEG", "WITHOUT"), needs=1),
    rule("proxy_max", "together", "proxy", "PROXY & TOGETHER", negated="separately", needs=1),
    rule("proxy_max", "separately", "proxy", "PROXY > LATER", "PROXY & =apart", "PROXY & =afzonderlijk|=separately|=separate",
         negated="together", needs=1, strength=0.8),
    rule("voting_methods", "proxy_only_some", "proxy", "PROXY & ONLYSOME", "PROXY & ONLY & =zieken|=sick|=ouderen|=elderly", keep=True, needs=2),
    rule("proxy_max", "unlimited", "proxy", "UNLIMITED & VOTE", "UNLIMITED & PASS|PASSW", keep=True, needs=2, strength=0.8, unless=("SPLIT", "FRAUD")),
    # Cost
    rule("cost", "paid", "cost", "PAY & VOTE|PASS|POLL|BALLOT|PROXY", "MONEY & VOTE|PASS|POLL|BALLOT|PROXY", "COST & NEED & VOTE|PASS|POLL",
         "PAY && PASS|POLL", negated="free", strength=0.9,
        flips=("FREE",), needs=2, unless=("FINE", "COMPULSORY", "NONVOTE", "FREE")),
    rule("cost", "paid", "cost", "NOTFREE & VOTE|PASS|ELECT|POLL", "NOTFREE", keep=True, needs=2, strength=0.95),
    rule("cost", "free", "cost", "FREE & VOTE|PASS|ELECT", "PAY >2 NEG", "NEG >1 PAY", keep=True, needs=2, unless=("MONEY",)),
    # Health
    rule("health_requirement", "required", "health",
         "HEALTH & NEED !NEG", "HEALTH & ONLY", "WITHOUT >4 HEALTH > NEG|REFUSE", "HEALTH & NEG & ALLOW & VOTE", "HEALTH & REFUSE", "HEALTH && REFUSE & POLL|VOTE|BALLOT", "HEALTH && NEG & POLL|VOTE !NEED", "HEALTH && ALLOW & ONLY",
         "NEG >3 HEALTH > NEG|REFUSE !NEED", "HEALTH > NEG > VOTE", "HEALTH & BRING", "HEALTH & POLL", "ONLY >4 HEALTH", keep=True, needs=1, strength=0.9),
    rule("health_requirement", "none", "health",
         "NEG >3 HEALTH >4 NEED", "HEALTH >5 NEG >3 NEED", "WITHOUT >3 HEALTH > ALLOW|VOTE|ACCEPT", "NEG >3 NEED >4 HEALTH",  "NEG > NEED > HEALTH", "HEALTH & STILL & ALLOW", "HEALTH & ACCEPT & VOTE !NEG|REFUSE", keep=True, needs=2),
)  # fmt: skip
