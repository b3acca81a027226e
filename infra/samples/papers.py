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
            ("最大热负荷", "蒸汽 5.2 吨/小时"),
            ("希望通水、通气、通热日期", "2027年3月"),
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
    "geohazard-report": Paper(
        Kind.REPORT,
        body=(
            "评估范围：拟建场地及周边 0.5 平方千米，评估级别为三级。",
            "现状评估：地形平坦，未发现崩塌、滑坡、地面塌陷和地裂缝。",
            "预测评估：工程建设引发地质灾害的可能性小，地面沉降的危险性小。",
            "结论：场地适宜性为适宜，基坑开挖时应当支护和降水。",
        ),
        author=_CONSULTANT,
    ),
    "land-saving-report": Paper(
        Kind.REPORT,
        body=(
            "用地规模：33 350 平方米，符合《工业项目建设用地控制指标》。",
            "用地强度：容积率 1.24，建筑系数 46%，行政办公和生活服务设施用地占 5.2%。",
            "节地措施：两座车间合并布置，采用立体仓库，节约用地 4 100 平方米。",
            "结论：用地规模合理，符合节约集约用地的要求。",
        ),
        author=_CONSULTANT,
    ),
    "site-photos": Paper(
        Kind.FORM,
        fields=(
            ("拍摄日期", "2026年3月2日"),
            ("照片一", "自东南角向西北：场地为平整空地"),
            ("照片二", "自北侧城市道路：无建筑物、构筑物"),
            ("照片三", "自西侧：相邻厂区围墙，无树木"),
        ),
        body=("照片为本单位现场拍摄，与现状一致。照片原件随本页一并提交。",),
    ),
    "mineral-report": Paper(
        Kind.REPORT,
        body=(
            "评估范围：建设用地范围外扩 100 米，面积 0.05 平方千米。",
            "资料依据：区域矿产地质报告、矿业权数据库和现场踏勘。",
            "评估结果：范围内未查明重要矿产资源，与一处地热探矿权边缘重叠 120 平方米。",
            "结论：项目建设不影响矿产资源开发，建议准予建设。",
        ),
        author="商丘样例地质勘查有限公司",
    ),
    "boundary-coordinates": Paper(
        Kind.FORM,
        fields=(
            ("坐标系", "2000 国家大地坐标系，3 度带"),
            ("J1", "X 3812406.125　Y 38615230.417"),
            ("J2", "X 3812406.125　Y 38615425.417"),
            ("J3", "X 3812235.099　Y 38615425.417"),
            ("J4", "X 3812235.099　Y 38615230.417"),
            ("面积", "33 350 平方米"),
        ),
        body=("坐标由实地测量取得，与勘测定界图一致。",),
        author=_SURVEYOR,
    ),
    "mining-right-opinion": Paper(
        Kind.LETTER,
        body=(
            "商丘市自然资源和规划局：",
            "“{project}”用地与本单位地热探矿权范围的边缘重叠 120 平方米。经核实，重叠部分未布置勘查工程。",
            "本单位同意该项目在上述范围内建设，双方无补偿争议。",
        ),
        author="商丘样例地热勘查有限公司",
    ),
    "scheme-text": Paper(
        Kind.REPORT,
        body=(
            "设计依据：规划条件、土地出让合同、现行设计标准。",
            "总平面：车间居中，研发楼临路，物流出入口与人行出入口分设。",
            "主要指标：总建筑面积 41 200 平方米，容积率 1.24，建筑高度 23.4 米，绿地率 12%。",
            "立面：浅灰色金属墙板与玻璃幕墙结合，临街面连续。",
            "海绵设施：下凹式绿地 1 800 平方米，雨水调蓄池 260 立方米。",
        ),
        author=_DESIGNER,
    ),
    "sunlight-analysis": Paper(
        Kind.REPORT,
        body=(
            "分析对象：拟建研发楼、车间及北侧 80 米处住宅楼。",
            "计算参数：大寒日，有效时间 8 时至 16 时，间隔 1 分钟。",
            "结果：北侧住宅楼各户累计日照均在 3 小时以上，拟建建筑不造成新的遮挡。",
        ),
        author=_DESIGNER,
    ),
    "topographic-map": Paper(Kind.DRAWING, body=("现状地形图　1:500", "DX-01"), author=_SURVEYOR, figure=Figure.SITE),
    "pipeline-map": Paper(
        Kind.DRAWING, body=("地下管线现状图　1:500", "GX-01"), author=_SURVEYOR, figure=Figure.NETWORK
    ),
    "traffic-impact": Paper(
        Kind.REPORT,
        body=(
            "交通生成：高峰小时机动车 96 辆，其中货车 22 辆。",
            "路网影响：北侧城市道路高峰饱和度由 0.52 升至 0.58，服务水平不变。",
            "改善建议：物流出入口右进右出，距交叉口不小于 70 米。",
            "结论：项目对周边交通影响可以接受。",
        ),
        author=_CONSULTANT,
    ),
    "direct-contract-statement": Paper(
        Kind.LETTER,
        body=(
            "一、“{project}”由本单位以自有资金和银行贷款投资建设，不使用国有资金，不属于依法必须招标的项目。",
            "二、经比选，拟将施工直接发包给商丘样例建设工程有限公司，签约合同价人民币 9 860 万元。",
            "三、承包单位具备相应资质，项目负责人无在建工程。",
            "本单位对上述情况的真实性负责。",
        ),
    ),
    "contractor-safety-licence": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("持证单位", "商丘样例建设工程有限公司"),
            ("编号", "（豫）JZ安许证字〔2024〕000000（样例）"),
            ("许可范围", "建筑施工"),
            ("有效期", "至2027年04月30日"),
        ),
        author="河南省住房和城乡建设厅（样例）",
        role="建设单位",
    ),
    "preliminary-design": Paper(
        Kind.REPORT,
        body=(
            "工程概况：研发楼主体结构高度超过规范适用的最大高度，属于超限高层建筑工程。",
            "结构体系：钢筋混凝土框架-核心筒结构，抗震设防烈度 6 度，设计基本加速度 0.05g。",
            "基础：桩筏基础，桩端持力层为密实粉细砂层。",
            "超限情况：高度超限，另有扭转不规则一项。",
        ),
        author=_DESIGNER,
    ),
    "geotechnical-report": Paper(
        Kind.REPORT,
        body=(
            "勘察工作量：钻孔 46 个，总进尺 1 380 米，标准贯入试验 212 次。",
            "地层：自上而下为素填土、粉土、粉质黏土、粉细砂，共 7 层。",
            "场地类别：Ⅲ类；地下水埋深 6.2 米，对混凝土具微腐蚀性。",
            "建议：天然地基承载力特征值 140 千帕，高层部分采用桩基。",
        ),
        author="商丘样例岩土工程勘察有限公司",
    ),
    "seismic-report": Paper(
        Kind.REPORT,
        body=(
            "超限判定：结构高度超过 B 级高度，按超限高层建筑工程进行专项论证。",
            "性能目标：整体为 C 级，底部加强部位中震受剪弹性。",
            "分析方法：两种软件反应谱分析、弹性时程分析和大震弹塑性分析。",
            "结论：结构满足“小震不坏、中震可修、大震不倒”的设防要求。",
        ),
        author=_DESIGNER,
    ),
    "structural-calculation": Paper(
        Kind.FORM,
        fields=(
            ("计算软件", "两种不同力学模型的空间分析程序"),
            ("第一振型周期", "3.42 秒（平动）"),
            ("扭转周期比", "0.78　限值 0.85"),
            ("最大层间位移角", "1/812　限值 1/650"),
            ("最大位移比", "1.26　限值 1.40"),
            ("底部剪重比", "1.1%　限值 0.8%"),
        ),
        body=("两种程序的结果相近，各项指标满足规范。完整计算书随电子文件提交。",),
        author=_DESIGNER,
    ),
    "seismic-test-report": Paper(
        Kind.REPORT,
        body=(
            "试验对象：1/20 缩尺整体模型，振动台试验。",
            "工况：6 度小震、中震、大震，各两组天然波和一组人工波。",
            "现象：小震后模型无裂缝；大震后连梁出现弯曲裂缝，核心筒底部完好。",
            "结论：结构抗震性能与分析一致，满足设计目标。",
        ),
        author="商丘样例结构试验有限公司",
    ),
    "environment-review-opinion": Paper(
        Kind.LETTER,
        body=(
            "受托对“{project}”环境影响报告表进行技术评估，意见如下：",
            "一、报告表编制规范，工程分析清楚，评价因子选择适当。",
            "二、发酵尾气、工艺废水的治理措施技术可行，排放符合标准。",
            "三、建议完善恶臭气体的无组织排放监测计划。",
            "报告表可以作为审批依据。",
        ),
        author="商丘样例环境技术评估有限公司",
    ),
    "energy-equipment-list": Paper(
        Kind.FORM,
        fields=(
            ("发酵罐搅拌电机", "12 台，每台 110 千瓦，能效一级"),
            ("空气压缩机", "4 台，每台 250 千瓦，能效一级"),
            ("干燥塔", "2 台，蒸汽 2.6 吨/小时"),
            ("循环冷却机组", "3 台，每台 320 千瓦，能效二级"),
            ("余热回收装置", "2 套，年回收 420 吨标准煤"),
        ),
        body=("所列设备与节能报告一致，无国家明令淘汰的设备。",),
    ),
    "waste-site-consent": Paper(
        Kind.CERTIFICATE,
        fields=(
            ("受纳场地", "商丘样例建筑垃圾资源化利用场"),
            ("受纳数量", "渣土 700 吨，其他 1 900 吨"),
            ("受纳期限", "2026年4月1日至2027年6月30日"),
        ),
        body=("本场同意受纳上述项目产生的建筑垃圾，并按规定利用和填埋。",),
        author="商丘样例资源循环利用有限公司",
        role="产生单位",
    ),
    "tree-list": Paper(
        Kind.FORM,
        fields=(
            ("临时占用绿地", "北侧道路绿带 186 平方米，2026年4月至9月"),
            ("迁移树木", "悬铃木 6 株，胸径 14 至 18 厘米"),
            ("砍伐树木", "枯死杨树 2 株，胸径 22 厘米"),
            ("古树名木", "无"),
        ),
        body=("所列绿地和树木均已现场编号，照片随本表提交。",),
    ),
    "greening-plan": Paper(
        Kind.LETTER,
        body=(
            "一、占用的绿带在施工结束后一个月内原状恢复，铺种麦冬 186 平方米。",
            "二、迁移的悬铃木 6 株植于厂区南侧，保活期两年，死亡的等规格补植。",
            "三、砍伐 2 株，补植悬铃木 6 株，胸径不小于 12 厘米。",
            "四、补建、补植费用列入“{project}”工程概算，由本单位承担。",
        ),
    ),
    "water-resources-report": Paper(
        Kind.REPORT,
        body=(
            "用水规模：最高日用水 480 立方米，年取水 14.2 万立方米。",
            "取水水源：城市再生水为主，地表水为备用，不取用地下水。",
            "用水水平：单位产品取水量低于河南省用水定额先进值，重复利用率 96%。",
            "退水：经厂内处理后排入城镇排水管网，不设入河排污口。",
            "结论：取水方案可行，对水资源和其他用户影响小。",
        ),
        author=_CONSULTANT,
    ),
    "third-party-statement": Paper(
        Kind.LETTER,
        body=(
            "一、“{project}”取水口上下游 2 千米内有灌溉取水户一家，已书面征求意见。",
            "二、枯水期减少取水 30%，优先保障生活和灌溉用水。",
            "三、取水造成他人损失的，由本单位依法补偿。",
            "本单位声明：上述说明属实，与第三者无用水纠纷。",
        ),
    ),
    "heritage-survey": Paper(
        Kind.REPORT,
        body=(
            "勘探范围：建设用地 33 350 平方米，探孔间距 2 米，局部加密。",
            "勘探结果：发现明清墓葬 3 座、灰坑 2 处，其余为近现代耕土和黄泛淤积层。",
            "处理建议：墓葬和灰坑在动工前完成发掘，其余区域可以施工。",
            "结论：场地内没有需要原址保护的遗迹。",
        ),
        author="商丘样例考古研究院",
    ),
    "heritage-protection-plan": Paper(
        Kind.LETTER,
        body=(
            "一、墓葬和灰坑周边 10 米设围挡，发掘完成前不进行土方作业。",
            "二、考古发掘经费列入“{project}”工程概算，由本单位承担。",
            "三、施工中发现文物的，立即停工，保护现场，并在 24 小时内报告文物主管部门。",
            "四、现场设文物保护联络员一名，全程值守。",
        ),
    ),
    "fire-facility-test": Paper(
        Kind.FORM,
        fields=(
            ("火灾自动报警系统", "抽查 120 点，合格"),
            ("自动喷水灭火系统", "末端试水压力 0.08 兆帕，合格"),
            ("室内消火栓", "充实水柱 13 米，合格"),
            ("防排烟系统", "风速、风量抽查 24 处，合格"),
            ("应急照明和疏散指示", "照度抽查 60 处，合格"),
        ),
        body=("检测结论：建筑消防设施综合判定合格。",),
        author="商丘样例消防技术服务有限公司",
    ),
    "airdefence-completion": Paper(
        Kind.REPORT,
        body=(
            "工程概况：防空地下室建筑面积 1 860 平方米，甲类，防护等级核 6 级、常 6 级。",
            "防护设备：防护密闭门 8 樘、密闭门 6 樘、滤毒通风设备两套，检测合格。",
            "验收组织：建设、勘察、设计、施工、监理单位共同验收，人防质量监督机构到场监督。",
            "结论：工程质量合格，满足平时和战时功能。",
        ),
    ),
    "archives-list": Paper(
        Kind.FORM,
        fields=(
            ("工程准备阶段文件", "2 卷，86 件"),
            ("监理文件", "3 卷，142 件"),
            ("施工文件", "11 卷，1 030 件"),
            ("竣工图", "4 卷，168 张"),
            ("电子档案", "与纸质档案一致，共 1 426 个文件"),
        ),
        body=("所列档案齐全、完整、准确，移交城建档案馆保存。",),
    ),
    "quality-warranty": Paper(
        Kind.CONTRACT,
        fields=(("发包人", "{enterprise}"), ("承包人", "商丘样例建设工程有限公司")),
        body=(
            "承包人在质量保修期内对“{project}”承担工程质量保修责任。",
            "地基基础和主体结构的保修期为设计文件规定的合理使用年限。",
            "屋面防水和有防水要求的房间、外墙面的防渗漏为五年；供热与供冷系统为两个采暖期、供冷期。",
            "电气管线、给排水管道、设备安装和装修工程为两年。",
            "属于保修范围的，承包人在接到通知之日起七日内派人保修。",
        ),
    ),
    "commitment-letters": Paper(
        Kind.LETTER,
        body=(
            "商丘市行政审批和政务信息管理局：",
            "本单位就“{project}”申请以告知承诺方式办理所附清单中的事项，已经知晓行政机关告知的全部内容，现郑重承诺：",
            "一、所填写的信息真实、准确；",
            "二、能够在约定期限内达到告知的条件、标准和要求；",
            "三、愿意承担不实承诺、违反承诺的法律责任；",
            "四、上述承诺是本单位的真实意思表示。",
            "附：按告知承诺方式办理的事项清单和各事项告知承诺书。",
        ),
    ),
}
