"""What lies on the counter: which physical piece it is, and what that piece is to the basket."""
