# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Invented people: common first names with surnames that nobody bears."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from string import ascii_uppercase

FIRST_NAMES = {
    "female": (
        "Alice",
        "Beth",
        "Clara",
        "Dana",
        "Edith",
        "Fiona",
        "Grace",
        "Hannah",
        "Iris",
        "June",
        "Karen",
        "Laura",
        "Mia",
        "Nora",
        "Olive",
        "Paula",
        "Ruth",
        "Sara",
        "Tess",
        "Wanda",
    ),
    "male": (
        "Adam",
        "Ben",
        "Carl",
        "David",
        "Eric",
        "Frank",
        "George",
        "Henry",
        "Ivan",
        "Jack",
        "Kevin",
        "Liam",
        "Mark",
        "Noah",
        "Oscar",
        "Peter",
        "Ray",
        "Sam",
        "Tom",
        "Walter",
    ),
}
_SURNAME_STARTS = (
    "Brax",
    "Dimble",
    "Fenn",
    "Grim",
    "Hob",
    "Jun",
    "Kest",
    "Lum",
    "Mog",
    "Nib",
    "Osk",
    "Pim",
    "Quil",
    "Rud",
    "Sib",
    "Tam",
    "Ulv",
    "Vor",
    "Wob",
    "Zan",
)
_SURNAME_ENDS = (
    "baddle",
    "dorn",
    "feather",
    "gorse",
    "hollow",
    "kettle",
    "lark",
    "mallow",
    "nettle",
    "pocket",
    "rill",
    "sprocket",
    "thistle",
    "wick",
)
_STREETS = ("Alder Street", "Beacon Lane", "Cove Road", "Depot Street", "Ferry Road", "Mill Lane")
_CITIES = {
    "harbor": (("Portland", "04101"), ("South Portland", "04106"), ("Westbrook", "04092")),
    "summit": (("Bangor", "04401"), ("Brewer", "04412"), ("Orono", "04473")),
}
# Payers by share of patients, for those under 65 and for older ones; None: uninsured.
_PAYERS_UNDER_65 = (
    ("bluepine", 34),
    ("meridian", 16),
    ("unity", 16),
    ("medicaid", 20),
    ("workcover", 4),
    (None, 10),
)
_PAYERS_FROM_65 = (("medicare", 60), ("silverlake", 34), ("bluepine", 6))
_MEDICARE_AGE_YEARS = 65
_SENIOR_SHARE = 0.25
_AGES_YEARS = {"child": (1, 16), "adult": (19, 64), "senior": (65, 92)}


@dataclass(frozen=True)
class Person:
    """A patient to create; ``guarantor`` is the position of another person or None."""

    mrn: str
    first_name: str
    last_name: str
    sex: str
    birth_date: date
    home: str
    street: str
    city: str
    zip_code: str
    payer: str | None
    member_id: str | None
    guarantor: int | None

    def age_years(self, as_of):
        """Full years of life on a day."""
        had_birthday = (as_of.month, as_of.day) >= (self.birth_date.month, self.birth_date.day)
        return as_of.year - self.birth_date.year - (not had_birthday)


def invent_people(rng: Random, as_of: date, count: int) -> list[Person]:
    """Invent people, one in six a child whose guarantor is an earlier adult.

    :param as_of: the day from which ages are counted back
    :return: people with different medical record numbers, adults before their children
    """
    people: list[Person] = []
    surnames = [start + end for start in _SURNAME_STARTS for end in _SURNAME_ENDS]
    for position in range(count):
        adults = [i for i, person in enumerate(people) if person.age_years(as_of) >= 25]
        is_child = position % 6 == 5 and adults
        guarantor = rng.choice(adults) if is_child else None
        group = "senior" if rng.random() < _SENIOR_SHARE else "adult"
        age_years = rng.randint(*_AGES_YEARS["child" if is_child else group])
        people.append(_invent_person(rng, as_of, position, age_years, surnames, guarantor, people))
    return people


def _invent_person(rng, as_of, position, age_years, surnames, guarantor, people):
    parent = people[guarantor] if guarantor is not None else None
    sex = rng.choice(("female", "male"))
    home = parent.home if parent else rng.choice(("harbor", "harbor", "summit"))
    city, zip_code = (parent.city, parent.zip_code) if parent else rng.choice(_CITIES[home])
    if parent:
        covers_children = parent.payer not in (None, "medicare", "silverlake", "workcover")
        payer = parent.payer if covers_children else "medicaid"
    else:
        table = _PAYERS_FROM_65 if age_years >= _MEDICARE_AGE_YEARS else _PAYERS_UNDER_65
        payer = rng.choices([name for name, _ in table], [share for _, share in table])[0]
    return Person(
        mrn=f"NW{position + 100001}",
        first_name=rng.choice(FIRST_NAMES[sex]),
        last_name=parent.last_name if parent else rng.choice(surnames),
        sex=sex,
        birth_date=as_of - timedelta(days=int(age_years * 365.25) + rng.randint(20, 340)),
        home=home,
        street=parent.street if parent else f"{rng.randint(1, 240)} {rng.choice(_STREETS)}",
        city=city,
        zip_code=zip_code,
        payer=payer,
        member_id=invent_member_id(rng, payer) if payer else None,
        guarantor=guarantor,
    )


def invent_member_id(rng: Random, payer: str) -> str:
    """A member id in the form of a demonstration payer."""

    def digits(count):
        return "".join(rng.choice("0123456789") for _ in range(count))

    def letter():
        # Medicare leaves out letters that look like digits.
        return rng.choice([c for c in ascii_uppercase if c not in "SLOIBZ"])

    forms = {
        "bluepine": lambda: "BP" + digits(9),
        "meridian": lambda: "M" + digits(8),
        "unity": lambda: "UC" + digits(7) + letter(),
        "medicare": lambda: (
            rng.choice("123456789")
            + letter()
            + rng.choice("0123456789")
            + digits(1)
            + letter()
            + digits(1)
            + digits(1)
            + letter()
            + letter()
            + digits(2)
        ),
        "medicaid": lambda: digits(8) + "A",
        "silverlake": lambda: "SL" + digits(8),
        "workcover": lambda: "WC-" + digits(6),
    }
    return forms[payer]()
