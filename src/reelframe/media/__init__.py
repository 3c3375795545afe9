"""Files that users hand over: what is accepted, what they are, and how they are opened safely."""
