"""Who may use the views that others wrote: by name, since we cannot decorate them.

Every name of a borrowed package stands here; ``tests/test_routes.py`` fails on a missing one and
on one too many.
"""

from gongkai.foundation.organisations.doors import ADMINISTRATOR, ANYONE, SIGNED_IN, Door

NOBODY = Door("nobody", lambda request: False)

BORROWED: dict[str, Door] = {
    # The interface's own app stands below organisations, where doors are.
    "language": ANYONE,
    # Signing in, and finding the way back in.
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "mfa_authenticate": ANYONE,
    # One's own account.
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    # Accounts are made by an administrator, and addresses kept there: these pages stay shut. They
    # exist because the borrowed pages ask for their addresses.
    "account_signup": NOBODY,
    "account_email": NOBODY,
    "account_email_verification_sent": NOBODY,
    "account_confirm_email": NOBODY,
    "account_confirm_login_code": NOBODY,
    # Django's admin, which only reads what the procedure wrote. Its own login page is never
    # reached by a stranger: it knows neither the second factor nor the limit on attempts.
    "admin:*": ADMINISTRATOR,
}


def door_of(view: object, name: str) -> Door | None:
    """The door that ``view`` declares, or that the table declares for a borrowed view."""
    declared: Door | None = getattr(view, "door", None)
    return declared or BORROWED.get(name) or BORROWED.get(f"{name.partition(':')[0]}:*")
