"""Finding submissions that share unusual code."""
