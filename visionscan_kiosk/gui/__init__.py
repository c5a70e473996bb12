"""The till's screens (Qt Widgets): the only room that knows Qt."""
