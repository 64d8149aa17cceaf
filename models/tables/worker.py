"""What the workers know of each other: who leads a duty, who is alive, how far the clock went."""

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import reference


class Lease(Model):
    """One duty that only one worker runs at a time."""

    name = fields.CharField(max_length=40, primary_key=True)
    holder = reference(40)
    until = fields.DatetimeField()

    class Meta:
        table = "lease"


class Beat(Model):
    """A worker's last sign of life, and the clock it saw."""

    worker = fields.CharField(max_length=40, primary_key=True)
    at = fields.DatetimeField()
    started_at = fields.DatetimeField()
    steady = fields.FloatField(default=0)

    class Meta:
        table = "beat"
