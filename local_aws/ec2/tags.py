"""Tags put on, and taken off, spot requests and instances after they were made."""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses.tags import TagResponse

from local_aws.ec2.handler import Ec2Answer, matches
from local_aws.spot.account import spot_account
from local_aws.spot.instance import Instance
from local_aws.spot.request import SpotRequest

_FILTERS = ("key", "value", "resource-id", "resource-type")


class SpotTags(Ec2Answer, TagResponse):
    """CreateTags, DeleteTags and DescribeTags, for what is ours; the rest is moto's."""

    def create_tags(self) -> ActionResult:
        """Tag resources; all of a call's are ours, or none."""
        ours = self._ours()
        if not ours:
            return super().create_tags()
        self.error_on_dryrun()
        for resource in ours:
            resource.tags |= {tag["Key"]: tag.get("Value", "") for tag in self.wanted("Tags", [])}
        return EmptyResult()

    def delete_tags(self) -> ActionResult:
        """Take tags off; without a value whatever the value is, without tags all of them."""
        ours = self._ours()
        if not ours:
            return super().delete_tags()
        self.error_on_dryrun()
        tags = {tag["Key"]: tag.get("Value") for tag in self.wanted("Tags", [])}
        for resource in ours:
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
            for row in self._tag_rows_here()
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

    def _ours(self) -> list[SpotRequest | Instance]:
        now, here = self.world.clock.now(), spot_account(self.world).region(self.region)
        ids: list[str] = self.wanted("Resources", [])
        request_ids = [one for one in ids if one.startswith("sir-")]
        instance_ids = [one for one in ids if one.startswith("i-")]
        ours: list[SpotRequest | Instance] = []
        if request_ids:
            ours += here.requests(request_ids, now)[0]
        if instance_ids:
            ours += here.instances(instance_ids, now)[0]
        return ours

    def _tag_rows_here(self) -> Iterator[dict[str, Any]]:
        now, here = self.world.clock.now(), spot_account(self.world).region(self.region)
        for request in here.requests([], now)[0]:
            yield from _tag_rows(request.request_id, "spot-instances-request", request.tags)
        for instance in here.instances([], now)[0]:
            yield from _tag_rows(instance.instance_id, "instance", instance.tags)


def _tag_rows(resource_id: str, resource_type: str, tags: dict[str, str]) -> Iterator[dict[str, Any]]:
    for key, value in tags.items():
        yield {"ResourceId": resource_id, "ResourceType": resource_type, "Key": key, "Value": value}
