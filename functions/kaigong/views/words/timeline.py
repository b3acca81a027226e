"""What happened to a packet as a whole, as the picture's marks say it; a notice goes by its title."""

from kaigong.domain.model.text import Text

RECEIVED = Text(zh="收到申报", en="Application received")
ISSUED = Text(zh="联合审批结果已出具", en="The joint result is issued")
