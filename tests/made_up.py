"""A made-up screening with everything a report must cope with, and a builder for small ones."""

from __future__ import annotations

from screening.draft import Draft, DraftBuilder, Span, Unscreened
from screening.finding import (
    AlteredPart,
    Basis,
    Category,
    CopiedPassage,
    CreditQuote,
    Evidence,
    Failure,
    Finding,
    LexiconEvidence,
    ReproductionEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
    Versions,
    WorkRecord,
)

HOSTILE = (
    "<script>alert(1)</script>“onload=x” <b>&amp; \x1b[31m红\u202etxt.exe "
    "|表格| **粗** `x` [点](javascript:alert(1))"
)

PARAGRAPHS = (
    "为进一步做好2026级新生入学工作，经学校研究决定，现将有关事项通知如下。请各学院认真组织落实。",
    "根据【机密】级文件精神，内部会议纪要中明确的招生计划调整方案暂不对外公布，请各单位注意保密。",
    "新生张同学（身份证号11010519********2X，电话138****5678）已报到，其家庭情况已由辅导员核实。",
    "校党委书记将出席开学典礼并讲话。据网传消息，隔壁学校已有多名学生因食物中毒住院，真假不明。",
    "扫码加微信即可领取最强考研资料，史上最低价，名额有限，欲购从速！",
    HOSTILE,
    "👨‍👩‍👧 迎新志愿者报名截止日期为8月25号，联系邮箱 welcome@example.edu.cn 。"
    + "祝大家学业进步，" * 12
    + "再见。",
)

#: rule → category, severity, basis, message, advice
RULES = {
    "SEC001": (
        *(Category.SECRECY, Severity.BLOCK, Basis(16)),
        *("出现国家秘密的密级标志。", "立即停止传播，核实来源；涉密内容一律不得上网。"),
    ),
    "INT003": (
        *(Category.INTERNAL, Severity.REVIEW, Basis(16)),
        *("引用了内部文件或会议纪要。", "改用已公开的表述，或先征得发文部门同意。"),
    ),
    "PER001": (
        *(Category.PERSONAL, Severity.BLOCK, Basis(12)),
        *("公开了完整的身份证号。", "删去证件号码，必要时只写姓氏和班级。"),
    ),
    "MAJ004": (
        *(Category.MAJOR, Severity.ESCALATE, Basis(12)),
        *("涉及校领导重要活动。", "由部门审核后报宣传部审核，待校级平台首发后转载。"),
    ),
    "OPI002": (
        *(Category.OPINION, Severity.ESCALATE, Basis(14)),
        *("涉及突发事件。", "先报部门负责人和宣传部，按统一口径发布。"),
    ),
    "RUM001": (
        *(Category.RUMOR, Severity.REVIEW, Basis(22, 5)),
        *("转述了未经证实的消息。", "核实后注明权威来源，不能核实的删去。"),
    ),
    "ADV011": (
        *(Category.ADVERTISING, Severity.REVIEW, Basis(22, 6)),
        *("疑似商业推广。", "与学校工作无关的推广请删去；确需保留的注明“广告”。"),
    ),
    "WOR020": (
        *(Category.WORDING, Severity.NOTICE, Basis(19)),
        *("公文里的日期宜用“日”<b>。", "把“号”改为“日” </script>。"),
    ),
}


def made_up_draft() -> Draft:
    """Return a draft with every kind of field that reports show apart."""
    builder = DraftBuilder("docx", path="稿件/关于2026级新生入学工作的通知（最终修改稿）.docx")
    builder.add("title", "关于做好2026级新生入学工作的通知", "标题")
    builder.add("header", "温州职业技术学院 内部文件", "页眉")
    for number, text in enumerate(PARAGRAPHS, 1):
        builder.add("body", text, f"第{number}段")
    builder.add("body", "报到时间", "表1第1行第1列")
    builder.add("body", "9月1号", "表1第1行第2列")
    builder.add("links", "javascript:alert(document.cookie)", "链接1")
    builder.add("hidden", "这一行设成了隐藏文字：转发抽奖，稳赚不赔", "隐藏1")
    return builder.build()


def finding(
    draft: Draft, rule: str, words: str, evidence: Evidence | None = None, field: str = "body"
) -> Finding:
    """Return a finding of a rule in :data:`RULES` at the first place where ``words`` stand."""
    category, severity, basis, message, advice = RULES[rule]
    start = draft.fields[field].index(words)
    return Finding(
        stage="lexicon",
        rule=rule,
        category=category,
        severity=severity,
        span=Span(field, start, start + len(words)),
        message=message,
        advice=advice,
        basis=(basis,),
        evidence=evidence or LexiconEvidence(words, words),
        id=f"{rule}-{field}-{start}",
    )


def made_up() -> Screening:
    """Return a screening with all severities, overlapping and nested spans and hostile text."""
    draft = made_up_draft()
    poison = draft.fields["body"].index("食物中毒")
    ill = LexiconEvidence(
        "学生…住院", "学生因食物中毒住院", related=(Span("body", poison, poison + 4),)
    )
    homophone = LexiconEvidence("加微信", "加徽信", "homophone", "书名：考研资料")
    findings = (
        finding(draft, "MAJ004", "校党委书记将出席开学典礼"),
        finding(draft, "SEC001", "机密"),
        finding(draft, "INT003", "【机密】级文件精神，内部会议纪要"),
        finding(draft, "INT003", "内部会议纪要中明确的招生计划"),
        finding(draft, "PER001", "11010519********2X"),
        finding(draft, "OPI002", "多名学生因食物中毒住院", ill),
        finding(draft, "RUM001", "据网传消息"),
        finding(draft, "ADV011", "加微信即可领取最强考研资料，史上最低价", homophone),
        finding(draft, "ADV011", "稳赚不赔", field="hidden"),
        finding(draft, "WOR020", "8月25号"),
        finding(draft, "WOR020", "9月1号"),
        finding(draft, "RUM001", HOSTILE),
    )
    return Screening(
        draft=draft,
        verdict=Verdict.BLOCK,
        route=Route(
            Target.PUBLICITY, ("有须报宣传部的内容：重大事项、突发与舆情（第12条、第14条）",)
        ),
        findings=findings,
        failures=(),
        unscreened=(Unscreened("图片 image1.png", "没有替代文字，图里的字没有审查"),),
        versions=Versions("0.1.0", "sha256:" + "ab" * 32),
        elapsed_ms={"total": 12.5, "lexicon": 9.25},
    )


def small(
    text: str = "今天下雨。",
    severity: Severity | None = None,
    *,
    verdict: Verdict = Verdict.PASS,
    unscreened: tuple[Unscreened, ...] = (),
    failures: tuple[Failure, ...] = (),
) -> Screening:
    """Return a one-line screening, with one finding over all of it where ``severity`` is given."""
    builder = DraftBuilder("text", encoding="utf-8")
    builder.add("body", text, "第1段")
    draft = builder.build()
    basis = (Basis(19),)
    found = Finding(
        stage="lexicon",
        rule="WOR001",
        category=Category.WORDING,
        severity=severity or Severity.NOTICE,
        span=Span("body", 0, len(text)),
        message="用语不当。",
        advice="请修改。",
        basis=basis,
        evidence=LexiconEvidence(text, text),
        id="WOR001-1",
    )
    return Screening(
        draft=draft,
        verdict=verdict,
        route=Route(Target.DEPARTMENT),
        findings=(found,) if severity else (),
        failures=failures,
        unscreened=unscreened,
        versions=Versions("0.1.0", "sha256:00"),
        elapsed_ms={"total": 1.0},
    )


def reprint() -> Screening:
    """Return a screening with passages taken from a work, changed and half credited."""
    builder = DraftBuilder("text", path="稿件/新桥.txt", encoding="utf-8")
    builder.add("title", "新桥通车", "标题")
    builder.add("body", "五千多名市民步行走过新桥<b>，桥墩打到江底。", "第1段")
    builder.add("body", "《澜江大桥管理办法》同日施行。", "第2段")
    builder.add("body", "来源：江畔晚报", "第3段")
    draft = builder.build()
    body = draft.fields["body"]
    law, credit = body.index("《"), body.index("来源")
    evidence = ReproductionEvidence(
        work=WorkRecord(
            "w1",
            "桥上的人 <i>",
            "宋知微",
            "江畔晚报",
            "https://news.example.com/bridge.html",
            "2025-03-06",
            own=False,
            licence="unknown",
        ),
        passages=(
            CopiedPassage(0, law - 1, 10, 31, 0.9, "三千多名市民步行走过新桥<b>，桥墩打到岩层。"),
            CopiedPassage(law, credit - 1, 40, 55, 1.0, body[law : credit - 1], "law"),
        ),
        share=0.4286,
        attribution="incomplete",
        credit=CreditQuote("来源：江畔晚报", credit, len(body)),
        altered=(AlteredPart("number", "五千", "三千", 0, 2),),
        also=("《桥》（澜城日报，2025-03-07）",),
    )
    found = Finding(
        stage="reproduction",
        rule="REP003",
        category=Category.REPRODUCTION,
        severity=Severity.REVIEW,
        span=Span("body", 0, law - 1),
        message="这些文字来自《桥上的人》，稿中没有写明作者。",
        advice="补全署名：“来源：江畔晚报　作者：宋知微”。",
        basis=(Basis(21),),
        evidence=evidence,
        id="REP003-1",
    )
    return Screening(
        draft=draft,
        verdict=Verdict.REVIEW,
        route=Route(Target.DEPARTMENT),
        findings=(found,),
        failures=(),
        unscreened=(),
        versions=Versions("0.1.0", "sha256:00", works="sha256:11"),
        elapsed_ms={"total": 1.0},
    )
