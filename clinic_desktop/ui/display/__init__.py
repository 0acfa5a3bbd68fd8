"""The public queue display on the second screen."""
