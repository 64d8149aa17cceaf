"""Development's page for trying operations out: one file, nothing from elsewhere, its script allowed by a nonce."""

from string import Template

from starlette.types import Send

from api.graphql_answer import reply
from api.graphql_request import refuse_forged
from api.heads import Scope
from api.settings import Settings
from models.world import World

PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>$path — try it out</title>
<meta name="viewport" content="width=device-width">
<style nonce="$nonce">
  body { margin: 0; height: 100vh; display: grid; grid-template: auto 1fr 9rem / 1fr 1fr; gap: 1px; background: #bbb;
         font: 15px/1.5 system-ui, sans-serif; color: #1d1d2b; }
  header { grid-column: 1 / 3; background: #fff; padding: .6rem 1rem; display: flex; gap: 1rem; align-items: center; }
  h1 { font-size: 1rem; margin: 0; flex: 1; } button { font: inherit; padding: .3rem 1.2rem; }
  label { display: flex; flex-direction: column; background: #fff; padding: .4rem .6rem; font-size: .8rem; }
  textarea, pre { flex: 1; border: 0; margin: 0; padding: .6rem; background: #fff; overflow: auto; resize: none;
                  font: 14px/1.5 ui-monospace, monospace; }
  pre { grid-row: 2 / 4; grid-column: 2; white-space: pre-wrap; } .wait { opacity: .5; }
  @media (prefers-color-scheme: dark) { body, header, label, textarea, pre { background: #1d1d2b; color: #eee; } }
</style>
<header><h1>POST $path</h1><span id="took" role="status"></span><button id="types">Types</button>
<button id="run" title="Ctrl+Enter">Run</button></header>
<label>Operation <textarea id="query" spellcheck="false" autofocus></textarea></label>
<pre id="result" tabindex="0" aria-label="Result"></pre>
<label>Variables <textarea id="variables" spellcheck="false"></textarea></label>
<script nonce="$nonce">
  const at = id => document.getElementById(id);
  at("query").value = sessionStorage.query ?? "query WhoAmI {\\n  __typename\\n}\\n";
  at("variables").value = sessionStorage.variables ?? "{}";
  const types = "{ __schema { queryType { name } mutationType { name } types { kind name " +
    "fields { name args { name type { ...T } } type { ...T } } inputFields { name type { ...T } } " +
    "enumValues { name } possibleTypes { name } } } } " +
    "fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";
  const spelled = t => t.kind === "NON_NULL" ? spelled(t.ofType) + "!"
    : t.kind === "LIST" ? `[$${spelled(t.ofType)}]` : t.name;
  const typed = f => f.name + ": " + spelled(f.type), given = f => f.args.map(typed).join(", ");
  const call = f => f.name + (f.args.length ? `($${given(f)})` : "") + ": " + spelled(f.type);
  const lines = t => [...(t.fields ?? []).map(call), ...(t.inputFields ?? []).map(typed),
    ...(t.enumValues ?? []).map(v => v.name), ...(t.kind === "UNION" ? t.possibleTypes.map(p => p.name) : [])];
  const outline = schema => schema.types.filter(t => !t.name.startsWith("__"))
    .map(t => [t.kind.toLowerCase() + " " + t.name, ...lines(t)].join("\\n  ")).join("\\n\\n");
  async function send(query, variables) {
    const begun = performance.now(), headers = { "Content-Type": "application/json", "X-Octopus-Client": "ide",
      Accept: "application/graphql-response+json" };
    at("result").className = "wait";
    try {
      const answer = await fetch("$path", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
      const found = await answer.json();
      at("took").textContent = `$${answer.status}, $${Math.round(performance.now() - begun)} ms`;
      return found;
    } finally { at("result").className = ""; }
  }
  const show = text => { at("result").textContent = text; };
  async function run() {
    sessionStorage.query = at("query").value; sessionStorage.variables = at("variables").value;
    try { show(JSON.stringify(await send(at("query").value, JSON.parse(at("variables").value || "{}")), null, 2)); }
    catch (trouble) { show(String(trouble)); }
  }
  at("run").onclick = run;
  at("types").onclick = async () => show(outline((await send(types, {})).data.__schema));
  addEventListener("keydown", key => { if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) run(); });
</script></html>
""")


async def answer(scope: Scope, send: Send, world: World, settings: Settings) -> None:
    """The page. Raises HttpRefusal when another site leads here."""
    refuse_forged(scope, settings, named=False)
    nonce = world.new_secret()
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    body = PAGE.substitute(path=scope["path"], nonce=nonce).encode()
    await reply(send, 200, body, "text/html", [(b"content-security-policy", policy.encode())])
