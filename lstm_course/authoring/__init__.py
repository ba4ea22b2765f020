"""For those who work on the course: exercises from solved notebooks, and running and storing lessons."""
