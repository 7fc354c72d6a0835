"""What people read of a way to share leads out."""

from collections.abc import Mapping

from swapboard.attribution.touch import Model
from swapboard.language import Words, _

MODEL: Mapping[Model, str] = Words(
    {
        Model.FIRST: _("First visit"),
        Model.LAST: _("Last visit"),
        Model.LAST_NON_DIRECT: _("Last visit, not direct"),
        Model.LINEAR: _("All alike"),
        Model.POSITION_BASED: _("First and last most"),
        Model.TIME_DECAY: _("Later ones more"),
        Model.DATA_DRIVEN: _("By what visits were worth so far"),
    }
)
