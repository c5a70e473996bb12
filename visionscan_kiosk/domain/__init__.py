"""Pure values and rules of the shop: no framework, no driver, no clock, no file."""
