"""Use cases: one public method is one sentence and one transaction."""
