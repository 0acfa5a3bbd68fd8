"""What makes a function a command: its permission, its one effect per key, and its place in a transaction."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.capture import SECRET
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import INSERT, UPDATE, Entry
from clinic_desktop.kernel.merging import stays_here
from clinic_desktop.kernel.reactions import reacts as reacts
from clinic_desktop.kernel.security import Permission
from clinic_desktop.kernel.tables import Base, id_parameter

P = ParamSpec("P")
R = TypeVar("R")


class CommandKey(Base):
    """The client-made key of a command that took effect, with its answer for whoever asks again."""

    __tablename__ = "command_keys"
    __merge__ = stays_here()

    key: Mapped[UUID] = mapped_column(primary_key=True)
    command: Mapped[str]
    result: Mapped[str | None] = mapped_column(info={"secret": True})
    """JSON; kept out of the log, which holds what the command did already."""


# Beside the session: a savepoint, two flushes and a look-up fewer in every command. ``_once`` tells the journal itself.
_KEY = id_parameter("key")
_CLAIM = text('INSERT INTO command_keys ("key", command) VALUES (:key, :command) ON CONFLICT DO NOTHING').bindparams(_KEY)
_ANSWER = text('UPDATE command_keys SET result = :result WHERE "key" = :key').bindparams(_KEY)


class KeyReused(ClinicError):
    """The key of one command came with another: params ``command`` and ``first``."""

    code = "key_reused"


class Command(Generic[P, R]):
    """A user action: checks the actor's permission, then runs once per key inside the open transaction."""

    def __init__(
        self, function: Callable[Concatenate[Tx, P], R], permission: Permission, idempotent: bool, needs_password: bool = False
    ) -> None:
        self.function = function
        self.permission = permission
        self.idempotent = idempotent
        self.needs_password = needs_password or permission.needs_password
        self.name = f"{function.__module__.removeprefix('clinic_desktop.clinic.').split('.')[0]}.{function.__name__}"
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    def __call__(self, tx: Tx, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run inside ``tx``, which journals under the outermost command's name."""
        tx.actor.require(self.permission, self.name)
        if self.needs_password:
            tx.actor.require_password(tx.now, self.name)
        tx.command = tx.command or self.name
        if not self.idempotent:
            return self.function(tx, *args, **kwargs)
        return self._once(tx, cast(UUID, kwargs["key"]), lambda: self.function(tx, *args, **kwargs))

    def _once(self, tx: Tx, key: UUID, act: Callable[[], R]) -> R:
        """Claim the key before acting: whoever comes with the same one waits here until this transaction ends."""
        connection = tx.session.connection()
        if connection.execute(_CLAIM, {"key": key, "command": self.name}).rowcount == 0:
            return self._stored(tx.session.get_one(CommandKey, key))
        tx.capture.add(Entry(CommandKey.__tablename__, key, INSERT, {"key": key, "command": self.name}))
        result = act()
        answer = msgspec.json.encode(result).decode()
        connection.execute(_ANSWER, {"key": key, "result": answer})
        tx.capture.add(Entry(CommandKey.__tablename__, key, UPDATE, {"result": [None, SECRET]}, {"result": answer}))
        return result

    def _stored(self, known: CommandKey) -> R:
        if known.command != self.name:
            raise KeyReused(command=self.name, first=known.command)
        return cast(R, msgspec.json.decode(known.result or "null", type=self._result_type()))

    def _result_type(self) -> Any:
        return typing.get_type_hints(self.function)["return"]


def command(
    permission: Permission, *, idempotent: bool = False, needs_password: bool = False
) -> Callable[[Callable[Concatenate[Tx, P], R]], Command[P, R]]:
    """Make a function a command; an idempotent one takes ``key`` and returns what can be stored as JSON.

    One that ``needs_password`` is refused to whoever came in by a PIN and has not confirmed the password since.
    """

    def declare(function: Callable[Concatenate[Tx, P], R]) -> Command[P, R]:
        return Command(function, permission, idempotent, needs_password)

    return declare


def step(function: Callable[Concatenate[Tx, P], R]) -> Callable[Concatenate[Tx, P], R]:
    """Make a function a part of commands: it runs under the caller's permission and never by itself."""

    def run(tx: Tx, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if tx.command is None:
            raise RuntimeError(f"{function.__name__} is a step: it runs inside a command")
        return function(tx, *args, **kwargs)

    run.__name__, run.__doc__, run.__module__ = function.__name__, function.__doc__, function.__module__
    run.__wrapped__ = function  # type: ignore[attr-defined]
    run.is_step = True  # type: ignore[attr-defined]
    return run
