"""What the applicant is told while the result is handed out (出件). Why an act of it comes to nothing: acts.py.

Notices say no address and no person: they go to gateways and are seen by departments.
"""

from kaigong.domain.model.text import Text

MAILED = Text(
    zh="结果文书已寄出。运单号见办理进度页的“领取结果”；长时间没有收到的，请联系综合窗口。",
    en="Your result has been mailed. The tracking number is on the packet's page under “Receiving the result”; if it "
    "does not arrive, contact the service window.",
)
HANDED_OVER = Text(
    zh="结果文书已在综合窗口交付。不是您或者您委托的人领取的，请立即联系综合窗口。",
    en="Your result was handed over at the service window. If neither you nor someone you sent collected it, contact "
    "the window at once.",
)
DELIVERED = Text(
    zh="结果文书已送达。没有收到的，请联系综合窗口。",
    en="Your result has been delivered. If you did not receive it, contact the service window.",
)
