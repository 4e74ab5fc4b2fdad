"""Finding the claims that a text repeats: vectors, ranking, and the guard against opposites."""
