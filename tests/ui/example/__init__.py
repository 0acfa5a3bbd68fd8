"""A screen folder like those of the departments, for the tests of the frame around them."""

from clinic_desktop.ui.spec import ScreenSpec, SearchSpec

_HERE = "tests.ui.example.screen:"
SCREENS = (
    ScreenSpec("queue", "Queue", "list-ordered", (), 10, _HERE + "ExampleScreen", home_of=("receptionist",)),
    ScreenSpec("plain", "Patients", "users", (), 20, _HERE + "PlainScreen"),
    ScreenSpec("calendar", "Appointments", "calendar-days", (), 30, _HERE + "PlainScreen"),
    ScreenSpec("pharmacy", "Pharmacy", "pill", (), 40, _HERE + "PlainScreen"),
    ScreenSpec("cashier", "Cashier", "wallet", (), 50, _HERE + "PlainScreen"),
    ScreenSpec("settings", "Settings", "settings", ("organisation.settings",), 90, _HERE + "PlainScreen"),
)
SEARCHES = (SearchSpec("department", "Departments", "building-2", (), 10, _HERE + "find", "plain", prefixes=("PAT-",)),)
