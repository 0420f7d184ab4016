"""The fixed cast of people: tests and demonstrations always tell the same story.

Alice owns documents and sends them, Bob signs, Carol approves or signs second, Mallory intrudes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    email: str
    phone_number: str  # from the ranges that ARCEP keeps for fiction
    country: str = "FR"
    locale: str = "fr"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


ALICE = Person("Alice", "Marchand", "alice@example.org", "+33639980101")
BOB = Person("Bob", "Durand", "bob@example.org", "+33639980102")
CAROL = Person("Carol", "Łukasiewicz", "carol@example.org", "+33639980103", locale="en")
MALLORY = Person("Mallory", "Sauvage", "mallory@example.org", "+33639980104")
