"""What a poll asks, and how an answer is told from what is none: placement scores, offers, the Spot Instance Advisor.

`placement_scores` and `offers` ask EC2. `advisor_fetch` gets the advisor's file, `advisor_answer` reads it, and
`interruption_frequency` keeps it whenever it changes.
"""
