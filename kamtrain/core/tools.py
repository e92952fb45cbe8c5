"""The worksheets that lessons and courses name, by their ids; none can be opened yet."""

from __future__ import annotations

from collections.abc import Mapping

from kamtrain.core.message import N_

# In the order of the curriculum; the names are translated where they are shown.
TOOLS: Mapping[str, str] = {
    "selection-scorecard": N_("Weighted selection scorecard"),
    "industry-matrix": N_("Industry-attractiveness matrix"),
    "single-indicator": N_("Single-indicator classification"),
    "value-pyramid": N_("Customer value pyramid"),
    "value-scorecard": N_("Customer value scorecard"),
    "stakeholder-map": N_("Stakeholder map"),
    "account-checklist": N_("Account information checklist"),
    "visit-plan": N_("Visit plan"),
    "visit-record": N_("Visit record"),
    "negotiation-sheet": N_("Negotiation preparation sheet"),
    "joint-plan": N_("Joint business plan"),
    "service-ladder": N_("Service-ladder self-assessment"),
    "development-cost": N_("Cost and benefit of developing an account"),
    "concentration": N_("Concentration check"),
    "solution-sheet": N_("Competitor, selling point and solution sheet"),
}
