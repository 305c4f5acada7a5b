"""`python -m seoaudit` is the console script."""

from seoaudit.cli import main

if __name__ == "__main__":
    main()
