"""One-time codes, of which only a keyed digest is kept; identity providers, and what they told of people."""

import functools
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from paraph.evidence import Means

from paraph_server.accounts.models import Tenant, User
from paraph_server.web import ids

LIFETIME = timedelta(minutes=10)
TRIES = 5


class Code(models.Model):
    """A code sent to one address for one subject; the newest is the only one that counts."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "cod"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)  # the id of whom it identifies
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254)  # an e-mail address, or a telephone number in E.164
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["subject", "-issued_at"]),)

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + LIFETIME


class Provider(models.Model):
    """Somebody who vouches for people's identity, and how this organisation is known to them."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "idp"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    """One of the means that `openid.kinds` knows rules for."""
    name = models.CharField(max_length=60)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    secret = models.BinaryField()
    """What we show who we are with, encrypted."""
    acr = models.CharField(max_length=100, blank=True)
    """The assurance that is asked for: values of `acr`, any of which will do."""
    assurance = models.PositiveSmallIntegerField(default=0)
    """What its word is worth where its `acr` does not say: `paraph.evidence.level.Assurance`."""
    key = models.BinaryField()
    """What it encrypts for: a private JWK, encrypted. Its public half lies at `/openid/<id>/keys`."""
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")

    @property
    def means(self) -> Means:
        return Means(self.kind)


class SignIn(models.Model):
    """Somebody who goes to a provider to prove who they are, once; and what came of it."""

    class Outcome(models.TextChoices):
        BEGUN = "begun"
        PROVEN = "proven"
        DOUBTFUL = "doubtful"
        """The names leave doubt: somebody of the organisation decides."""
        ACCEPTED = "accepted"
        """Somebody decided that the names are the same person's: the next sign-in under them is a proof."""
        REFUSED = "refused"

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "idy"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)  # the id of whom it identifies
    began_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    """When a browser came back with an answer: only the first one counts."""
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.BEGUN)
    problem = models.CharField(max_length=40, blank=True)
    """The code of the error, where it was refused."""
    acr = models.CharField(max_length=100, blank=True)
    score = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    """What the comparison of names noticed: `names.Reason`."""
    match = models.CharField(max_length=64, blank=True)
    """A keyed digest of the proven person with the invited names: what a decision is about."""
    identity = models.BinaryField(null=True)
    """Names, date of birth and pseudonym as they were proven, encrypted; forgotten after `keep_until`."""
    keep_until = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision = models.TextField(blank=True)
    """Why, in their words."""

    class Meta:
        indexes = (
            models.Index(fields=["subject", "-began_at"], name="sign_ins_of_subject"),
            models.Index(fields=["keep_until"], name="sign_ins_to_forget", condition=models.Q(identity__isnull=False)),
        )


class SharedSecret(models.Model):
    """A question to which the sender and the signer know the answer; of the answer, a keyed slow hash."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "sec"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32, unique=True)  # the id of whom it identifies
    question = models.CharField(max_length=200)
    digest = models.CharField(max_length=200)
    wrong = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class PaperKind(models.TextChoices):
    """Those that the RGS accepts for certificates of two and three stars."""

    IDENTITY_CARD = "identity-card", _("Identity card")
    PASSPORT = "passport", _("Passport")
    RESIDENCE_PERMIT = "residence-permit", _("Residence permit")


class Paper(models.Model):
    """An identity document that somebody of the organisation has looked at, with its holder before them."""

    id = models.CharField(primary_key=True, max_length=32, default=functools.partial(ids.new, "idc"))
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)  # the id of whom it identifies
    names = models.CharField(max_length=130)
    """The invited person's, which are those of the document."""
    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    country = models.CharField(max_length=2)
    number_end = models.CharField(max_length=4)
    """Enough to recognise the document, too little to misuse it."""
    expires_on = models.DateField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    good_until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["subject", "-checked_at"]),)
