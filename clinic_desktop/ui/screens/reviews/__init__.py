"""What patients said of their visits."""

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.ui.spec import ScreenSpec

SCREEN = ScreenSpec(
    code="reviews",
    title=N_("Reviews"),
    icon="smile",
    permissions=("reviews.read", "reviews.read_own"),
    order=85,
    factory="clinic_desktop.ui.screens.reviews.screen:ReviewsScreen",
)
