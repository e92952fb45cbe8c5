"""What the tools of one account share, said once: a tool that takes such a field takes it from here.

A table is shared as a whole: `people` (the stakeholder map's) and `rivals`; others refer to its entries with `offers`.
"""

from __future__ import annotations

from decimal import Decimal

from kamtrain.core.message import N_
from kamtrain.core.sheet import Field

MONEY = N_("10,000 yuan")
DAYS = N_("days")
MOST_MONEY = Decimal(10) ** 9  # of 10,000 yuan: ten trillion yuan
MOST_DAYS = Decimal(3650)  # ten years

# The seven steps of a purchase, in the order the sources give; a trade may have another order.
BUYING_STEPS: tuple[tuple[str, str], ...] = (
    ("survey", N_("1 Survey")),
    ("analysis", N_("2 Analysis")),
    ("approval", N_("3 Project approval")),
    ("selection", N_("4 Selection")),
    ("bidding", N_("5 Bidding")),
    ("testing", N_("6 Testing")),
    ("decision", N_("7 Decision")),
)
# Behaviour in this meeting, no diagnosis of a person.
STYLES: tuple[tuple[str, str], ...] = (
    ("dominant", N_("Dominant")),
    ("amiable", N_("Amiable")),
    ("social", N_("Social")),
    ("analytical", N_("Analytical")),
    ("unknown", N_("Not enough evidence")),
)


def _money(name: str, label: str, help: str, *, loss: bool = False, sourced: bool = False) -> Field:
    least = -MOST_MONEY if loss else Decimal(0)
    return Field(name, label, unit=MONEY, least=least, most=MOST_MONEY, help=help, sourced=sourced, fact=name)


SALES = _money("sales", N_("Expected annual sales to the account"), N_("What we expect to sell to it in a year."))
BASELINE_SALES = _money("baseline_sales", N_("Last year's sales to it"), N_("What it bought from us last year."))
CATEGORY_SPEND = _money(
    "category_spend",
    N_("What it spends a year on what we sell"),
    N_("With all suppliers together. Where you only know it roughly, say so in the evidence."),
    sourced=True,
)
REVENUE = _money("revenue", N_("Its revenue"), N_("For a year, from its annual accounts."), sourced=True)
NET_PROFIT = _money("net_profit", N_("Its net profit"), N_("After tax; a loss is negative."), loss=True, sourced=True)
MARGIN = Field(
    "margin",
    N_("Our gross margin"),
    unit="%",
    least=Decimal(-100),
    most=Decimal(100),
    help=N_("On what we sell to this account."),
    fact="margin",
)
COLLECTION_DAYS = Field(
    "collection_days",
    N_("Days it takes to pay us"),
    unit=DAYS,
    least=Decimal(0),
    most=MOST_DAYS,
    help=N_("From the invoice to the money, on average."),
    fact="collection_days",
)
STAGE = Field(
    "stage",
    N_("Buying step"),
    "choice",
    choices=BUYING_STEPS,
    help=N_("Where the purchase is today. In your trade the order may differ: ask for their list."),
    fact="stage",
)
LAST_VISIT = Field("last_visit", N_("Day of the visit"), "date", fact="last_visit")
NEXT_VISIT = Field("next_visit", N_("Day of the next visit"), "date", fact="next_visit")
