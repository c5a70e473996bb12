"""Plays scripts of goods, hands and people through the whole till, in virtual time and without a screen."""
