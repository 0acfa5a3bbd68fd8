"""Queueing messages, sending them, and setting up the mail server and the text message service."""

from __future__ import annotations

from clinic_desktop.clinic.messages.commands.follow_ups import plan_follow_up as plan_follow_up
from clinic_desktop.clinic.messages.commands.mending import tell_of_what_came as tell_of_what_came
from clinic_desktop.clinic.messages.commands.noticing import renew_notices as renew_notices
from clinic_desktop.clinic.messages.commands.queueing import enqueue as enqueue
from clinic_desktop.clinic.messages.commands.queueing import queue_code as queue_code
from clinic_desktop.clinic.messages.commands.queueing import queue_reset as queue_reset
from clinic_desktop.clinic.messages.commands.renewing import renew as renew
from clinic_desktop.clinic.messages.commands.sending import claim_due as claim_due
from clinic_desktop.clinic.messages.commands.sending import settle as settle
from clinic_desktop.clinic.messages.commands.sending import try_again as try_again
from clinic_desktop.clinic.messages.commands.setup import DELIVER as DELIVER
from clinic_desktop.clinic.messages.commands.setup import SET_UP as SET_UP
from clinic_desktop.clinic.messages.commands.setup import keep_channel_secret as keep_channel_secret
from clinic_desktop.clinic.messages.commands.setup import set_up_mail as set_up_mail
from clinic_desktop.clinic.messages.commands.telling import TELL as TELL
from clinic_desktop.clinic.messages.commands.telling import let_be as let_be
from clinic_desktop.clinic.messages.commands.telling import mark_told as mark_told
from clinic_desktop.clinic.messages.commands.telling import send_again as send_again
from clinic_desktop.clinic.messages.commands.telling import take_back_told as take_back_told
from clinic_desktop.clinic.messages.commands.texting import set_up_texts as set_up_texts
from clinic_desktop.clinic.messages.commands.turns import plan_turns as plan_turns
from clinic_desktop.clinic.messages.commands.wording import WORD as WORD
from clinic_desktop.clinic.messages.commands.wording import save_template as save_template
