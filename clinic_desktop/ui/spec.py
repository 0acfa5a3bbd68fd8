"""What a screen folder declares about itself; the shell collects the declarations and imports the rest when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.late import load

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from clinic_desktop.clinic.patients.queries import PatientRow
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.ui.desk import Desk
    from clinic_desktop.ui.part import Part
    from clinic_desktop.ui.screen import Screen


def _allowed(permissions: tuple[str, ...], actor: Actor | None) -> bool:
    # Codes, not Permission objects: those live beside commands, whose import loads the database.
    if actor is None:
        return False
    return not permissions or actor.is_system or any(code in actor.permissions for code in permissions)


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A department in the rail. ``permissions``: codes of which one is enough; ``factory``: ``"package.module:ScreenClass"``."""

    code: str
    title: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    factory: str
    in_rail: bool = True
    home_of: tuple[str, ...] = ()
    """Role codes that open here after login."""
    area: str | None = None
    """The entry of the rail that this screen stands under, with others: ``AREAS``."""
    group: str = ""
    """The heading under which the area lists it."""
    badge: str = ""
    """Of a screen that is to be seen even before it is opened: ``"package.module:function"`` as
    ``function(db, *, clinic_id, workstation_id) -> int``."""

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor may use the screen."""
        return _allowed(self.permissions, actor)

    def build(self, desk: Desk, parent: QWidget) -> Screen:
        """Import the screen and make it where it will be: what is put there later is styled once more, with all that is in it."""
        return cast("Screen", load(self.factory)(desk, parent))


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the rail for many screens, which it lists beside them under the headings of ``groups``."""

    code: str
    title: str
    icon: str
    groups: tuple[str, ...]


ADMINISTRATION = Area(
    "administration", N_("Administration"), "settings", (N_("Clinic"), N_("Services and staff"), N_("People and access"), N_("Safety"))
)
AREAS = {one.code: one for one in (ADMINISTRATION,)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of the global search; ``open`` are the parameters of the screen's ``open``."""

    title: str
    detail: str
    key: Any
    open: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""
    """What must not be overlooked, shown as a warning."""
    warning: str = ""
    """What a person must have read before it opens."""


@dataclass(frozen=True, slots=True)
class SearchSpec:
    """One kind of thing that the header finds. ``find``: ``"package.module:function"`` as
    ``function(session, *, text, clinic_id, limit) -> list[Hit]``; ``prefixes`` of the codes that a scanner reads for it.
    ``finding.asked_on(session)`` is the clinic's day."""

    code: str
    title: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    find: str
    screen: str
    prefixes: tuple[str, ...] = ()

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor may search this kind."""
        return _allowed(self.permissions, actor)

    def query(self) -> Callable[..., list[Hit]]:
        """Import the function that finds."""
        return cast("Callable[..., list[Hit]]", load(self.find))


@dataclass(frozen=True, slots=True)
class VerbSpec:
    """Something that is typed into the global search to be done: ``words`` are those that begin it, with commas between them.

    ``takes``: nothing, the ``"text"`` behind the verb (``open(text=…)``), or the ``"patient"`` whom that finds
    (``open(patient_id=…)``). ``with_name`` is the line that offers it, with ``{name}``.
    """

    code: str
    title: str
    with_name: str
    words: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    screen: str
    takes: str = ""

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor may do it."""
        return _allowed(self.permissions, actor)


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A tab of a patient's file. ``factory``: ``"package.module:PartClass"``."""

    code: str
    title: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    factory: str

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor sees the tab."""
        return _allowed(self.permissions, actor)

    def build(self, screen: Screen, parent: QWidget) -> Part:
        """Import the part and make it where it will be."""
        return cast("Part", load(self.factory)(screen, parent))


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """Something that can be done with a patient's record, in the menu of the file. ``run``: ``"package.module:function"`` as
    ``function(screen, beside, patient)``; ``beside`` is the button that a menu of its own would hang below."""

    code: str
    title: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    run: str
    keys: str = ""

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor may do it."""
        return _allowed(self.permissions, actor)

    def start(self, screen: Screen, beside: QWidget, patient: PatientRow) -> None:
        """Import what does it, and do it."""
        load(self.run)(screen, beside, patient)


@dataclass(frozen=True, slots=True)
class TodoSpec:
    """Something that waits to be done at the reception. ``count``: ``"package.module:function"`` as
    ``function(session, *, clinic_id, day, now) -> int``; ``title`` is said beside the number; ``open`` is handed to the screen;
    ``told_by`` names the events, as ``"package.module:Event"``, after which it may be another number, besides those of visits."""

    code: str
    title: str
    icon: str
    permissions: tuple[str, ...]
    order: int
    count: str
    screen: str
    open: Mapping[str, Any] = field(default_factory=dict)
    told_by: tuple[str, ...] = ()

    def is_for(self, actor: Actor | None) -> bool:
        """Whether the actor is told of it."""
        return _allowed(self.permissions, actor)
