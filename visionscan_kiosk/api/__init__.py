"""The HTTP facade: the services' use cases for other software."""
