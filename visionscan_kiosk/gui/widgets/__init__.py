"""Parts that screens are put together from. They show views and emit signals; they know no service."""
