"""How the screens look: colours, translations."""
