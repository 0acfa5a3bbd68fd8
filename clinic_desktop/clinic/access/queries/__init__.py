"""What screens and the login ask about users, roles, permissions and sessions."""

from clinic_desktop.clinic.access.queries.codes import SentCodeRow as SentCodeRow
from clinic_desktop.clinic.access.queries.codes import proved_at as proved_at
from clinic_desktop.clinic.access.queries.codes import sent_code as sent_code
from clinic_desktop.clinic.access.queries.own import DraftRow as DraftRow
from clinic_desktop.clinic.access.queries.own import OwnAccountRow as OwnAccountRow
from clinic_desktop.clinic.access.queries.own import own_account as own_account
from clinic_desktop.clinic.access.queries.own import own_drafts as own_drafts
from clinic_desktop.clinic.access.queries.people import GrantRow as GrantRow
from clinic_desktop.clinic.access.queries.people import PermissionRow as PermissionRow
from clinic_desktop.clinic.access.queries.people import RoleRow as RoleRow
from clinic_desktop.clinic.access.queries.people import UserRow as UserRow
from clinic_desktop.clinic.access.queries.people import effective_permissions as effective_permissions
from clinic_desktop.clinic.access.queries.people import grants as grants
from clinic_desktop.clinic.access.queries.people import permissions as permissions
from clinic_desktop.clinic.access.queries.people import roles as roles
from clinic_desktop.clinic.access.queries.people import users as users
from clinic_desktop.clinic.access.queries.sessions import PinPersonRow as PinPersonRow
from clinic_desktop.clinic.access.queries.sessions import SessionRow as SessionRow
from clinic_desktop.clinic.access.queries.sessions import actor_in as actor_in
from clinic_desktop.clinic.access.queries.sessions import actor_of as actor_of
from clinic_desktop.clinic.access.queries.sessions import open_resets as open_resets
from clinic_desktop.clinic.access.queries.sessions import open_sessions as open_sessions
from clinic_desktop.clinic.access.queries.sessions import pin_people as pin_people
from clinic_desktop.clinic.access.queries.sessions import still_valid as still_valid
from clinic_desktop.clinic.access.queries.sessions import username_of as username_of
