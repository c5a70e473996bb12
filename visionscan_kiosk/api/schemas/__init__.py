"""What goes over the wire: one module a part of the specification. No rules of the shop."""
