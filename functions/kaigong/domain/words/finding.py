"""What applicant and officer are told of an uploaded file: what is found, why it matters, what to do next.

Sources: mission 7 (一次性告知); 行政许可法 §32 (told once and in full). `{}` are places for what was found.
"""

from collections.abc import Iterable, Sequence

from kaigong.domain.model.facts import PAGES_NAMED, PICTURES, Kind, Other
from kaigong.domain.model.text import Text

ANY_DOCUMENT = Text(zh="任意材料", en="Any document")  # a file of which nobody said which material it is

# what the applicant must mend before the material counts as handed in

DEFICIENCIES = {
    "too-many-files": Text(
        zh="共有 {count} 个文件，最多 {bound} 个。请合并文件，或撤下多余的文件后重新提交。",
        en="There are {count} files; at most {bound} are taken. Merge some or remove those not needed, "
        "then submit again.",
    ),
    "too-many-in-all": Text(
        zh="整个申请的文件超过 {bound} 个。请将同一材料的文件合并后重新提交。",
        en="The whole application has more than {bound} files. Merge those of one paper, then submit again.",
    ),
    "too-large-together": Text(
        zh="各文件合计超过 {bound} MB，部门难以下载。请降低扫描分辨率，或撤下多余的文件后重新提交。",
        en="The files together are larger than {bound} MB, too much for departments to download. Scan at "
        "a lower resolution or remove files not needed, then submit again.",
    ),
    "empty": Text(
        zh="文件为空（0 字节），没有内容可供审查。请检查原文件后重新上传。",
        en="The file is empty (0 bytes), so there is nothing to review. Check the original and upload it again.",
    ),
    "archived": Text(
        zh="文件以归档存储类别（如 GLACIER）上传，系统和部门都无法读取。请以标准存储类别（STANDARD）重新上传。",
        en="The file was uploaded in an archive storage class such as GLACIER, which neither the system "
        "nor the departments can read. Upload it again in the STANDARD class.",
    ),
    "unknown-kind": Text(
        zh="按内容判断（与文件名无关），文件不是部门能打开的格式。请由原件导出为 {formats}，再上传。",
        en="Judging by its content (not its name), the file is of no kind that departments can open. Export the "
        "original as {formats} and upload that.",
    ),
    "other-kind": Text(
        zh="上传的是{kind}，部门无法直接查看；这份材料收 {formats}。{way}，再上传。",
        en="The file is {kind}, which departments cannot look at as it is; this paper takes {formats}. {way}; then "
        "upload that.",
    ),
    "format-not-accepted": Text(
        zh="该材料须为 {formats}，上传的是 {kind}。{way}，再上传。",
        en="This paper must be {formats}; the file is {kind}. {way}; then upload that.",
    ),
    "locked": Text(
        zh="文件设有打开密码，部门看不到内容。请取消密码后重新上传，不要另行发送密码。",
        en="The file needs a password to open, so departments cannot read it. Remove the password and "
        "upload it again; do not send us the password.",
    ),
    "unknown-encryption": Text(
        zh="文件以证书或不通用的方式加密，部门无法打开。请另存为未加密的 PDF 后重新上传。",
        en="The file is encrypted with a certificate or an unusual method, so departments cannot open it. "
        "Save it as an unencrypted PDF and upload it again.",
    ),
    "truncated": Text(
        zh="文件不完整，末尾部分缺失，多因上传或复制中断。请核对原文件能否打开，然后重新上传。",
        en="The file is incomplete: its end is missing, usually because an upload or copy was interrupted. "
        "Check that the original opens, then upload it again.",
    ),
    "damaged": Text(
        zh="文件有损坏{where}，须修复才能完整读取，各部门看到的内容可能不一致。请由原件重新导出或扫描后上传。",
        en="The file is damaged{where} and must be repaired before it can be read in full, so departments might see "
        "different content. Export or scan it again from the original and upload that.",
    ),
    "unreadable": Text(
        zh="文件已损坏，无法打开。请由原件重新导出或扫描后上传。",
        en="The file is damaged and cannot be opened. Export or scan it again from the original and upload that.",
    ),
    "no-pages": Text(
        zh="文件中没有任何页面。请检查原文件后重新上传。",
        en="The document has no pages. Check the original and upload it again.",
    ),
    "all-pages-blank": Text(
        zh="全部空白，没有内容可供审查。请检查是否选错文件或扫描时放反，然后重新上传。",
        en="Blank throughout, so there is nothing to review. Check that you chose the right file and "
        "scanned the right side, then upload it again.",
    ),
    "seal-changed": Text(
        zh="文件的电子印章或签名已失效：签章后内容被改动。请向签署单位重新取得原件后直接上传，不要打开后另存；确需修改的，修改后重新签章。",
        en="An electronic seal or signature on the file no longer holds: the content was changed after it was signed. "
        "Get the original again from whoever signed it and upload that, without saving it anew; if it has to be "
        "changed, have it signed again afterwards.",
    ),
    "unseen-portfolio": Text(
        zh="PDF 是“文件包”：页面只是封面，材料在包内，部门看不到。请把包内文件分别“打印为 PDF”后上传。",
        en="The PDF is a portfolio: its page is only a cover, and the papers are files inside, which departments do "
        "not see. Open the files inside, print each to a PDF, and upload those.",
    ),
    "unseen-form": Text(
        zh="PDF 是动态表单（XFA），一般只显示“请稍候”，部门看不到所填内容。请用 Adobe Reader 打开并“打印为 PDF”后上传"
        "。",
        en="The PDF is a dynamic form (XFA): other readers than Adobe's show only a page that says to wait, so "
        "departments cannot see what you filled in. Open it in Adobe Reader, print it to a PDF, and upload that.",
    ),
    "unseen-rights": Text(
        zh="PDF 受权限管理（如 Microsoft 信息保护）加密，部门只见说明页。请由所有者解除保护，另存为普通 PDF 后上传。",
        en="The PDF is protected by rights management (such as Microsoft's), and departments see only a page that "
        "says so. Have its owner remove the protection, save it as an ordinary PDF, and upload that.",
    ),
    "unseen-pictures": Text(
        zh="页面只有图片，而图片数据已损坏，显示为空白。请由原件重新扫描或导出后上传。",
        en="The pages have nothing but pictures, whose data are damaged, so they show as blank. Scan or export it "
        "again from the original and upload that.",
    ),
    "unseen-hidden": Text(
        zh="页面上看不到内容：文字设为不可见或白色，或所在图层被关闭。请打开图层或重新导出，核对能看到内容后上传。",
        en="Nothing can be seen on the pages: the text is invisible or white, or its layer is off. Switch the layer "
        "on or export it again, check that you can see the content, and upload that.",
    ),
    "javascript": Text(
        zh="PDF 含有 JavaScript 脚本{where}，打开时内容可能改变，也有安全风险。请“打印为 PDF”去除脚本后重新上传。",
        en="The PDF contains JavaScript{where}, which can change what is shown and is a security risk. "
        "Print it to a new PDF to remove it, then upload that.",
    ),
    "launch": Text(
        zh="PDF 含有启动外部程序的动作{where}，存在安全风险。请“打印为 PDF”去除该动作后重新上传。",
        en="The PDF contains an action that starts another program{where}, which is a security risk. Print it to a "
        "new PDF to remove it, then upload that.",
    ),
    "over-limits": Text(
        zh="文件过于复杂，超出系统检查上限（{limits}），这不表示内容有误。请“打印为 PDF”，或拆分、简化后重新上传。",
        en="The file is too complex to check (limit: {limits}). This does not mean its content is wrong. "
        "Print it to a new PDF, or split or simplify it, and upload it again.",
    ),
    "too-many-pixels": Text(
        zh="图片为 {width}×{height} 像素，超出系统上限。请以 300 dpi 重新扫描后上传。",
        en="The image is {width} by {height} pixels, which is over our limit. Scan it again at 300 dpi and "
        "upload that.",
    ),
    "image-too-small": Text(
        zh="图片仅 {width}×{height} 像素{where}，文字和印章难以辨认。请以不低于 200 dpi 重新扫描，或靠近重拍后上传。",
        en="The picture has only {width} by {height} pixels{where}, too few to read text and seals. Scan it again at "
        "200 dpi or more, or take the photo again from closer, and upload that.",
    ),
    "too-few-pages": Text(
        zh="共 {pages} 页，该材料至少应有 {bound} 页。请补全缺页后重新上传。",
        en="This paper should have at least {bound} pages; the number found is {pages}. Add the missing pages and "
        "upload it again.",
    ),
    "too-many-pages": Text(
        zh="共 {pages} 页，超过该材料 {bound} 页的上限。请只保留所需内容，重新上传。",
        en="There are {pages} pages, more than the {bound} allowed for this paper. Keep only what is needed and "
        "upload it again.",
    ),
}

# what to do with a file of another kind

_PICTURE = Text(
    zh="请用看图软件打开，“打印为 PDF”或另存为可收的格式",
    en="Open it in an image viewer and print it to PDF, or save it in a format that is taken",
)
_TO_PDF = Text(
    zh="请把照片或扫描件合成一个 PDF（扫描仪选 PDF；手机可在 WPS 或相册中“打印 › 存为 PDF”）",
    en="Make one PDF of the photos or scans: choose PDF on the scanner, or on a phone print them to PDF",
)
_UNPACK = Text(zh="请先解压，从中选出这份材料的文件", en="Unpack it and choose this paper's file from what is inside")
WAYS = {
    Other.WORD: Text(
        zh="请在 Word 或 WPS 中“文件 › 输出为 PDF”（Word：“另存为 › PDF”）",
        en="In Word, save it as PDF; in WPS, choose File › Export to PDF",
    ),
    Other.EXCEL: Text(
        zh="请在 Excel 或 WPS 表格中“文件 › 输出为 PDF”，并核对分页",
        en="In Excel or WPS, export it to PDF and check the page breaks",
    ),
    Other.SLIDES: Text(zh="请在 PowerPoint 或 WPS 演示中“输出为 PDF”", en="In PowerPoint or WPS, export it to PDF"),
    Other.WPS: Text(zh="请在 WPS 中“文件 › 输出为 PDF”", en="In WPS, choose File › Export to PDF"),
    Other.LOCKED_OFFICE: Text(
        zh="请输入密码打开它，取消密码后“输出为 PDF”", en="Open it with its password, remove that, and export it to PDF"
    ),
    Other.CAJ: Text(
        zh="请在 CAJViewer 中“打印为 PDF”，或从知网下载 PDF 版",
        en="Print it to PDF in CAJViewer, or download the PDF edition",
    ),
    Other.DWG: Text(
        zh="请在 AutoCAD 等软件中“打印（PLOT）› DWG To PDF”，按图幅逐张输出",
        en="Plot each sheet to PDF (in AutoCAD: DWG To PDF)",
    ),
    Other.AVIF: _PICTURE,
    Other.GIF: _PICTURE,
    Other.BMP: _PICTURE,
    Other.RAR: _UNPACK,
    Other.ARCHIVE: _UNPACK,
    Other.WEB_PAGE: Text(
        zh="这多半是下载失败时保存的登录页或错误页：请登录原网站，重新下载，确认能打开",
        en="It is probably a sign-in or error page that was saved when a download failed: sign in at that website, "
        "download the document again and check that it opens",
    ),
}

# what to do with a file of a kind that other materials take

CONVERSIONS = {
    Kind.PDF: Text(zh="请由原件导出为可收的格式", en="Export the original in a format that is taken"),
    Kind.OFD: Text(
        zh="请在 OFD 阅读器中另存或“打印为 PDF”",
        en="Save it as PDF in an OFD reader, or print it to PDF there",
    ),
    **dict.fromkeys(PICTURES, _TO_PDF),
}

# what leaves the material valid and shows the officer where to look

WARNINGS = {
    "signer-unknown": Text(
        zh="文件带有电子签名，签名后内容未被改动，但签署人的证书不在信任名单内或已过期，系统无法确认是谁签的。"
        "请工作人员核对签署人；申请人不必重新签名。",
        en="The file carries an electronic signature and was not changed after it was signed, but the signer's "
        "certificate is not covered by the trust list or has expired, so who signed is not confirmed. The officer "
        "should check the signer; the applicant need not sign again.",
    ),
    "seal-unknown": Text(
        zh="文件带有电子印章或签名，系统未能验证（不表示无效）。请工作人员用专用阅读器核验。",
        en="The file has an electronic seal or signature that could not be checked here, which does not mean that it "
        "is invalid. The officer should check it with a dedicated reader.",
    ),
    "mended": Text(
        zh="文件结构有小的损坏，两种阅读程序修复后看到的页数和首页一致，可以使用。建议由原件重新导出后再次上传。",
        en="The file's structure is slightly damaged. Two reading programs mend it and see the same pages, so it can "
        "be used; we suggest exporting the original again and uploading that.",
    ),
    "trailing": Text(
        zh="文件结尾之后还有不属于该文件的数据（多为下载时网站附加），未作为材料审查，不影响使用。",
        en="Data that are no part of the document follow its end, usually added by a website while downloading. They "
        "were not examined and do no harm here.",
    ),
    "field-functions": Text(
        zh="PDF 表单自带 Acrobat 内置的格式、求和函数{where}，不影响查看，以页面所见为准，无需处理。",
        en="The form has Acrobat's own functions for formats and sums{where}. They do no harm, and what the page shows "
        "counts. Nothing needs to be done.",
    ),
    "pressed-launch": Text(
        zh="PDF 中有点击后会启动其他程序的链接{where}。请工作人员不要点击；建议“打印为 PDF”去除后再次上传。",
        en="The PDF has a link that starts another program when pressed{where}. Officers should not press it; we "
        "suggest printing it to a new PDF and uploading that.",
    ),
    "active": Text(
        zh="文件{where}除供阅读外还会：{what}。这些内容未执行、未审查。请工作人员留意；建议“打印为 PDF”后再次上传。",
        en="Besides being read, the file can do more{where}: {what}. None of this was run or examined. Officers should "
        "take note; we suggest printing it to a new PDF and uploading that.",
    ),
    "text-unreliable": Text(
        zh="首页带有文字层，但与看到的内容不符（字体缺少编码表），无法据此核对“{name}”或 {uscc}。请工作人员目视核对。",
        en="The text stored with the first page is not what one sees (its fonts lack a table), so it could not be "
        "checked for “{name}” or {uscc}. The officer should check by eye.",
    ),
    "embedded-files": Text(
        zh="文件内带有附件{where}，附件未经检查，也不作为申请材料。确需提交的，请作为单独材料上传。",
        en="The file contains attachments{where}, which were not checked and do not count as part of the "
        "application. If they are needed, upload them as separate papers.",
    ),
    "encrypted": Text(
        zh="PDF 设有权限限制（可打开，但可能不能打印或复制），会妨碍归档。建议另存为无限制的 PDF 后再次上传。",
        en="The PDF opens, but its settings may prevent printing or copying, which hinders filing. We "
        "suggest saving it without restrictions and uploading that.",
    ),
    "foreign-start": Text(
        zh="文件开头有 PDF 以外的数据，可能被其他程序当作另一种文件。请工作人员核对；建议重新导出 PDF 后再次上传。",
        en="There is other data before the start of the PDF, so some programs may take it for another kind "
        "of file. The officer should check; we suggest exporting it again and uploading that.",
    ),
    "blank-pages": Text(
        zh="共 {pages} 页，空白 {blank} 页{where}。请核对是否漏扫；有漏扫的，补齐后重新上传。",
        en="Blank pages: {blank} of {pages}{where}. Check whether a sheet was missed when scanning; if so, scan it "
        "again and upload the whole.",
    ),
    "unreadable-pages": Text(
        zh="有 {count} 页的内容无法解码{where}，可能显示不全。请工作人员核对；建议由原件重新导出后上传。",
        en="Pages whose content cannot be decoded: {count}{where}. They may not display in full. The officer should "
        "check; we suggest exporting the original again and uploading that.",
    ),
    "name-not-checkable": Text(
        zh="首页没有可提取的文字（多为扫描件或照片），无法自动核对企业名称。请工作人员目视核对，申请人无需处理。",
        en="The first page has no text that can be read out (it is probably a scan or photo), so the enterprise's name "
        "could not be checked. The officer should check it by eye; the applicant need do nothing.",
    ),
    "name-missing": Text(
        zh="首页未出现企业名称“{name}”或统一社会信用代码 {uscc}，可能传错材料。请核对；传错的，重新上传。",
        en="The first page mentions neither “{name}” nor the credit code {uscc}: this may be the wrong paper. Check "
        "it, and if it is, upload the right one.",
    ),
    "not-signed": Text(
        zh="该材料应有电子签名或电子印章，文件中未检出。若为纸质盖章扫描件，请工作人员核对印章。",
        en="This paper should carry an electronic signature or seal, but none was found. If it is a scan "
        "of a sealed original, the officer should check the seal.",
    ),
    "text-unknown": Text(
        zh="未能提取首页文字，不代表内容有误。请工作人员打开核对。",
        en="The text of the first page could not be extracted. This does not mean its content is wrong. "
        "The officer should open the file and check.",
    ),
    "readers-disagree": Text(
        zh="该文件经签名或修改过，两种阅读程序读出的内容不一致（{what}），可能被改动。请工作人员核对原件。",
        en="The file was signed or modified, and two reading programs see different content ({what}), so "
        "it may have been altered. The officer should compare it with the original.",
    ),
    "second-reader-failed": Text(
        zh="该文件经签名或修改过，未能用第二种阅读程序复核。请工作人员核对签名。",
        en="The file was signed or modified, and it could not be cross-checked with a second reading "
        "program. The officer should check the signature.",
    ),
    "partly-examined": Text(
        zh="文件很大，超出单次检查上限（{limits}），仅检查了一部分。请工作人员留意，申请人无需处理。",
        en="The file is very large, more than one check can read ({limits}), so only a part of it was checked. The "
        "officer should take note; the applicant need do nothing.",
    ),
}


def reason(code: str, *, on: Sequence[int] = (), **values: object) -> Text:
    """A deficiency or a warning, its places filled in each language; `on` which pages, where that is known.
    Raises KeyError for a code that there is not.
    """
    text = DEFICIENCIES.get(code) or WARNINGS[code]
    zh, en = _on_pages(on)
    chinese = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()} | {"where": zh}
    english = {key: value.en if isinstance(value, Text) else value for key, value in values.items()} | {"where": en}
    return Text(zh=text.zh.format(**chinese), en=text.en.format(**english))


def formats(codes: Iterable[str]) -> Text:
    """The formats that a material may have."""
    *others, last = (code.upper() for code in codes)
    zh, en = ("、".join(others) + " 或 ", ", ".join(others) + " or ") if others else ("", "")
    return Text(zh=zh + last, en=en + last)


def _on_pages(pages: Sequence[int]) -> tuple[str, str]:
    """On which pages, as it stands within a reason in each language; nothing where that is not known."""
    if not pages:
        return "", ""
    listed, more = [str(page) for page in pages], len(pages) >= PAGES_NAMED
    zh, en = ("等", " and others") if more else ("", "")
    called = "page" if len(listed) == 1 else "pages"
    return f"（第 {'、'.join(listed)} 页{zh}）", f" ({called} {', '.join(listed)}{en})"


_NAME_SHOWN = 20  # characters of a file's name at each end: it may be as long as a key of object storage


def of_pages(pages: Iterable[tuple[int, str]], text: Text) -> Text:
    """What is found on some pages of a paper that is handed in as photos: their numbers and files."""
    listed = [(number, _short(name)) for number, name in pages]
    zh = "、".join(f"第 {number} 页（{name}）" for number, name in listed)
    en = ", ".join(f"page {number} ({name})" for number, name in listed)
    return Text(zh=f"{zh}：{text.zh}", en=f"{en[0].upper()}{en[1:]}: {text.en}")


def _short(name: str) -> str:
    return name if len(name) <= 2 * _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…{name[-_NAME_SHOWN:]}"


def of_files(names: Iterable[str], text: Text, *, more: int = 0) -> Text:
    """What is found in some files of a material that is handed in as several: these, and `more` that are not named."""
    short = [_short(name) for name in names]
    zh, en = (f"等 {len(short) + more} 个文件", f" and {more} more") if more > 0 else ("", "")
    return Text(zh=f"{'、'.join(short)}{zh}：{text.zh}", en=f"{', '.join(short)}{en}: {text.en}")
