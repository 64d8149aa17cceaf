"""The `octopus` command: ``python -m api``. Each word is a file in api/commands."""

import os

import typer

from api.commands import (
    backup,
    demo,
    doctor,
    forecast,
    grants,
    import_,
    keys,
    migrate,
    news,
    plan,
    policy,
    promises,
    restore,
    schema,
    serve,
    settings,
    staff,
    verify,
    worker,
)

app = typer.Typer(
    name="octopus",
    help="Octopus Accounts: customer accounts that keep their privacy policy's promises.",
    epilog="Settings are OCTOPUS_* variables or lines of octopus.toml: `octopus settings` shows them all.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and so what people told us
    rich_markup_mode="markdown",
)
RUN, KEEP, BUILD = "Run", "Look after", "Build"
app.command("serve", rich_help_panel=RUN)(serve.serve)
app.command("worker", rich_help_panel=RUN)(worker.worker)
app.command("migrate", rich_help_panel=RUN)(migrate.migrate)
app.command("demo", rich_help_panel=RUN)(demo.demo)
app.command("grants", rich_help_panel=KEEP)(grants.grants)
app.command("settings", rich_help_panel=KEEP)(settings.settings)
app.command("doctor", rich_help_panel=KEEP)(doctor.doctor)
app.command("forecast", rich_help_panel=KEEP)(forecast.forecast)
app.command("promises", rich_help_panel=KEEP)(promises.promises)
app.command("import", rich_help_panel=KEEP)(import_.import_)
app.command("news", rich_help_panel=KEEP)(news.news)
app.command("backup", rich_help_panel=KEEP)(backup.backup)
app.command("restore", rich_help_panel=KEEP)(restore.restore)
app.command("verify", rich_help_panel=KEEP)(verify.verify)
app.add_typer(staff.app, name="staff", rich_help_panel=KEEP)
app.add_typer(keys.app, name="keys", rich_help_panel=KEEP)
app.command("plan", rich_help_panel=BUILD)(plan.plan)
app.add_typer(policy.app, name="policy", rich_help_panel=BUILD)
app.add_typer(schema.app, name="schema", rich_help_panel=BUILD)


def main() -> None:
    """The command line."""
    os.umask(0o077)  # whatever we write is nobody else's
    app(prog_name="octopus")


if __name__ == "__main__":
    main()
