"""Which ways a matter can be done in, and which not: why, in whole sentences.

Sources: mission 5 (告知承诺), 6 (容缺受理); 国办发〔2020〕42号: the applicant chooses.
"""

from kaigong.domain.model.catalogue import Route
from kaigong.domain.model.text import Text

OPEN = {
    Route.APPROVAL: Text(
        zh="提交全部材料即可申请，任何申请人都可以选择。",
        en="Supply every paper. Open to every applicant.",
    ),
    Route.TOLERATED: Text(
        zh="主要材料齐全即可受理，非主要材料可以承诺后补。",
        en="The main papers are required for acceptance; you may promise to supply the others later.",
    ),
    Route.COMMITMENT: Text(
        zh="可以递交告知承诺书代替该事项的材料。",
        en="A written commitment can replace this matter's papers.",
    ),
}
NOT_OFFERED = {  # by the catalogue, whoever applies
    Route.TOLERATED: Text(
        zh="该事项不在容缺受理清单内，材料须齐全。",
        en="This matter is not on the list of tolerated gaps, so every paper is required.",
    ),
    Route.COMMITMENT: Text(zh="该事项不适用告知承诺。", en="This matter is not available by commitment."),
}
