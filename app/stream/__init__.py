"""The way out to the consoles: the log, followed and handed on in order."""
