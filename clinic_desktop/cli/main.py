"""The ``clinic`` command: wrong input gets one clear line and exit code 2, never a traceback."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from uuid import uuid4

import click

from clinic_desktop import __version__
from clinic_desktop.cli.output import say
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.importing import uncollected
from clinic_desktop.wording import sentence

WRONG_INPUT, UNEXPECTED = 2, 70
log = logging.getLogger(__name__)


_COMMANDS = (
    "init",
    "demo",
    "day",
    "check",
    "doctor",
    "tour",
    "import",
    "export",
    "audit",
    "keys",
    "messages",
    "retention",
    "backup",
    "restore",
    "move",
    "central",
    "lan",
    "join",
    "sync",
)
_RESERVED = {"import": "importing", "export": "exporting"}
"""Commands whose module and function cannot go by their name, or not well."""


class _Commands(click.Group):
    """Imports a command when it is asked for: all of them together took longer than most of what they do."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        place = _RESERVED.get(cmd_name, cmd_name)
        with uncollected():
            command: click.Command = getattr(import_module(f"clinic_desktop.cli.{place}"), place)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def clinic() -> None:
    """Set up, fill, simulate, check and show a clinic database."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point: every refusal is one line on standard error."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        outcome = clinic.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        say("clinic: stopped")
        return 130
    except click.ClickException as error:
        say(f"clinic: {error.format_message()}")
        return WRONG_INPUT
    except ClinicError as error:
        say(f"clinic: {sentence(error)}")
        return WRONG_INPUT
    except Exception:
        report = uuid4().hex[:8]
        log.exception("unexpected error, report %s", report)
        return UNEXPECTED
    return outcome if isinstance(outcome, int) else 0
