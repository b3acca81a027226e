"""What is told once an application is withdrawn (撤件). Why one cannot be withdrawn any more: acts.py.

Source: mission, "Facts from law and standards" (code 2).
"""

from kaigong.domain.model.text import Text

WITHDRAWN = Text(
    zh="申请已按您的要求撤回，未办结的事项不再办理。再次申报请使用新的材料包编号。",
    en="The application has been withdrawn as you asked. Matters not yet decided are closed. To apply "
    "again, use a new packet id.",
)
