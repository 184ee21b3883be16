"""CreateTags, DeleteTags and DescribeTags for spot requests and instances."""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses.tags import TagResponse

from local_aws.ec2.handler import Ec2Handler, matches
from local_aws.spot.account import spot_account
from local_aws.spot.instance import Instance
from local_aws.spot.request import SpotRequest

_FILTERS = ("key", "value", "resource-id", "resource-type")


class Tags(Ec2Handler, TagResponse):
    """Tags of spot requests and instances; those of all other resources are kept by moto."""

    def create_tags(self) -> ActionResult:
        """Tag resources; a call that names a spot request or an instance tags these only."""
        resources = self._resources()
        if not resources:
            return super().create_tags()
        self.error_on_dryrun()
        for resource in resources:
            resource.tags |= {tag["Key"]: tag.get("Value", "") for tag in self.parameter("Tags", [])}
        return EmptyResult()

    def delete_tags(self) -> ActionResult:
        """Delete tags; one without a value whatever its value is, and without any tag named all of them."""
        resources = self._resources()
        if not resources:
            return super().delete_tags()
        self.error_on_dryrun()
        tags = {tag["Key"]: tag.get("Value") for tag in self.parameter("Tags", [])}
        for resource in resources:
            resource.tags = {
                key: value
                for key, value in resource.tags.items()
                if tags and (key not in tags or tags[key] not in (None, value))
            }
        return EmptyResult()

    def describe_tags(self) -> ActionResult:
        """Return the tags of spot requests and instances, in pages."""
        self.error_on_dryrun()
        filters = self.filters(_FILTERS)
        rows = [
            row
            for row in self._rows_here()
            if matches(
                filters,
                {
                    "key": row["Key"],
                    "value": row["Value"],
                    "resource-id": row["ResourceId"],
                    "resource-type": row["ResourceType"],
                },
            )
        ]
        return ActionResult(self.page("Tags", rows))

    def _resources(self) -> list[SpotRequest | Instance]:
        now, here = self.world.clock.now(), spot_account(self.world).region(self.region)
        ids: list[str] = self.parameter("Resources", [])
        request_ids = [name for name in ids if name.startswith("sir-")]
        instance_ids = [name for name in ids if name.startswith("i-")]
        resources: list[SpotRequest | Instance] = []
        if request_ids:
            resources += here.requests(request_ids, now)[0]
        if instance_ids:
            resources += here.instances(instance_ids, now)[0]
        return resources

    def _rows_here(self) -> Iterator[dict[str, Any]]:
        now, here = self.world.clock.now(), spot_account(self.world).region(self.region)
        for request in here.requests([], now)[0]:
            yield from _tag_rows(request.request_id, "spot-instances-request", request.tags)
        for instance in here.instances([], now)[0]:
            yield from _tag_rows(instance.instance_id, "instance", instance.tags)


def _tag_rows(resource_id: str, resource_type: str, tags: dict[str, str]) -> Iterator[dict[str, Any]]:
    for key, value in tags.items():
        yield {"ResourceId": resource_id, "ResourceType": resource_type, "Key": key, "Value": value}
