"""The partner who is asked speaks the language, knows the topic and place, and has hands free."""

from factcheck.routing import ClaimSeen, PartnerSeen, fitting

NL = frozenset({"nl"})


def chosen(claim: ClaimSeen, *partners: PartnerSeen) -> list[int]:
    return [p.id for p in fitting(claim, partners)]


def test_language_topic_and_place_are_needed():
    claim = ClaimSeen("nl", "fraud", frozenset({"GM0344", "NL"}))

    assert chosen(
        claim,
        PartnerSeen(1, frozenset({"en"})),
        PartnerSeen(2, NL, topics=frozenset({"procedure"})),
        PartnerSeen(3, NL, places=frozenset({"GM0268"})),
        PartnerSeen(4, NL, topics=frozenset({"fraud"}), places=frozenset({"NL"})),
        PartnerSeen(5, NL),
    ) == [4, 5]


def test_full_hands_are_left_alone_and_the_freest_go_first():
    claim = ClaimSeen("nl", "fraud")

    assert chosen(
        claim,
        PartnerSeen(1, NL, capacity=4, load=3),
        PartnerSeen(2, NL, capacity=2, load=2),
        PartnerSeen(3, NL, capacity=20, load=5),
        PartnerSeen(4, NL, capacity=0),
    ) == [3, 1]
