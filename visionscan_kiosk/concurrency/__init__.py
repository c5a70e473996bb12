"""Small pure threading helpers: no Qt, no framework."""
