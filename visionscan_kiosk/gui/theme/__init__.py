"""The look of the till: colours, type, icons, measures and the style sheet. No widget lives here."""
