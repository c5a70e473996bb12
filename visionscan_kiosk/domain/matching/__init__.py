"""How a said, typed or detected text becomes a product: pure, no database, no clock."""
