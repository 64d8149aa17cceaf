"""What the tests of this folder share: an ear on what is said to the databases."""

from tests.statements import statements  # noqa: F401  a fixture
