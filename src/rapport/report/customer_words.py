"""The plain words for what the document says of customers: domains of health, segments, actions, models."""

from __future__ import annotations

from collections.abc import Mapping

DOMAINS: Mapping[str, tuple[str, str]] = {
    "engagement": ("Engagement", "Do they come, and use much of what there is?"),
    "communication": ("Communication", "Do they speak with you, and is what they bring up solved?"),
    "sentiment": ("Sentiment", "What do they say when they are asked?"),
    "outreach": ("Proactive outreach", "Do you look after them unasked, and not too much?"),
    "commitment": ("Commitment and shared goals", "Do they come back, pay, recommend, reach what they came for?"),
}

PROFILES: Mapping[str, str] = {
    "shop": "customers of the shop",
    "subscription": "subscribers",
    "account": "accounts with several contacts",
}
SHORT: Mapping[str, str] = {"shop": "shop", "subscription": "subscribers", "account": "accounts"}

KINDS: Mapping[str, tuple[str, str]] = {
    "shop": ("Customers of the shop", "to leave is to buy nothing for that long"),
    "contract": ("Customers with a contract", "to leave is to end it"),
}

BASELINES: Mapping[str, tuple[str, str]] = {
    "forecast": ("This forecast", ""),
    "recency": ("Recency alone", "who has been silent longest leaves first"),
    "rfm": ("RFM", "recency, frequency and money, in fifths"),
    "last_answer": ("The last answer", "who answered worst leaves first"),
    "chance": ("A coin", ""),
}

WATCHES: Mapping[str, str] = {
    "three_gaps": "Silent for three times their usual gap",
    "recency": "Silent for longest",
}

COLOURS: Mapping[str, tuple[str, str]] = {
    "red": ("Red", "on the list that the team can work, with at least {} times the odds of the average"),
    "yellow": ("Yellow", "at least {} times the odds of the average"),
    "green": ("Green", "everybody else"),
}

CLOSENESS = (
    "Champions",
    "Loyal",
    "Potential Loyalists",
    "New",
    "Promising",
    "Need Attention",
    "About To Sleep",
    "At Risk",
    "Can't Lose Them",
    "Hibernating",
)
"""The segments from the nearest relationship to the most distant one."""

GROUPS: Mapping[str, str] = {
    "Champions": "lately and often",
    "Loyal": "often, and not long ago",
    "Potential Loyalists": "lately, now and then",
    "New": "just now, seldom so far",
    "Promising": "lately, seldom so far",
    "Need Attention": "now and then, a while ago",
    "About To Sleep": "seldom, a while ago",
    "At Risk": "often once, long ago",
    "Can't Lose Them": "most often of all once, long ago",
    "Hibernating": "seldom, long ago",
    "top tenth": "the tenth of the paying customers that brought most in a year",
    "next three tenths": "those after them",
    "the rest": "who paid less",
    "nothing in a year": "who paid nothing",
}

TRAITS: Mapping[str, tuple[str, bool]] = {
    "channel": ("came through", True),
    "region": ("are from", True),
    "category": ("first bought", True),
    "plan": ("began with", True),
    "again": ("bought again within 90 days", False),
    "clicked": ("clicked or answered a message within 90 days", False),
    "wrote": ("opened a ticket within 90 days", False),
}
"""How a relationship began: the words, and whether they need the value after them."""

ACTIONS: Mapping[str, tuple[str, str]] = {
    "fix": ("Solve their problem", "unsolved, come back, or told with bitter words"),
    "renew": ("Talk about the renewal", "the contract is about to be renewed"),
    "contact": ("Get in touch", "likelier to leave than others, and nobody was in touch lately"),
    "offer": ("Make an offer", "drifting away, and something goes with what they have"),
    "reward": ("Reward them", "among the best, and nobody has shown it in a year"),
    "thank": ("Thank them", "they recommend you or answer with good scores"),
    "ask": ("Ask how they are", "nobody asked for a year"),
}

TARGETS: Mapping[str, tuple[str, str]] = {
    "purchases": ("Who buys again, and how often", "days of purchase"),
    "leaving a contract within a month": ("Who keeps a contract", "customers still there at the end"),
}

RULES: Mapping[str, str] = {
    "each as in the time before": "each as often as in as many days before",
    "each at their own pace": "each at their own pace so far",
    "everyone alike": "everyone alike",
}


def trait(name: str, value: str) -> tuple[str, bool]:
    """Return how a relationship began, in words, and whether the value is to follow them."""
    words, valued = TRAITS.get(name, (name.replace("_", " "), True))
    if not valued and value == "false":
        return f"not: {words}", False
    return words, valued
