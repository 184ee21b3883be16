"""What an account launches: spot requests and instances, and their whole course, as a function of time.

Here belongs how requests and instances come to be, change and end; how calls ask for it and how answers show it
belongs into `ec2`. Read `instance` and `request` (the two life cycles), `scenario` (the settings of delays, capacity
and failures), `draw` (seeded random numbers), `launch_order` (what a caller orders), `user_data` and `launch` (how an
instance's life, or its failure, is drawn), `pools` (who holds capacity), `registry` (all there is in a Region, and what
happens next), `fulfilment` (what becomes of requests), `region` (a Region as calls find it) and `account` (all
Regions).
"""
