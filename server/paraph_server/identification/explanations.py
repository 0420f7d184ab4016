"""What the matching of names noticed, in sentences for those who decide."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from paraph_server.identification.names import Reason

SENTENCES = {
    Reason.AGREE: gettext_lazy("First name and family name agree."),
    Reason.ONE_OF_SEVERAL: gettext_lazy("The invitation names one or some of several first names."),
    Reason.USUAL_NAME: gettext_lazy("The invitation gives the usual name instead of the name at birth."),
    Reason.BOTH_NAMES: gettext_lazy("The invitation gives the name at birth and the usual name together."),
    Reason.SPELLING: gettext_lazy("A name differs by a letter: a typing mistake, or somebody else’s name."),
    Reason.INITIALS: gettext_lazy("The invitation gives initials, which others may have as well."),
    Reason.SHORTENED: gettext_lazy("The invitation shortens the first name, as others may as well."),
    Reason.PART_OF_COMPOUND: gettext_lazy("One of the two gives only a part of a compound name."),
    Reason.MORE_THAN_PROVEN: gettext_lazy("The invitation gives a first name that was not proven."),
    Reason.PARTICLE: gettext_lazy("One of the two leaves out the particle of the family name."),
    Reason.ORDER: gettext_lazy("The parts of the family name are in another order."),
    Reason.SWAPPED: gettext_lazy("First name and family name are exchanged."),
    Reason.OTHER_GIVEN: gettext_lazy("The first names are not the same."),
    Reason.OTHER_FAMILY: gettext_lazy("The family names are not the same."),
    Reason.SIGNS: gettext_lazy("One of the names holds signs that do not belong in a name, or cannot be seen."),
}


def explain(reasons: Iterable[str]) -> list[str]:
    """A sentence for each, in the reader's language."""
    return [str(SENTENCES[Reason(each)]) for each in reasons]
