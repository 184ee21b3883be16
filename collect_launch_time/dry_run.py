"""Show what a run would request and what that could cost; request nothing."""

import configs
from collect_launch_time.clean_up import CleanUp
from collect_launch_time.preparing import Wishes, choose, regions_in_use
from collect_launch_time.run_context import RunContext
from common.exit_code import DONE, IN_PART
from common.run_log import tell
from common.terminal import show


def dry_run(run: RunContext) -> int:
    """Print targets, AMIs, prices, and the most each probe could cost."""
    wishes = Wishes(configs.LAUNCH_TOP_K, configs.REGIONS, configs.INSTANCE_PATTERN, configs.LAUNCH_DAILY_BUDGET_USD)
    regions = regions_in_use(run, wishes.regions, configs.SPS_REGION)
    # Leftovers are not looked for: their possible cost is not in the figures.
    selection = choose(run, wishes, regions, CleanUp())
    show("instance          region           count  AMI                    USD/h at most  USD at most")
    for one in selection.chosen:
        pair = one.target.pair
        price = one.prices.highest(pair.instance) or 0.0
        show(
            f"{pair.instance:<17} {pair.region:<16} {run.rules.count:>5}  {one.target.ami:<21}"
            f"  {price:>13.4f}  {one.most_usd:>11.4f}"
        )
    total = sum(one.most_usd for one in selection.chosen)
    show(f"at most {total:.4f} USD in this run, {wishes.daily_budget_usd:g} USD a day; nothing was requested")
    for line in run.problems.lines():
        tell(f"collect_launch_time: {line}")
    return IN_PART if run.problems else DONE
