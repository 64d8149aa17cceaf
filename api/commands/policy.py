"""octopus policy"""

import typer

from models.policy import load

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
    policy = load()
    print("| record | kept | clause |")
    print("|---|---|---|")
    for entity in policy.inventory.entities:
        if entity.section is not None:
            rule = policy.rule(entity.rule)
            print(f"| {entity.title.en} | {rule.kept('en')} | {rule.clause} |")
