"""octopus policy"""

from pathlib import Path

import typer

from models.policy import Policy, load

HOUSE = Path(__file__).parents[2]
BEGINS, ENDS = "<!-- octopus policy write -->", "<!-- end -->"

app = typer.Typer(help="The privacy policy as data.", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """The privacy policy as data."""


@app.command()
def ropa() -> None:
    """The record of processing activities (Article 30), as Markdown, from the inventory."""
    policy = load()
    inventory = policy.inventory
    print(f"# Record of processing: {policy.company.name} (reg. no. {policy.company.registration_number})\n")
    print("| purpose | legal basis | DPV | clauses | records and fields | retention |")
    print("|---|---|---|---|---|---|")
    for name, purpose in inventory.purposes.items():
        held = {
            entity: [field for field in entity.fields if name in field.purposes and field.shown]
            for entity in inventory.entities
        }
        records = "; ".join(
            f"{entity.title.en}: {', '.join(field.title.en for field in fields)}"
            for entity, fields in held.items()
            if fields
        )
        rules = sorted({policy.rule(field.rule).kept("en") for fields in held.values() for field in fields})
        cells = (
            purpose.title.en,
            inventory.bases[purpose.basis].en,
            purpose.dpv,
            ", ".join(purpose.clauses),
            records,
            "; ".join(rules),
        )
        print("| " + " | ".join(cells) + " |")


@app.command()
def retention() -> None:
    """How long each kind of record is kept, as Markdown, from the inventory and the rules."""
    print(kept(load()))


@app.command()
def write() -> None:
    """Write the table of the README's section on retention anew."""
    readme = HOUSE / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8"), kept(load())), "utf-8")
    print("Wrote README.md.")


def kept(policy: Policy) -> str:
    """The table: what is kept under each rule, how long, and the clause that says so."""
    held: dict[str, list[str]] = {}
    for entity in policy.inventory.entities:
        if any(field.class_name != "technical" for field in entity.fields):
            held.setdefault(entity.rule, []).append(_inside(entity.title.en))
    lines = ["| what | kept | clause |", "|---|---|---|"]
    for name, records in sorted(held.items(), key=lambda one: _number(policy.rule(one[0]).clause)):
        rule = policy.rule(name)
        records[0] = records[0][0].upper() + records[0][1:]
        lines.append(f"| {', '.join(records)} | {rule.kept('en')} | {rule.clause} |")
    return "\n".join(lines)


def with_table(text: str, table: str) -> str:
    """A text with the table between its marks. Raises ValueError where it has none."""
    before, rest = text.split(BEGINS, 1)
    after = rest.split(ENDS, 1)[1]
    return f"{before}{BEGINS}\n{table}\n{ENDS}{after}"


def _inside(title: str) -> str:
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def _number(clause: str) -> tuple[int, ...]:
    return tuple(map(int, clause.split(".")))
