"""What a text claims about how to vote, as typed propositions with their place in the text."""
