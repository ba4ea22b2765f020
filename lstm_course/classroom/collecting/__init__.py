"""Finding the submissions: whose each notebook is and which exercise, in every layout that teachers have."""
