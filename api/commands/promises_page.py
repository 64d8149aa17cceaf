"""The compliance report as a page to read and to print: what it comes to first, then clause by clause, then how to check it."""

from html import escape

from models.policy.durations import plain
from models.retention.compliance import ComplianceReport, PromiseKept

STYLE = """
:root{--ink:#1b2430;--soft:#5b6675;--line:#d9dee5;--good:#0b6b3a;--bad:#a3161c;--wait:#7a5200;--paper:#fff;--band:#f5f7f9}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:72rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
.when{color:var(--soft);margin:0 0 1.5rem}.sums{display:grid;grid-template-columns:repeat(4,1fr);gap:1rem;margin:0 0 2rem;padding:0}
.sums div{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}.sums dt{color:var(--soft);font-size:.85rem}
.sums dd{margin:0;font-size:1.6rem;font-variant-numeric:tabular-nums;font-weight:600}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.5rem .6rem}
thead th{border-bottom:2px solid var(--ink);font-size:.8rem;color:var(--soft);font-weight:600}
tbody tr{border-bottom:1px solid var(--line)}
tbody tr:nth-child(even){background:var(--band)}td small{display:block;color:var(--soft)}.n{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}.state{white-space:nowrap}.good,.bad,.wait{font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}.wait{color:var(--wait)}
.proof{margin-top:2rem;border-top:2px solid var(--ink);padding-top:1rem;font-size:.85rem;color:var(--soft)}
.proof code{color:var(--ink);overflow-wrap:anywhere}.proof dt{font-weight:600;margin-top:.5rem}.proof dd{margin:0}
@media(max-width:48rem){.sums{grid-template-columns:repeat(2,1fr)}main{padding:1.5rem 1rem}.wide{overflow-x:auto}}
@page{size:A4 landscape;margin:12mm}@media print{main{max-width:none;padding:0}body{font-size:10pt}
thead{display:table-header-group}tr,.sums div{break-inside:avoid}}
"""
HEAD = (
    ("Clause", ""), ("Promise", ""), ("Limit", ""), ("State", ""), ("Measured", "n"), ("Kept", "n"), ("Broken", "n"),
    ("Open", "n"), ("Most urgent", "n"), ("Worst", "n"), ("95 of 100 within", "n"),
)  # fmt: skip


def page(report: ComplianceReport) -> str:
    """A whole HTML document, without scripts and without anything loaded from elsewhere."""
    promises = report.promises
    sums = {
        "Promises": len(promises),
        "Broken": sum(one.measure.broken > 0 for one in promises),
        "Cases measured": sum(one.measure.measured for one in promises),
        "Cases open": sum(one.measure.open for one in promises),
    }
    head = "".join(_cell('th scope="col"', text, kind) for text, kind in HEAD)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Promises kept, {report.start} to {report.end}</title>\n<style>{STYLE}</style>\n<main>\n"
        f"<h1>Octopus Telecom Ltd: promises of the privacy policy</h1>\n"
        f'<p class="when">{report.start:%-d %B %Y} to {report.end:%-d %B %Y}, measured '
        f"{report.generated_at:%-d %B %Y, %H:%M} UTC</p>\n"
        f'<dl class="sums">{"".join(map(_sum, sums.items()))}</dl>\n<div class="wide"><table>\n<thead><tr>'
        f"{head}</tr></thead>\n"
        f"<tbody>\n{''.join(map(_line, promises))}</tbody>\n</table></div>\n{_proof(report)}\n</main>\n</html>"
    )


def span(seconds: int | None) -> str:
    """So long, in the largest unit that it fills."""
    if seconds is None:
        return ""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds} s"


def _sum(one: tuple[str, int]) -> str:
    name, count = one
    kind = ' class="bad"' if name == "Broken" and count else ""
    return f"<div><dt>{name}</dt><dd{kind}>{count:,}</dd></div>"


def _line(one: PromiseKept) -> str:
    promise, measure = one.promise, one.measure
    state, kind = _state(one)
    counts = [f"{count:,}" for count in (measure.measured, measure.kept, measure.broken, measure.open)]
    urgent = f"{measure.next_ceiling_at:%Y-%m-%d %H:%M}" if measure.next_ceiling_at else ""
    limit = "" if promise.span is None else "at once" if not promise.span else plain(promise.span, "en")
    title = f"{escape(promise.title.en)}<small>{escape(promise.evidence)}</small>"
    cells = [
        _cell('th scope="row"', promise.clause), f"<td>{title}</td>", _cell("td", limit, "state"),
        f'<td class="state {kind}">{state}</td>', *(_cell("td", count, "n") for count in counts), _cell("td", urgent, "n"),
        _cell("td", span(measure.worst_seconds), "n"), _cell("td", span(measure.p95_seconds), "n"),
    ]  # fmt: skip
    return f"<tr>{''.join(cells)}</tr>\n"


def _state(one: PromiseKept) -> tuple[str, str]:
    """In a word, which a reader who sees no colours can read as well."""
    if one.measure.broken:
        return "Broken", "bad"
    if one.measure.measured:
        return "Kept", "good"
    return ("Open", "wait") if one.measure.open else ("No case", "wait")


def _cell(tag: str, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f"<{tag}{marked}>{escape(text)}</{tag.split()[0]}>"


def _proof(report: ComplianceReport) -> str:
    return (
        f'<section class="proof"><p>This page shows the signed report. <code>octopus promises --as json</code> gives the '
        f"document itself, and <code>octopus verify FILE</code> checks it: the signature is Ed25519 over the document's bytes.</p>"
        f"<dl><dt>SHA-256 of the document</dt><dd><code>{report.sha256}</code></dd>"
        f"<dt>Signature</dt><dd><code>{report.signature}</code></dd>"
        f"<dt>Key</dt><dd><code>{report.key_id}</code></dd></dl></section>"
    )
