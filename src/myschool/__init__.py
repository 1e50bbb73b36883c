"""«Моя школа»: two houses, the world outside, and one command."""
