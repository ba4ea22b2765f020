"""For authors of the course: building exercises from solved notebooks, and running and storing lessons."""
