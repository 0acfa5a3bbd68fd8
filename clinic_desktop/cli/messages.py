"""``clinic messages``: the outbound queue."""

from __future__ import annotations

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.queries import message_counts


@click.group()
def messages() -> None:
    """Messages on their way out of the clinic."""


@messages.command("send")
@database_options
def send(url: str, as_json: bool) -> int:
    """Send what is due; exit code 1 when something could not be sent."""
    with opened(url) as database:
        done = deliver_due(database)
        with database.read() as session:
            counts = {status.value: count for status, count in message_counts(session).items()}
    found = {"sent": done.sent, "failed": done.failed, "last_error": done.last_error, "queue": counts}
    human = f"{done.sent} sent, {done.failed} failed." + (f" {done.last_error}" if done.last_error else "")
    answer(found, as_json=as_json, human=human)
    return 1 if done.failed else 0
