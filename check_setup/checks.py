"""All checks, in the order in which a newcomer would mend things; none stops another."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from check_setup.account import Account, find_account
from check_setup.advisor import check_advisor
from check_setup.finding import Finding, to_do, unknown
from check_setup.images import check_images
from check_setup.leftovers import check_leftovers
from check_setup.machine import check_disk, check_folders
from check_setup.permissions.checking import check_permissions
from check_setup.scheduling.requirements import check_requirements
from check_setup.scheduling.schedule import check_last_poll, check_schedule
from check_setup.score_quota import check_score_quota
from check_setup.stored_tables import check_stored_tables
from check_setup.telling.mail_login import check_mail_login
from check_setup.telling.notify_addresses import check_notify_addresses
from check_setup.tracked_secrets import check_readable_settings, check_tracked_password
from check_setup.vcpu_quota import check_vcpu_quotas
from common.clock import steady_seconds
from common.side_by_side import in_time

_SECONDS = 150.0  # for each check: each call has a time of its own, which is far less
_ALL_SECONDS = 540.0

_OF_THE_MACHINE = {
    "requirements": check_requirements,
    "folders": check_folders,
    "disk": check_disk,
    "tables": check_stored_tables,
}
_OF_THE_ACCOUNT: dict[str, Callable[[Account], Iterable[Finding]]] = {
    "permissions": check_permissions,
    "AMIs": check_images,
    "vCPU quotas": check_vcpu_quotas,
    "leftovers": check_leftovers,
}
_OF_THE_REST = {
    "placement-score configurations": check_score_quota,
    "interruption frequency": check_advisor,
    "mail": check_mail_login,
    "notices": check_notify_addresses,
    "password in git": check_tracked_password,
    "secrets in spot.toml": check_readable_settings,
    "crontab": check_schedule,
    "polls": check_last_poll,
}


def all_findings(seconds: float = _SECONDS, all_seconds: float = _ALL_SECONDS) -> Iterator[Finding]:
    """Run every check, each within its seconds and all within theirs, and give what each finds when it is over."""
    over = steady_seconds() + all_seconds

    def surviving(what: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
        return _surviving(what, check, min(seconds, over - steady_seconds()))

    for what, check in _OF_THE_MACHINE.items():
        yield from surviving(what, check)
    accounts: list[Account] = []
    yield from surviving("credentials", lambda: find_account(accounts.append))
    for what, ask in _OF_THE_ACCOUNT.items():
        if accounts:
            yield from surviving(what, partial(ask, accounts[0]))
        else:
            yield unknown(what, "not checked, for AWS could not be asked")
    for what, check in _OF_THE_REST.items():
        yield from surviving(what, check)


def _surviving(what: str, check: Callable[[], Iterable[Finding]], seconds: float) -> Iterator[Finding]:
    try:
        yield from in_time(seconds, lambda: list(check()))
    except TimeoutError:
        yield to_do(what, f"not over within {max(0.0, seconds):.0f} s: try again, and check the network")
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, the other checks matter too
        yield to_do(what, f"could not be checked: {type(error).__name__}: {error}")
