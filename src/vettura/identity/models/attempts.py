"""How often somebody tried lately, so that guessing takes longer and longer."""

from django.db import models

from vettura.foundation.audit import not_audited


@not_audited("a counter behind a keyed hash, which names nobody")
class Attempts(models.Model):
    """
    The tries of one kind at one account, or from one place, since the last pause that was long enough.

    The key is a keyed hash: the table tells nobody which addresses were tried. All times are real time.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.count} attempts"
