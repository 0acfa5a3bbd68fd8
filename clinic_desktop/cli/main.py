"""The ``clinic`` command: wrong input gets one clear line and exit code 2, never a traceback."""

from __future__ import annotations

import logging
import sys
from uuid import uuid4

import click

from clinic_desktop import __version__
from clinic_desktop.cli.audit import audit
from clinic_desktop.cli.backup import backup
from clinic_desktop.cli.central import central
from clinic_desktop.cli.check import check
from clinic_desktop.cli.day import day
from clinic_desktop.cli.demo import demo
from clinic_desktop.cli.doctor import doctor
from clinic_desktop.cli.exporting import exporting
from clinic_desktop.cli.importing import importing
from clinic_desktop.cli.init import init
from clinic_desktop.cli.join import join
from clinic_desktop.cli.keys import keys
from clinic_desktop.cli.lan import lan
from clinic_desktop.cli.messages import messages
from clinic_desktop.cli.output import say
from clinic_desktop.cli.restore import restore
from clinic_desktop.cli.retention import retention
from clinic_desktop.cli.sync import sync
from clinic_desktop.cli.tour import tour
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.wording import sentence

WRONG_INPUT, UNEXPECTED = 2, 70
log = logging.getLogger(__name__)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def clinic() -> None:
    """Set up, fill, simulate, check and show a clinic database."""


_ALL = (
    init,
    demo,
    day,
    check,
    doctor,
    tour,
    importing,
    exporting,
    audit,
    keys,
    messages,
    retention,
    backup,
    restore,
    central,
    lan,
    join,
    sync,
)
for subcommand in _ALL:
    clinic.add_command(subcommand)


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
