"""The till as a state machine: what a person did goes in, views and background work go out. No Qt here."""
