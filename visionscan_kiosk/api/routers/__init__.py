"""The routes, one module a part of the specification: what comes in goes to one use case."""
