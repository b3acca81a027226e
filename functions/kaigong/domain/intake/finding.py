"""From facts about an uploaded file to a finding: may it stay, and what is told to the applicant and the officer.

A deficiency is what the applicant must mend before the material counts as handed in; it goes into the one notice
(mission 7, 一次性告知; 行政许可法 §32: told once and in full). A warning leaves the material valid and shows the
officer where to look. Nothing here refuses on a guess: what could not be established is a warning, except where a
document is so built that it cannot be examined at all.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from kaigong.domain.model.catalogue import Checks, Material
from kaigong.domain.model.facts import Difference, Facts, Kind, Limit, Opens, normalise
from kaigong.domain.model.text import Model, Text

MIN_SIDE = 600  # pixels; choice: an A4 sheet this narrow is below 75 dpi, and its seals and small print are gone


class Verdict(StrEnum):
    VALID = "valid"
    WARNING = "warning"  # counts as handed in; the officer should look
    DEFICIENT = "deficient"  # does not count as handed in


class Reason(Model):
    """One thing that is wrong or worth a look. The code is stable; the text says what, why and what to do next."""

    code: str
    verdict: Verdict
    text: Text

    @property
    def deficient(self) -> bool:
        """Whether this alone keeps the file from counting as handed in."""
        return self.verdict is Verdict.DEFICIENT

    @property
    def zh(self) -> str:
        return self.text.zh

    @property
    def en(self) -> str:
        return self.text.en


class Finding(Model):
    """The verdict on one file, the worst of its reasons', with all of them."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class Named(Protocol):
    """An enterprise, as far as a paper must name it."""

    @property
    def name(self) -> str: ...

    @property
    def uscc(self) -> str: ...


DEFAULT_MATERIAL = Material(
    code="any-document",
    name=Text(zh="任意材料", en="Any document"),
    formats=("pdf", "jpeg", "png"),
    sample="any-document",
)
"""What is asked of a file of which nobody said which material it is."""

# Bounds of ours after which nothing is known about what else the file holds. The others leave a gap for the officer.
_HARD = frozenset((Limit.CPU, Limit.TIME, Limit.MEMORY, Limit.CRASH, Limit.SYNTAX, Limit.PAGES, Limit.OBJECTS))
_SOFT = frozenset((Limit.BYTES, Limit.REQUESTS))

_D, _W = Verdict.DEFICIENT, Verdict.WARNING

# code: verdict, Chinese, English. Each says what is found, why it matters, what to do next.
MESSAGES: dict[str, tuple[Verdict, str, str]] = {
    "empty": (
        _D,
        "文件为空（0 字节），没有内容可供审查。请检查原文件后重新上传。",
        "The file is empty (0 bytes), so there is nothing to review. Check the original and upload it again.",
    ),
    "unknown-kind": (
        _D,
        "按内容判断（与文件名无关），文件不是 PDF、JPEG 或 PNG，部门无法打开。请导出为{formats}后重新上传。",
        "By its content the file is neither a PDF nor a JPEG or PNG picture, so the departments cannot open it. "
        "Export it as {formats} and upload it again.",
    ),
    "format-not-accepted": (
        _D,
        "该材料须为{formats}，上传的是 {kind}。请转换格式后重新上传。",
        "This material must be {formats}; the file is {kind}. Convert it and upload it again.",
    ),
    "locked": (
        _D,
        "文件设有打开密码，部门看不到内容。请取消密码后重新上传，不要另行发送密码。",
        "A password is needed to open the file, so no department can read it. Remove the password and upload it again; "
        "do not send the password.",
    ),
    "unknown-encryption": (
        _D,
        "文件以证书或不通用的方式加密，部门无法打开。请另存为未加密的 PDF 后重新上传。",
        "The file is encrypted for a certificate or in an uncommon way, so no department can open it. "
        "Save it without encryption and upload it again.",
    ),
    "truncated": (
        _D,
        "文件不完整，末尾部分缺失，多因上传或复制中断。请核对原文件能否打开，然后重新上传。",
        "The end of the file is missing, most often because an upload or a copy broke off. "
        "Check that the original opens, then upload it again.",
    ),
    "damaged": (
        _D,
        "文件结构有损坏，须修复才能完整读取，各部门看到的内容可能不一致。请由原件重新导出或扫描后上传。",
        "The file's structure is damaged and must be repaired to be read in full, so departments might see different "
        "content. "
        "Export or scan it again from the original and upload that.",
    ),
    "unreadable": (
        _D,
        "文件已损坏，无法打开。请由原件重新导出或扫描后上传。",
        "The file is damaged and does not open. Export or scan it again from the original and upload that.",
    ),
    "no-pages": (
        _D,
        "PDF 中没有任何页面。请检查原文件后重新上传。",
        "The PDF has no pages. Check the original and upload it again.",
    ),
    "all-pages-blank": (
        _D,
        "所有页面均为空白，没有内容可供审查。请检查是否选错文件或扫描时放反，然后重新上传。",
        "Every page is blank, so there is nothing to review. Check for a wrong file or a sheet scanned on its back, "
        "then upload it again.",
    ),
    "javascript": (
        _D,
        "PDF 含有脚本（JavaScript），打开时内容可能改变，也有安全风险。请“打印为 PDF”去除脚本后重新上传。",
        "The PDF carries scripts (JavaScript): they can change what is shown and are a security risk. "
        "Print it to a new PDF, which drops them, and upload that.",
    ),
    "launch": (
        _D,
        "PDF 含有启动外部程序的动作，存在安全风险。请“打印为 PDF”去除该动作后重新上传。",
        "The PDF carries an action that starts another program, a security risk. "
        "Print it to a new PDF, which drops it, and upload that.",
    ),
    "over-limits": (
        _D,
        "文件过于复杂，超出系统检查上限（{limits}），这不表示内容有误。请“打印为 PDF”，或拆分、简化后重新上传。",
        "The file is too complex for our examination (limit: {limits}); this does not mean that its content is wrong. "
        "Print it to a new PDF, or split or simplify it, and upload it again.",
    ),
    "too-many-pixels": (
        _D,
        "图片为 {width}×{height} 像素，超出系统上限。请以 300 dpi 重新扫描后上传。",
        "The picture has {width} by {height} pixels, over our limit. Scan it again at 300 dpi and upload that.",
    ),
    "image-too-small": (
        _D,
        "图片仅 {width}×{height} 像素，文字和印章难以辨认。请以不低于 200 dpi 重新扫描或拍摄后上传。",
        "The picture has only {width} by {height} pixels: print and seals cannot be read. "
        "Scan or photograph it again at 200 dpi or more and upload that.",
    ),
    "too-few-pages": (
        _D,
        "文件共 {pages} 页，该材料至少应有 {bound} 页。请补全缺页后重新上传。",
        "The file has {pages} page(s); this material has at least {bound}. Add what is missing and upload it again.",
    ),
    "too-many-pages": (
        _D,
        "文件共 {pages} 页，超过该材料 {bound} 页的上限。请只保留所需内容，重新上传。",
        "The file has {pages} pages, more than the {bound} that this material may have. "
        "Keep what is asked for and upload it again.",
    ),
    "embedded-files": (
        _W,
        "PDF 内带有附件，附件未经检查，也不作为申请材料。确需提交的，请作为单独材料上传。",
        "The PDF carries attachments; they were not examined and do not count as handed in. "
        "Upload whatever is needed as a material of its own.",
    ),
    "encrypted": (
        _W,
        "PDF 设有权限限制（可打开，但可能不能打印或复制），会妨碍归档。建议另存为无限制的 PDF。",
        "The PDF opens but is protected: printing or copying may be barred, which hinders filing. "
        "Better save it without protection.",
    ),
    "foreign-start": (
        _W,
        "文件开头有 PDF 以外的数据，可能被其他程序当作另一种文件。请工作人员核对；建议重新导出 PDF。",
        "Other data stands before the PDF, so that a program may take the file for something else. "
        "The officer should check; better export it again.",
    ),
    "blank-pages": (
        _W,
        "有 {blank} 页空白（共 {pages} 页）。请核对是否漏扫。",
        "{blank} of {pages} pages are blank. Check whether sheets were missed in scanning.",
    ),
    "unreadable-pages": (
        _W,
        "有 {count} 页的内容无法解码，可能显示不全。请工作人员核对；建议由原件重新导出。",
        "The content of {count} page(s) cannot be decoded and may not show in full. "
        "The officer should check; better export it again from the original.",
    ),
    "name-not-checkable": (
        _W,
        "首页没有可提取的文字（多为扫描件），无法自动核对企业名称，请工作人员目视核对。",
        "There is no text on the first page (most likely a scan), so no machine can check the enterprise's name. "
        "The officer should check by eye.",
    ),
    "name-missing": (
        _W,
        "首页未出现企业名称“{name}”或统一社会信用代码 {uscc}，可能传错材料。请核对。",
        "The first page names neither “{name}” nor its credit code {uscc}: this may be another party's paper. "
        "Please check.",
    ),
    "not-signed": (
        _W,
        "该材料应有电子签名或电子印章，文件中未检出。若为纸质盖章扫描件，请工作人员核对印章。",
        "An electronic signature or seal is expected on this material; none was found. "
        "If it is a scan of a sealed paper, the officer should check the seal.",
    ),
    "text-unknown": (
        _W,
        "未能提取首页文字，不代表内容有误。请工作人员打开核对。",
        "The first page's text could not be extracted; this does not mean that the content is wrong. "
        "The officer should open the file.",
    ),
    "readers-disagree": (
        _W,
        "该文件经签名或修改过，两种阅读程序读出的内容不一致（{what}），可能被改动。请工作人员核对原件。",
        "The file was signed or updated, and two readers see different content ({what}): it may have been altered. "
        "The officer should compare it with the original.",
    ),
    "second-reader-failed": (
        _W,
        "该文件经签名或修改过，未能用第二种阅读程序复核。请工作人员核对签名。",
        "The file was signed or updated, and the second reading that this calls for did not come to an end. "
        "The officer should check the signature.",
    ),
    "partly-examined": (
        _W,
        "文件很大，超出单次检查上限（{limits}），仅检查了一部分。请工作人员留意。",
        "The file is large and went over what one examination reads ({limits}): only a part was examined. "
        "The officer should take note.",
    ),
}

_LIMIT_NAMES = {
    Limit.CPU: Text(zh="运算时间", en="computing time"),
    Limit.TIME: Text(zh="检查时间", en="time"),
    Limit.MEMORY: Text(zh="内存", en="memory"),
    Limit.CRASH: Text(zh="阅读程序异常退出", en="the reader broke down"),
    Limit.SYNTAX: Text(zh="结构层次或数量", en="depth or size of its structure"),
    Limit.PAGES: Text(zh="页数", en="pages"),
    Limit.OBJECTS: Text(zh="对象数量", en="objects"),
    Limit.PIXELS: Text(zh="像素", en="pixels"),
    Limit.BYTES: Text(zh="读取数据量", en="bytes read"),
    Limit.REQUESTS: Text(zh="读取次数", en="reads"),
    Limit.SECOND_READER: Text(zh="复核", en="second reading"),
}

_DIFFERENCE_NAMES = {
    Difference.OPENS: Text(zh="能否打开", en="whether it opens"),
    Difference.PAGES: Text(zh="页数", en="pages"),
    Difference.SIGNATURES: Text(zh="签名", en="signatures"),
    Difference.TEXT: Text(zh="首页内容", en="first page"),
}


def judge(facts: Facts, material: Material, enterprise: Named | None) -> Finding:
    """The finding on one file for one material. Without an enterprise, who is named in the paper is not looked at."""
    reasons = tuple(_reasons(facts, material, enterprise))
    severities = {reason.verdict for reason in reasons}
    worst = next((v for v in (Verdict.DEFICIENT, Verdict.WARNING) if v in severities), Verdict.VALID)
    return Finding(verdict=worst, reasons=reasons)


def _reasons(facts: Facts, material: Material, enterprise: Named | None) -> Iterator[Reason]:
    """Every reason, the gravest first. A file that does not open has one reason: the others would be guesses."""
    gate = _gate(facts, material)
    if gate:
        yield gate
        return
    yield from _deficiencies(facts, material.checks)
    yield from _warnings(facts)
    yield from _content_warnings(facts, material.checks, enterprise)


def _gate(facts: Facts, material: Material) -> Reason | None:
    """Why the file cannot be opened as this material at all."""
    formats = Text(
        zh="、".join(f.upper() for f in material.formats), en=" or ".join(f.upper() for f in material.formats)
    )
    if facts.kind is Kind.EMPTY:
        return _reason("empty")
    if facts.kind is Kind.OTHER:
        return _reason("unknown-kind", formats=formats)
    if facts.kind not in material.formats:
        return _reason("format-not-accepted", formats=formats, kind=facts.kind.upper())
    if facts.opens is Opens.LOCKED:
        return _reason("locked")
    if Limit.PIXELS in facts.over_limits:
        return _reason("too-many-pixels", width=facts.width, height=facts.height)
    if facts.opens is Opens.YES:
        return None
    if facts.over_limits:
        return _reason("over-limits", limits=_names(_LIMIT_NAMES[limit] for limit in facts.over_limits))
    if facts.pages == 0:
        return _reason("no-pages")
    if facts.truncated:
        return _reason("truncated")
    return _reason("unknown-encryption" if facts.encrypted else "unreadable")


def _deficiencies(facts: Facts, checks: Checks) -> Iterator[Reason]:
    over = [limit for limit in facts.over_limits if limit in _HARD]
    if over:
        yield _reason("over-limits", limits=_names(_LIMIT_NAMES[limit] for limit in over))
    if facts.damaged:
        yield _reason("truncated" if facts.truncated else "damaged")
    if facts.javascript:
        yield _reason("javascript")
    if facts.launch:
        yield _reason("launch")
    if facts.all_pages_blank:
        yield _reason("all-pages-blank")
    if facts.width is not None and facts.height is not None and min(facts.width, facts.height) < MIN_SIDE:
        yield _reason("image-too-small", width=facts.width, height=facts.height)
    if facts.pages is not None and facts.pages < checks.min_pages:
        yield _reason("too-few-pages", pages=facts.pages, bound=checks.min_pages)
    if facts.pages is not None and facts.pages > checks.max_pages:
        yield _reason("too-many-pages", pages=facts.pages, bound=checks.max_pages)


def _warnings(facts: Facts) -> Iterator[Reason]:
    soft = [limit for limit in facts.over_limits if limit in _SOFT]
    if soft:
        yield _reason("partly-examined", limits=_names(_LIMIT_NAMES[limit] for limit in soft))
    if facts.second_reader:
        yield _reason("readers-disagree", what=_names(_DIFFERENCE_NAMES[what] for what in facts.second_reader))
    if Limit.SECOND_READER in facts.over_limits:
        yield _reason("second-reader-failed")
    if facts.foreign_start:
        yield _reason("foreign-start")
    if facts.embedded_files:
        yield _reason("embedded-files")
    if facts.encrypted:
        yield _reason("encrypted")
    if facts.unreadable_pages:
        yield _reason("unreadable-pages", count=facts.unreadable_pages)
    if facts.blank_pages and not facts.all_pages_blank:
        yield _reason("blank-pages", blank=facts.blank_pages, pages=facts.pages)


def _content_warnings(facts: Facts, checks: Checks, enterprise: Named | None) -> Iterator[Reason]:
    if facts.kind is Kind.PDF and facts.text_on_page_1 is None:
        yield _reason("text-unknown")
    elif checks.names_enterprise and enterprise is not None:
        if not facts.text_on_page_1:
            yield _reason("name-not-checkable")
        elif normalise(enterprise.name) not in facts.text and normalise(enterprise.uscc) not in facts.text:
            yield _reason("name-missing", name=enterprise.name, uscc=enterprise.uscc)
    if checks.signed and not facts.signed:
        yield _reason("not-signed")


def _names(texts: Iterator[Text]) -> Text:
    named = list(texts)
    return Text(zh="、".join(t.zh for t in named), en=", ".join(t.en for t in named))


def _reason(code: str, **values: object) -> Reason:
    """A reason from the table, its placeholders filled in each language."""
    verdict, zh, en = MESSAGES[code]
    chinese = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
    english = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
    return Reason(code=code, verdict=verdict, text=Text(zh=zh.format(**chinese), en=en.format(**english)))
