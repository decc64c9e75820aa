"""Run the command line as ``python -m orderspec``."""

from orderspec.cli import main

if __name__ == "__main__":
    main(prog_name="orderspec")
