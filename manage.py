#!/usr/bin/env python
import os
import sys

from config.machine_faults import ends_in_words


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    if "--traceback" in sys.argv:
        main()
    else:
        with ends_in_words():
            main()
