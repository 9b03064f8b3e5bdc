"""What all commands share: arguments, options, streams, languages and files."""
