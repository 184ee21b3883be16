"""README and docs/: links, examples, numbers, and what they say of commands, settings and files."""
