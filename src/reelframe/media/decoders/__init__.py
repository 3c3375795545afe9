"""What runs inside a media worker, and nowhere else: the parent imports none of these modules."""
