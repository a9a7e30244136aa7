"""``python -m cchc``: the commands."""

from cchc.cli import main

if __name__ == "__main__":
    main()
