"""Run the command as a module: python -m exchange."""

from exchange.command.app import main

if __name__ == "__main__":
    main()
