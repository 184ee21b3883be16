"""All checks, in the order in which a newcomer would mend things; none stops another."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from check_setup.account import Account, find_account
from check_setup.advisor import check_advisor
from check_setup.cron import check_crontab, check_last_poll
from check_setup.finding import Finding, to_do, unknown
from check_setup.leftovers import check_leftovers
from check_setup.machine import check_disk, check_folders
from check_setup.mail_login import check_mail_login
from check_setup.permissions.checking import check_permissions
from check_setup.score_quota import check_score_quota
from check_setup.stored_tables import check_stored_tables
from check_setup.vcpu_quota import check_vcpu_quotas

_OF_THE_MACHINE = {"folders": check_folders, "disk": check_disk, "tables": check_stored_tables}
_OF_THE_ACCOUNT: dict[str, Callable[[Account], Iterable[Finding]]] = {
    "permissions": check_permissions,
    "vCPU quotas": check_vcpu_quotas,
    "leftovers": check_leftovers,
}
_OF_THE_REST = {
    "placement-score configurations": check_score_quota,
    "interruption frequency": check_advisor,
    "mail": check_mail_login,
    "crontab": check_crontab,
    "polls": check_last_poll,
}


def all_findings() -> Iterator[Finding]:
    """Run every check, and give what each finds as it finds it."""
    for what, check in _OF_THE_MACHINE.items():
        yield from _surviving(what, check)
    accounts: list[Account] = []
    yield from _surviving("credentials", lambda: find_account(accounts.append))
    for what, ask in _OF_THE_ACCOUNT.items():
        if accounts:
            yield from _surviving(what, partial(ask, accounts[0]))
        else:
            yield unknown(what, "not checked, for AWS could not be asked")
    for what, check in _OF_THE_REST.items():
        yield from _surviving(what, check)


def _surviving(what: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, the other checks matter too
        yield to_do(what, f"could not be checked: {type(error).__name__}: {error}")
