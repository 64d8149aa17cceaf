"""The settings are documented, and what is unknown, wrong or contradictory refuses to start in one sentence."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from api.settings import Settings, WrongSetting
from api.settings.environment import read_settings
from api.settings.smtp import Smtp, smtp_parts
from api.settings.table import describe

PRODUCTION = {
    "OCTOPUS_PROFILE": "production",
    "OCTOPUS_BASE_URL": "https://accounts.example.com",
    "OCTOPUS_SMTP_URL": "smtp://mail.example.com",
    "OCTOPUS_MAIN_URL": "postgres://octopus:hush@db/main?sslmode=verify-full",
    "OCTOPUS_KEYSTORE_URL": "postgres://octopus:hush@db/keys?sslmode=verify-full",
}


def refusal(environment: dict[str, str], folder: Path) -> str:
    with pytest.raises(WrongSetting) as refused:
        read_settings(environment, folder)
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    """Development starts without a single setting."""
    settings = read_settings({}, tmp_path)

    assert settings.main_url == "sqlite:///var/octopus.db"
    assert settings.base_url == "http://localhost:8000"
    assert settings.ad_hoc


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Both are read; what follows from another setting follows it."""
    (tmp_path / "octopus.toml").write_text('port = 8080\ndata_dir = "/srv/octopus"\ntrusted_proxies = ["10.0.0.0/8"]')

    settings = read_settings({"OCTOPUS_PORT": "9000", "OCTOPUS_CLOCK_OFFSET": "P400DT1H"}, tmp_path)

    assert settings.port == 9000
    assert settings.key_file == Path("/srv/octopus/keys.json")
    assert settings.main_url == "sqlite:////srv/octopus/octopus.db"
    assert settings.trusted_proxies == ("10.0.0.0/8",)
    assert settings.clock_offset == timedelta(days=400, hours=1)


@pytest.mark.asvs("13.3.1")
def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """As container platforms hand secrets over."""
    (tmp_path / "smtp").write_text("smtp://octopus:hush%40@mail.example.com:2525?tls=none\n")

    settings = read_settings({"OCTOPUS_SMTP_URL_FILE": str(tmp_path / "smtp")}, tmp_path)

    assert settings.smtp == Smtp("mail.example.com", 2525, "octopus", "hush@", "none")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"OCTOPUS_PROT": "1"}, "OCTOPUS_PROT is no setting; perhaps OCTOPUS_PORT"),
        ({"OCTOPUS_PORT_FILE": "/x"}, "OCTOPUS_PORT_FILE is no setting"),
        ({"OCTOPUS_PORT": "many"}, "OCTOPUS_PORT: expected a whole number from 0 to 65535, not 'many'"),
        ({"OCTOPUS_PORT": "70000"}, "OCTOPUS_PORT"),
        ({"OCTOPUS_PROFILE": "prod"}, "OCTOPUS_PROFILE: expected development or production"),
        ({"OCTOPUS_AD_HOC": "perhaps"}, "OCTOPUS_AD_HOC: expected true or false"),
        ({"OCTOPUS_BASE_URL": "localhost:8000"}, "OCTOPUS_BASE_URL"),
        ({"OCTOPUS_TRUSTED_PROXIES": "10.0.0.1/8"}, "OCTOPUS_TRUSTED_PROXIES"),
        ({"OCTOPUS_CLOCK_OFFSET": "P"}, "OCTOPUS_CLOCK_OFFSET: expected a duration"),
        ({"OCTOPUS_LOCATION": "US"}, "OCTOPUS_LOCATION: data is kept in GB"),
        ({"OCTOPUS_MAIN_URL": "mysql://x"}, "OCTOPUS_MAIN_URL"),
        ({"OCTOPUS_MAIN_URL": "sqlite:///a", "OCTOPUS_KEYSTORE_URL": "sqlite:///a"}, "OCTOPUS_KEYSTORE_URL"),
        ({"OCTOPUS_SMTP_URL": "smtp://m", "OCTOPUS_LETTERS_DIR": "l"}, "OCTOPUS_LETTERS_DIR contradicts"),
        ({"OCTOPUS_SMTP_URL": "smtp://m", "OCTOPUS_SMTP_URL_FILE": __file__}, "OCTOPUS_SMTP_URL"),
        ({"OCTOPUS_SMTP_URL_FILE": "/nowhere"}, "OCTOPUS_SMTP_URL_FILE: /nowhere cannot be read"),
        ({"OCTOPUS_CONFIG": "/nowhere.toml"}, "OCTOPUS_CONFIG: there is no file /nowhere.toml"),
        (PRODUCTION | {"OCTOPUS_BASE_URL": "http://accounts.example.com"}, "OCTOPUS_BASE_URL: production needs"),
        ({key: PRODUCTION[key] for key in PRODUCTION if "SMTP" not in key}, "OCTOPUS_SMTP_URL: production needs"),
        (PRODUCTION | {"OCTOPUS_CLOCK_OFFSET": "P1D"}, "OCTOPUS_CLOCK_OFFSET"),
        ({"OCTOPUS_TLS_CERT": "/srv/cert.pem"}, "OCTOPUS_TLS_CERT and OCTOPUS_TLS_KEY: one needs the other"),
        ({"OCTOPUS_SECURITY_CONTACT": "ask us"}, "OCTOPUS_SECURITY_CONTACT: expected mailto:"),
    ],
)
def test_a_wrong_setting_refuses_in_a_sentence_that_names_it(
    environment: dict[str, str], named: str, tmp_path: Path
) -> None:
    """One sentence, no traceback, the setting's name first."""
    assert refusal(environment, tmp_path).startswith(named)


@pytest.mark.parametrize("line", ["prot = 1", "port = true", "port = 80.5", "base_url = 5", "port = "])
def test_the_file_is_as_strict_as_the_environment(line: str, tmp_path: Path) -> None:
    """An unknown key, a wrong type and a broken file name the file."""
    (tmp_path / "octopus.toml").write_text(line)

    assert "octopus.toml" in refusal({}, tmp_path)


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    """The sentence says what is expected and keeps what was given to itself."""
    assert "hush" not in refusal({"OCTOPUS_SMTP_URL": "smtps://octopus:hush@mail.example.com"}, tmp_path)


def test_production_starts_with_what_it_needs(tmp_path: Path) -> None:
    """Ad-hoc queries are off until asked for; PostgreSQL is nothing to warn of, SQLite is."""
    settings = read_settings(PRODUCTION, tmp_path)

    assert not settings.ad_hoc
    assert settings.warnings() == []
    assert len(read_settings(PRODUCTION | {"OCTOPUS_MAIN_URL": "sqlite:///var/a.db"}, tmp_path).warnings()) == 1


def test_every_setting_is_documented(tmp_path: Path) -> None:
    """Each has a sentence, and a secret's value is never shown."""
    settings = read_settings(PRODUCTION, tmp_path)

    described = describe(settings)

    assert len(described) == len(fields(Settings))
    assert all(one.about.endswith((".", "…")) and one.name.startswith("OCTOPUS_") for one in described)
    assert not any("hush" in (one.value or "") for one in described)


@pytest.mark.parametrize(("url", "port"), [("smtp://m", 587), ("smtp://m?tls=tls", 465), ("smtp://m:25?tls=none", 25)])
def test_a_mail_server_has_its_usual_port(url: str, port: int) -> None:
    """587 with STARTTLS, 465 with TLS from the start."""
    assert smtp_parts(url).port == port
