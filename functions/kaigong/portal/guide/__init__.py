"""What everybody may know: the home page and the guide."""
