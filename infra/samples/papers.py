"""What each sample paper says. Made-up content in the usual form of the paper; `layout.py` sets it.

The text may use {enterprise}, {uscc}, {legal}, {project}, {code} and {address}.
"""

from dataclasses import dataclass
from enum import StrEnum

from .figures import Figure


class Kind(StrEnum):
    """How a paper is laid out."""

    FORM = "form"  # a table of fields, a statement, a signature
    CERTIFICATE = "certificate"  # a framed certificate with its issuer
    CONTRACT = "contract"  # two parties, numbered clauses, two signatures
    REPORT = "report"  # a cover that names the client and the author, then chapters
    DRAWING = "drawing"  # a landscape sheet with a figure and a title block
    LETTER = "letter"  # paragraphs and a signature


@dataclass(frozen=True)
class Paper:
    """The content of one sample. `author` signs it; without one the enterprise does."""

    kind: Kind
    fields: tuple[tuple[str, str], ...] = ()
    body: tuple[str, ...] = ()
    author: str | None = None
    role: str = "单位名称"  # what a certificate calls the enterprise
    names_project: bool = True  # whether a certificate is about the project
    figure: Figure = Figure.SITE


_DESIGNER = "商丘样例建筑设计院有限公司"
_CONSULTANT = "商丘样例工程咨询有限公司"
_SURVEYOR = "商丘样例测绘有限公司"

PAPERS: dict[str, Paper] = {
    "application-form": Paper(
        Kind.FORM,
        fields=(
            ("法定代表人", "{legal}"),
            ("项目类型", "企业投资项目（工业）"),
            ("用地面积", "33 350 平方米"),
            ("总建筑面积", "41 200 平方米"),
            ("总投资", "26 000 万元"),
            ("申请办理的事项", "见项目所附事项清单，一次申请，并联办理"),
            ("文书送达方式", "电子送达；纸质证照免费邮寄"),
        ),
        body=("本单位对所填内容和所交材料的真实性、合法性负责。材料一次提交，各部门共享使用。",),
    ),
    "business-licence": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("类型", "有限责任公司（自然人投资或控股）"),
            ("法定代表人", "{legal}"),
            ("注册资本", "人民币捌仟万元整"),
            ("成立日期", "2019年05月16日"),
            ("住所", "{address}"),
            ("经营范围", "生物基材料技术研发；生物酶制剂生产、销售；货物进出口。"),
        ),
        author="商丘市市场监督管理局（样例）",
        role="名称",
        names_project=False,
    ),
    "authorisation": Paper(
        Kind.LETTER,
        body=(
            "商丘市行政审批和政务信息管理局：",
            "兹委托本单位工作人员李样（身份证件号码见所附证件）作为代理人，办理“{project}”的投资建设审批事项，"
            "代为提交申请、补正材料、领取文书。",
            "委托期限：2026年3月1日至2026年12月31日。代理人无转委托权。",
            "法定代表人（签字）：{legal}　　代理人（签字）：李样",
        ),
    ),
    "land-contract": Paper(
        Kind.CONTRACT,
        fields=(("出让人", "商丘市自然资源和规划局"), ("受让人", "{enterprise}")),
        body=(
            "出让人出让给受让人的宗地位于{address}，宗地面积 33 350 平方米，用途为工业用地。",
            "国有建设用地使用权出让年限为 50 年，自交付土地之日起算。",
            "出让价款为人民币 1 050 万元，受让人已于本合同签订之日一次付清。",
            "宗地容积率不低于 1.2，建筑系数不低于 40%，绿地率不高于 15%。",
            "受让人同意本合同项下项目在取得土地后即行开工，并按规划条件建设。",
        ),
    ),
    "project-filing-certificate": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("项目代码", "{code}"),
            ("建设地点", "{address}"),
            ("建设性质", "新建"),
            ("总投资", "26 000 万元"),
            ("建设内容和规模", "新建生产车间两座、研发楼一座及配套设施，年产生物酶制剂 500 吨。"),
        ),
        body=("本项目已按《企业投资项目核准和备案管理条例》备案。项目信息变更的，应当及时告知备案机关。",),
        author="商丘市发展和改革委员会（样例）",
    ),
    "site-plan": Paper(Kind.DRAWING, body=("总平面图　1:1000", "ZT-01"), author=_DESIGNER, figure=Figure.SITE),
    "drawings": Paper(Kind.DRAWING, body=("一号车间一层平面图　1:150", "JS-03"), author=_DESIGNER, figure=Figure.FLOOR),
    "design-qualification": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("持证单位", _DESIGNER),
            ("证书编号", "A141000000（样例）"),
            ("资质等级", "建筑行业（建筑工程）甲级；工程勘察专业类乙级"),
            ("有效期", "至2029年06月30日"),
        ),
        author="河南省住房和城乡建设厅（样例）",
        role="建设单位",
    ),
    "fire-design": Paper(
        Kind.DRAWING, body=("消防总平面及一层消防平面图　1:300", "XF-01"), author=_DESIGNER, figure=Figure.FLOOR
    ),
    "airdefence-design": Paper(
        Kind.DRAWING, body=("防空地下室平面图　1:150", "RF-02"), author=_DESIGNER, figure=Figure.FLOOR
    ),
    "soil-plan": Paper(
        Kind.REPORT,
        body=(
            "项目概况：项目占地 3.34 公顷，土石方挖填总量 4.6 万立方米，挖填平衡，无弃方。",
            "水土流失防治责任范围为 3.34 公顷，执行北方土石山区一级标准。",
            "措施：表土剥离 0.5 万立方米；排水沟 820 米；临时苫盖 1.2 万平方米；绿化 0.5 公顷。",
            "水土保持总投资 126 万元，其中水土保持补偿费 4.0 万元。",
            "结论：从水土保持角度，本项目建设可行。",
        ),
        author=_CONSULTANT,
    ),
    "construction-contract": Paper(
        Kind.CONTRACT,
        fields=(("发包人", "{enterprise}"), ("承包人", "商丘样例建设工程有限公司")),
        body=(
            "工程名称：{project}；工程地点：{address}。",
            "承包范围：施工图设计文件所示的土建、安装和室外工程。",
            "计划开工日期：2026年3月6日；工期总日历天数：420 天。",
            "质量标准：合格。签约合同价：人民币 9 860 万元，单独列支安全文明施工费。",
            "承包人按月足额支付农民工工资，设立工资专用账户。",
        ),
    ),
    "quality-safety-measures": Paper(
        Kind.LETTER,
        body=(
            "为保证“{project}”的工程质量和施工安全，本单位会同施工、监理单位落实下列措施：",
            "一、建立项目质量、安全责任制，项目负责人签署工程质量终身责任承诺书。",
            "二、编制施工组织设计；深基坑、高支模等危险性较大的分部分项工程编制专项方案，并按规定论证。",
            "三、现场配备专职安全管理人员三名，特种作业人员持证上岗。",
            "四、原材料、构配件进场检验，隐蔽工程经监理验收后方可隐蔽。",
        ),
    ),
    "wage-security": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("缴存单位", "商丘样例建设工程有限公司"),
            ("缴存金额", "人民币壹佰玖拾柒万贰仟元整"),
            ("缴存日期", "2026年03月06日"),
        ),
        author="商丘样例银行股份有限公司",
        role="建设单位",
    ),
    "contractor-qualification": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("施工单位", "商丘样例建设工程有限公司　建筑工程施工总承包二级"),
            ("监理单位", "商丘样例工程监理有限公司　房屋建筑工程监理乙级"),
            ("有效期", "至2028年12月31日"),
        ),
        author="河南省住房和城乡建设厅（样例）",
        role="建设单位",
    ),
    "flood-report": Paper(
        Kind.REPORT,
        body=(
            "项目位置与防洪形势：厂址距河道管理范围线 1.8 千米，防洪标准为 50 年一遇。",
            "洪水对项目的影响：设计洪水位低于场坪标高 0.6 米。",
            "项目对防洪的影响：不占用行洪断面，不影响堤防安全和防汛抢险。",
            "减缓措施：场地排水出口设防倒灌拍门；编制防汛预案。",
            "结论：在落实各项措施后，项目建设可行。",
        ),
        author=_CONSULTANT,
    ),
    "flood-review-opinion": Paper(
        Kind.LETTER,
        body=(
            "专家组对“{project}”洪水影响评价报告进行了技术审查，意见如下：",
            "一、报告编制依据充分，基础资料可靠，采用的水文成果符合规范。",
            "二、洪水影响分析的方法正确，结论可信。",
            "三、建议补充施工期度汛方案。",
            "专家组同意报告通过技术审查。",
        ),
        author=_CONSULTANT,
    ),
    "road-works-plan": Paper(
        Kind.DRAWING, body=("厂区道路与公路平交口平面图　1:500", "SL-01"), author=_DESIGNER, figure=Figure.SITE
    ),
    "traffic-safety-assessment": Paper(
        Kind.REPORT,
        body=(
            "评价对象：厂区出入口与既有公路平面交叉工程。",
            "评价结论：视距、转弯半径和交通标志设置符合规范，交叉口服务水平为二级。",
            "建议：施工期设置临时标志和减速设施，夜间设警示灯。",
        ),
        author=_CONSULTANT,
    ),
    "emergency-plan": Paper(
        Kind.LETTER,
        body=(
            "一、适用范围：“{project}”施工期间发生的交通、管线和人身突发事件。",
            "二、应急组织：成立应急小组，组长由项目负责人担任，值班电话全天有人接听。",
            "三、处置程序：报警、警戒、抢险、疏导、报告，同时通知公路管理机构。",
            "四、应急物资：警示标志 40 套、抢险车辆两台、照明设备六套。",
        ),
    ),
    "traffic-plan": Paper(
        Kind.DRAWING, body=("施工期间交通组织图　1:500", "JT-01"), author=_CONSULTANT, figure=Figure.SITE
    ),
    "drainage-plan": Paper(
        Kind.DRAWING, body=("厂区排水管网总平面图　1:500", "PS-01"), author=_DESIGNER, figure=Figure.NETWORK
    ),
    "water-quality-report": Paper(
        Kind.FORM,
        fields=(
            ("受检单位", "{enterprise}"),
            ("化学需氧量", "186 毫克/升　限值 500"),
            ("氨氮", "18.2 毫克/升　限值 45"),
            ("悬浮物", "96 毫克/升　限值 400"),
            ("pH 值", "7.3　限值 6.5 至 9.5"),
            ("日排水量", "320 立方米"),
        ),
        body=("检测结果符合《污水排入城镇下水道水质标准》GB/T 31962-2015 的 B 级限值。",),
        author="商丘样例检测技术有限公司",
    ),
    "project-brief": Paper(
        Kind.LETTER,
        body=(
            "一、项目名称：{project}。建设地点：{address}。",
            "二、建设内容：生产车间两座、研发楼一座、仓库、动力站及室外工程，总建筑面积 41 200 平方米。",
            "三、建设规模：年产生物酶制剂 500 吨。",
            "四、总投资 26 000 万元，其中企业自筹 18 000 万元，银行贷款 8 000 万元。",
            "本单位声明：项目符合产业政策，所填内容真实。",
        ),
    ),
    "siting-report": Paper(
        Kind.REPORT,
        body=(
            "选址原则：符合国土空间规划，节约集约用地，避让永久基本农田和生态保护红线。",
            "方案比选：对三个备选场址的交通、基础设施和环境条件作了比较。",
            "推荐方案：{address}，规划用途为二类工业用地。",
            "结论：选址符合规划，建议按推荐方案办理用地手续。",
        ),
        author=_CONSULTANT,
    ),
    "land-survey": Paper(Kind.DRAWING, body=("勘测定界图　1:1000", "KC-01"), author=_SURVEYOR, figure=Figure.SITE),
    "environment-report": Paper(
        Kind.REPORT,
        body=(
            "建设项目工程分析：发酵、提取、干燥三个工段，主要污染物为发酵尾气和工艺废水。",
            "区域环境质量：项目所在区域为环境空气二类功能区。",
            "环境影响和保护措施：尾气经洗涤和生物滤池处理；废水经厂内处理站处理后纳管。",
            "结论：落实各项措施后，污染物达标排放，环境影响可以接受。",
        ),
        author=_CONSULTANT,
    ),
    "energy-report": Paper(
        Kind.REPORT,
        body=(
            "项目年综合能源消费量 3 860 吨标准煤（当量值）。",
            "工艺和设备选型：采用能效一级电机和余热回收装置。",
            "单位产品能耗低于行业先进值。",
            "结论：项目符合节能法律、法规和标准。",
        ),
        author=_CONSULTANT,
    ),
    "lightning-design": Paper(
        Kind.DRAWING, body=("屋面防雷平面图　1:150", "FL-01"), author=_DESIGNER, figure=Figure.FLOOR
    ),
    "excavation-plan": Paper(
        Kind.LETTER,
        body=(
            "一、挖掘原因：“{project}”接入市政管线。",
            "二、挖掘位置和面积：厂区北侧城市道路人行道，长 36 米，宽 1.2 米。",
            "三、施工时间：2026年4月1日至4月5日，夜间施工。",
            "四、修复：回填分层夯实，按原结构恢复路面，保修一年。",
        ),
    ),
    "waste-plan": Paper(
        Kind.LETTER,
        body=(
            "一、产生量：“{project}”预计产生建筑垃圾 2 600 吨，其中可再生利用 1 900 吨。",
            "二、分类：渣土、混凝土块、金属、木材分别堆放，苫盖防尘。",
            "三、去向：可利用部分运往资源化利用场，其余运往指定消纳场。",
            "四、运输：由核准的运输单位承运，按规定路线和时间行驶。",
        ),
    ),
    "waste-transport-contract": Paper(
        Kind.CONTRACT,
        fields=(("委托人", "{enterprise}"), ("承运人", "商丘样例渣土运输有限公司")),
        body=(
            "承运人承运“{project}”施工产生的建筑垃圾，预计 2 600 吨。",
            "运输车辆密闭，安装定位装置，按核准的路线和时间行驶。",
            "运费按实际过磅重量结算，每吨人民币 28 元。",
            "承运人违反规定倾倒的，承担全部责任。",
        ),
    ),
    "utility-demand": Paper(
        Kind.FORM,
        fields=(
            ("用水性质", "工业用水"),
            ("最高日用水量", "480 立方米"),
            ("接水管径", "DN150"),
            ("用气性质", "工业用气"),
            ("小时最大用气量", "600 立方米（标准状态）"),
            ("希望通水、通气日期", "2027年3月"),
        ),
        body=("请现场查勘并答复接入方案。",),
    ),
    "safety-evaluation": Paper(
        Kind.REPORT,
        body=(
            "危险、有害因素辨识：主要为粉尘爆炸、压力容器爆炸、中毒窒息和触电。",
            "评价单元和方法：采用预先危险性分析和安全检查表。",
            "安全对策措施：干燥工段设泄爆和抑爆装置，发酵罐区设可燃气体报警。",
            "结论：采取对策措施后，项目的安全风险可以接受。",
        ),
        author=_CONSULTANT,
    ),
    "safety-design": Paper(
        Kind.REPORT,
        body=(
            "设计依据：安全预评价报告及有关标准。",
            "总平面布置的安全设计：防火间距、消防车道和疏散通道符合规范。",
            "工艺安全设计：联锁停车、紧急切断和事故通风。",
            "安全投资概算：412 万元。",
        ),
        author=_DESIGNER,
    ),
    "credit-report": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("信用等级", "AAA"),
            ("等级有效期", "2025年07月01日至2026年06月30日"),
            ("失信惩戒记录", "无"),
            ("未修复的违诺记录", "无"),
        ),
        author="商丘市公共信用信息中心（样例）",
        names_project=False,
    ),
    "completion-report": Paper(
        Kind.REPORT,
        body=(
            "工程概况：“{project}”已按施工图设计文件和合同约定完成。",
            "验收组织：建设、勘察、设计、施工、监理单位组成验收组。",
            "验收意见：各分部工程质量合格，质量控制资料完整，观感质量好。",
            "结论：工程竣工验收合格。",
        ),
    ),
    "completion-survey": Paper(Kind.DRAWING, body=("竣工地形图　1:500", "JG-01"), author=_SURVEYOR, figure=Figure.SITE),
    "as-built-drawings": Paper(
        Kind.DRAWING, body=("一号车间竣工平面图　1:150", "JZ-03"), author=_DESIGNER, figure=Figure.FLOOR
    ),
}
