"""What a setting is called in the environment."""

PREFIX = "OCTOPUS_"
ELSEWHERE = {"OCTOPUS_CONFIG", "OCTOPUS_REQUIRE_BROWSER"}  # ours, but no settings of the service


def variable(name: str) -> str:
    """A setting's name in the environment."""
    return PREFIX + name.upper()
