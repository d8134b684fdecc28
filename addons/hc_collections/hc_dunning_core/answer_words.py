# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The draft of an answer to somebody who disputes an amount, in their language.

It says what was received, that nothing is asked for meanwhile, what is looked at for this kind of
dispute, and until when they hear; it decides nothing and promises no result.
"""

from .statement_words import ENGLISH, SPANISH, language_of

_FRAME = {
    ENGLISH: (
        "We received your question {name} on {received} about {amount}.",
        "While we look into it, we do not ask you to pay this amount.",
        "You will hear from us by {due}. If you have papers about it, please send us a copy.",
    ),
    SPANISH: (
        "El {received} recibimos su pregunta {name} sobre {amount}.",
        "Mientras la revisamos, no le pedimos que pague esta cantidad.",
        "Tendrá nuestra respuesta a más tardar el {due}. Si tiene documentos sobre el asunto, "
        "envíenos una copia.",
    ),
}
_LOOKED_AT = {
    ENGLISH: {
        "billing_error": "We compare each charge with the record of your visit.",
        "not_mine": "We check whose visit it was and whether the bill went to the right person.",
        "insurance": "We check which insurance was billed, what it answered and what it paid.",
        "price": "We compare the price with our price list and with any estimate you were given.",
        "quality": "The people who are responsible for the quality of care read what you told us.",
        "already_paid": "We look for your payment. The date and the way you paid help us find it.",
        "other": "We look into what you told us.",
    },
    SPANISH: {
        "billing_error": "Comparamos cada cargo con el registro de su visita.",
        "not_mine": "Comprobamos de quién fue la visita y a quién corresponde la factura.",
        "insurance": "Comprobamos a qué seguro se facturó, qué respondió y qué pagó.",
        "price": "Comparamos el precio con nuestra lista y con el presupuesto que se le haya dado.",
        "quality": "Las personas responsables de la calidad de la atención leen lo que nos contó.",
        "already_paid": "Buscamos su pago. La fecha y la forma de pago nos ayudan a encontrarlo.",
        "other": "Revisamos lo que nos contó.",
    },
}


def draft_answer(language: str | None, kind: str, facts: dict[str, str]) -> str:
    """The draft for a kind of dispute.

    :param language: code of the recipient's language; English where none of ours
    :param kind: of the dispute
    :param facts: ``name``, ``amount``, ``received`` and ``due`` as they are to be read

    >>> facts = dict(name="D1", amount="$ 5.00", received="2026-01-02", due="2026-02-01")
    >>> draft_answer("es_MX", "already_paid", facts).splitlines()[0]
    'El 2026-01-02 recibimos su pregunta D1 sobre $ 5.00.'
    """
    known = language_of(language)
    received, meanwhile, answered = _FRAME[known]
    looked_at = _LOOKED_AT[known].get(kind, _LOOKED_AT[known]["other"])
    return "\n".join((received.format(**facts), meanwhile, looked_at, answered.format(**facts)))
