"""Columns of sites and of what they did at once."""

from clinic_desktop.kernel.i18n import N_

COLUMNS = {
    "again": N_("for a site that lost its key"),
    "authority": N_("authority"),
    "authority_key": N_("authority's key"),
    "certificate": N_("certificate"),
    "certificate_key": N_("certificate's key"),
    "clinics": N_("clinics"),
    "decision": N_("decision"),
    "detached_at": N_("works on its copy since"),
    "detected_at": N_("noticed at"),
    "enrolled_at": N_("joined at"),
    "hosts": N_("names of the server"),
    "is_replica": N_("a computer's copy"),
    "kept_at": N_("kept value written at"),
    "kept_by": N_("kept value written by"),
    "kept_site_id": N_("site of the kept value"),
    "kept_value": N_("kept value"),
    "other_at": N_("other value written at"),
    "other_by": N_("other value written by"),
    "other_site_id": N_("site of the other value"),
    "other_value": N_("other value"),
    "owner_site_id": N_("site of the record"),
    "program": N_("version of the program"),
    "revision": N_("version of the data"),
    "site_name": N_("site's name"),
}
