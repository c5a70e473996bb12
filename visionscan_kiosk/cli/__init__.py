"""The command line: arguments in, use cases called, text or JSON out. Each command is a module of its own."""
