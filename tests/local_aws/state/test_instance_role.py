"""Role credentials: how long they live, and when new ones are given out."""

from datetime import UTC, datetime, timedelta

from local_aws.state.call import Call
from local_aws.state.instance_role import InstanceRole, RoleCredentials

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Machine:
    """A role, and a clock that the test sets."""

    def __init__(self, **settings: object) -> None:
        self.seconds = 0.0
        self.role = InstanceRole(lambda: NOON + timedelta(seconds=self.seconds))
        self.role.change(settings)

    def validity(self, credentials: RoleCredentials) -> str:
        return self.role.validity(Call("ec2", "Any", "us-east-1", credentials.access_key, {}, credentials.token))


def test_credentials_live_as_long_as_they_say() -> None:
    machine = Machine(lifetime_seconds=3600)
    credentials = machine.role.credentials()
    assert credentials.expires_at == NOON + timedelta(hours=1)
    machine.seconds = 3599
    assert machine.validity(credentials) == "valid"
    machine.seconds = 3600
    assert machine.validity(credentials) == "expired"


def test_new_ones_are_given_out_a_little_before_the_old_ones_end_and_both_are_valid_then() -> None:
    machine = Machine(lifetime_seconds=3600)
    first = machine.role.credentials()
    machine.seconds = 3299
    assert machine.role.credentials() == first
    machine.seconds = 3300
    second = machine.role.credentials()
    assert second != first
    assert machine.validity(first) == machine.validity(second) == "valid"


def test_expiring_ends_all_that_were_given_out_whatever_they_say() -> None:
    machine = Machine()
    old = machine.role.credentials()
    machine.role.expire()
    new = machine.role.credentials()
    assert (machine.validity(old), machine.validity(new)) == ("expired", "valid")


def test_a_changed_lifetime_is_that_of_the_next_credentials() -> None:
    machine = Machine()
    old = machine.role.credentials()
    machine.role.change({"lifetime_seconds": 60})
    assert machine.role.credentials().expires_at == NOON + timedelta(seconds=60)
    assert machine.validity(old) == "valid"


def test_a_token_of_the_metadata_service_ends() -> None:
    machine = Machine()
    token = machine.role.new_token(60)
    assert machine.role.knows_token(token)
    machine.seconds = 60
    assert not machine.role.knows_token(token)


def test_keys_of_no_role_are_none_of_its_business() -> None:
    assert Machine().role.validity(Call("ec2", "Any", "us-east-1", "AKIAIOSFODNN7EXAMPLE", {})) == "valid"
