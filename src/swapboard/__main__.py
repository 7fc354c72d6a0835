"""`python -m swapboard` is the command `swapboard`."""

from swapboard.cli.app import main

if __name__ == "__main__":
    main()
