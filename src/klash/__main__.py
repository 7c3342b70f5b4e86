"""Run a management command with the project's settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klash.config.settings")
    execute_from_command_line([sys.argv[0].removesuffix("__main__.py"), *sys.argv[1:]])
