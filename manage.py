#!/usr/bin/env python
"""Django's command line for Waarborg."""

import sys

from integrity import env


def main() -> None:
    """Run one management command, as the owner role where the command changes tables."""
    env.use_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
