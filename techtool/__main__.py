"""``python -m techtool``."""

from techtool.cli import main

if __name__ == "__main__":
    main()
