"""Whole screens: passive, one file each. They show views and emit signals; they know no service."""
