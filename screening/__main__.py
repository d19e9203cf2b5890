"""``python -m screening`` is the console script."""

from screening.cli.main import main

if __name__ == "__main__":
    main()
