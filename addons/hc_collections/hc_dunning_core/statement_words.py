# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The words that patients read on statements and in the portal, in plain language.

They follow the patient's language, not that of the person who prints: so they stand here and not
among the translations of screens, which exist only for languages that an office has installed.
Short sentences and everyday words: grade 6 to 8, which a test measures. Whatever an office words
itself (help with paying, rights, contact) is data: ``hc.statement.text``.
"""

ENGLISH = "en_US"
SPANISH = "es_US"
LANGUAGES = {ENGLISH: "English", SPANISH: "Spanish"}

_ENGLISH_WORDS = {
    "title": "Your health care bill",
    "statement": "Statement",
    "statement_date": "Statement date",
    "account": "Account number",
    "amount_due": "Please pay",
    "due_date": "Pay by",
    "greeting": "Hello {name},",
    "intro": (
        "This bill shows your care, what your insurance paid, and what is left for you to pay."
    ),
    "summary": "Your bill at a glance",
    "charges": "Cost of your care",
    "insurance_paid": "Your insurance paid",
    "adjusted": "Discounts and other changes",
    "patient_paid": "You paid",
    "insurance_open": "Still with your insurance (do not pay this)",
    "disputed": "In question (do not pay this now)",
    "credit": "Your payments not yet used",
    "other": "Other balance",
    "owed": "You owe",
    "visits": "Your visits",
    "visit": "Visit on {day}",
    "visit_days": "Visit from {first} to {last}",
    "for_patient": "Patient: {name}",
    "at_facility": "at {facility}",
    "service": "Service",
    "amount": "Amount",
    "owed_visit": "You owe for this visit",
    "why": "Why?",
    "why_self_pay": (
        "We have no insurance on file for this visit. If you have insurance, please call us."
    ),
    "why_plan_share": (
        "Your insurance paid its part. The rest is your part, such as a copay or deductible."
    ),
    "why_plan_nothing": (
        "Your insurance did not pay for this visit. It says that this part is yours to pay."
    ),
    "why_disputed": "You asked us to check {amount} of this. You do not have to pay that part now.",
    "service_other": "Health care service",
    "pay": "How to pay",
    "pay_online": "Online: go to {link}, or scan the code with your phone.",
    "pay_mail": "By mail: send a check to {name}, {address}. Write {account} on the check.",
    "pay_phone": "By phone: call {phone}.",
    "help": "Need help to pay?",
    "rights": "Is something wrong?",
    "contact": "Questions?",
    "page": "Page",
    "of": "of",
    "nothing_due": "You do not have to pay anything now.",
    "portal_title": "My health bills",
    "portal_hint": "See your bills, pay, or ask for help",
    "portal_total": "You owe today",
    "portal_none": "You do not owe anything. Thank you!",
    "portal_bills": "Your bills",
    "portal_no_bills": "There are no bills yet. New bills show up here.",
    "portal_by_visit": "What you owe by visit",
    "portal_download": "Download (PDF)",
    "portal_open": "Open",
    "portal_pay": "Pay now",
    "portal_pay_title": "Pay your bill",
    "portal_pay_amount": "How much do you want to pay?",
    "portal_pay_hint": "You can pay all of it or a part of it, up to {amount}.",
    "portal_pay_next": "Go on",
    "portal_pay_none": "You cannot pay online right now. Please call us or pay by mail.",
    "portal_pay_done": "Thank you. We got your payment.",
    "portal_pay_waiting": "Thank you. We are waiting for your bank. This can take a short time.",
    "portal_pay_booking": "Thank you. We received your payment and are entering it now.",
    "portal_pay_again": (
        "A payment of {amount} was just made and is being entered. To pay the same amount once "
        "more, please wait a few minutes."
    ),
    "portal_pay_begun": (
        "A payment of {amount} was begun a moment ago, perhaps in another window. Please finish it "
        "there. If you closed that window, wait {minutes} minutes and try again."
    ),
    "portal_part_paid": "This part is paid. Thank you!",
    "portal_ask_plan": "Pay over time",
    "portal_plan_text": (
        "You can ask to pay a little each month. Tell us what you can pay. We will call or write."
    ),
    "portal_plan_amount": "What can you pay each month?",
    "portal_ask_dispute": "Ask us to check a bill",
    "portal_dispute_text": (
        "Tell us what looks wrong. You do not have to pay that part while we check."
    ),
    "portal_dispute_visit": "Which visit?",
    "portal_dispute_amount": "How much of it is wrong?",
    "portal_ask_assistance": "Get help to pay",
    "portal_message": "Your message",
    "portal_send": "Send",
    "portal_back": "Back",
    "portal_documents": "Send us papers",
    "portal_documents_text": (
        "You can send a letter, a pay stub or a photo. PDF, JPG or PNG, up to {size} MB."
    ),
    "portal_file": "Choose a file",
    "portal_sent": "Thank you. We got it. We will get back to you soon.",
    "portal_closed": "You have sent us a lot today. Please call us, or try again tomorrow.",
    "portal_bad_file": (
        "We could not take this file. Please send a PDF, JPG or PNG, up to {size} MB."
    ),
    "portal_bad_amount": "Please enter an amount of at least {least} and at most {most}.",
    "portal_empty": "Please write a few words.",
    "portal_state_paid": "Paid",
    "portal_requests": "What you asked us",
    "portal_number": "Number",
    "portal_date": "Date",
    "portal_kind_plan": "Pay over time",
    "portal_kind_dispute": "Check a bill",
    "portal_kind_assistance": "Help to pay",
    "portal_kind_document": "Papers you sent",
    "portal_private": "For your privacy, this page does not show your visits. Sign in to see them.",
    "join_title": "See your bills online",
    "join_text": "To keep your bills safe, please tell us the date of birth of the person we bill.",
    "join_birth_date": "Date of birth",
    "join_wrong": "That did not match what we have. Please try again, or call us.",
    "join_gone": "This link no longer works. Please call us for a new one.",
    "join_known": "This e-mail has a sign-in already. Please sign in, then open the link again.",
    "join_sign_in": "Sign in",
    "mail_subject": "A new bill is ready",
    "mail_text": "A new bill is ready for you. Sign in to see it: {link}",
    "preferences_title": "How may we reach you?",
    "preferences_language": "Language of your bills",
    "preferences_channels": "You may also reach me by",
    "preferences_email": "E-mail",
    "preferences_sms": "Text message",
    "preferences_call": "Phone call",
    "preferences_letters": "You can stop these at any time. Letters and this page stay.",
    "preferences_paper": "Bills without paper",
    "preferences_paperless": "Show my bills here and do not mail them.",
    "preferences_paperless_hint": (
        "We send a link to {email}. Open it, and from then on we send an e-mail and no letter."
    ),
    "preferences_save": "Save",
    "preferences_saved": "Thank you. We saved it.",
    "preferences_link": "Please open the link that we sent to {email}. Until then we mail letters.",
    "paperless_page": (
        "Your new bills show up here. We tell you by e-mail at {email}. You can ask for paper "
        "again at any time, and it costs nothing."
    ),
    "paperless_confirm": "Yes, no more paper",
    "paperless_done": "Thank you. We do not mail your bills any more.",
    "paperless_subject": "Bills without paper",
    "paperless_text": (
        "You asked for bills without paper. Sign in and open this link to say yes: {link}"
    ),
    "invite_subject": "See your bills online",
    "invite_text": "You can now see and pay your bills online. Open this link to start: {link}",
    "invite_until": (
        "The link works until {day}. If you did not ask for it, you do not have to do a thing."
    ),
    "answer_dispute_subject": "Our answer to your question {name}",
    "answer_dispute_upheld": "You asked us to check {amount}. You were right: we took it all off.",
    "answer_dispute_partly_upheld": (
        "You asked us to check {amount}. We took off {conceded}. The rest is still to be paid."
    ),
    "answer_dispute_denied": (
        "You asked us to check {amount}. We did. The bill is right and is still to be paid."
    ),
    "answer_assistance_subject": "Our answer to your request for help {name}",
    "answer_assistance_granted": "We can help you.",
    "answer_assistance_forgiven": "We took {forgiven} off your bill.",
    "answer_assistance_refund": "You paid {refund} too much. We will pay it back to you.",
    "answer_assistance_denied": (
        "This time we cannot take anything off your bill. You can ask to pay a little each month."
    ),
    "answer_reason": "This is why:",
    "answer_again": "If you do not agree, or your life has changed, please call us or write to us.",
}  # fmt: skip

_SPANISH_WORDS = {
    "title": "Su cuenta médica",
    "statement": "Estado de cuenta",
    "statement_date": "Fecha",
    "account": "Número de cuenta",
    "amount_due": "Pague por favor",
    "due_date": "Pague antes del",
    "greeting": "Hola, {name}:",
    "intro": "Esta cuenta muestra su atención, lo que pagó su seguro y lo que le queda por pagar.",
    "summary": "Su cuenta en breve",
    "charges": "Costo de su atención",
    "insurance_paid": "Su seguro pagó",
    "adjusted": "Descuentos y otros cambios",
    "patient_paid": "Usted pagó",
    "insurance_open": "Todavía con su seguro (no lo pague)",
    "disputed": "En duda (no lo pague ahora)",
    "credit": "Pagos suyos sin usar",
    "other": "Otro saldo",
    "owed": "Usted debe",
    "visits": "Sus visitas",
    "visit": "Visita del {day}",
    "visit_days": "Visita del {first} al {last}",
    "for_patient": "Paciente: {name}",
    "at_facility": "en {facility}",
    "service": "Servicio",
    "amount": "Monto",
    "owed_visit": "Usted debe por esta visita",
    "why": "¿Por qué?",
    "why_self_pay": "No tenemos un seguro para esta visita. Si tiene seguro, por favor llámenos.",
    "why_plan_share": (
        "Su seguro pagó su parte. El resto le toca a usted, como un copago o deducible."
    ),
    "why_plan_nothing": (
        "Su seguro no pagó esta visita. El seguro dice que esta parte le toca a usted."
    ),
    "why_disputed": "Usted pidió revisar {amount}. No tiene que pagar esa parte ahora.",
    "service_other": "Servicio de salud",
    "pay": "Cómo pagar",
    "pay_online": "En línea: vaya a {link} o use la cámara de su teléfono con este código.",
    "pay_mail": "Por correo: mande un cheque a {name}, {address}. Escriba {account} en el cheque.",
    "pay_phone": "Por teléfono: llame al {phone}.",
    "help": "¿Necesita ayuda para pagar?",
    "rights": "¿Hay algo mal?",
    "contact": "¿Preguntas?",
    "page": "Página",
    "of": "de",
    "nothing_due": "No tiene que pagar nada ahora.",
    "portal_title": "Mis cuentas médicas",
    "portal_hint": "Vea sus cuentas, pague o pida ayuda",
    "portal_total": "Hoy usted debe",
    "portal_none": "Usted no debe nada. ¡Gracias!",
    "portal_bills": "Sus cuentas",
    "portal_no_bills": "Todavía no hay cuentas. Las nuevas salen aquí.",
    "portal_by_visit": "Lo que debe por cada visita",
    "portal_download": "Bajar (PDF)",
    "portal_open": "Abrir",
    "portal_pay": "Pagar ahora",
    "portal_pay_title": "Pague su cuenta",
    "portal_pay_amount": "¿Cuánto quiere pagar?",
    "portal_pay_hint": "Puede pagar todo o una parte, hasta {amount}.",
    "portal_pay_next": "Seguir",
    "portal_pay_none": "Ahora no puede pagar en línea. Por favor llámenos o pague por correo.",
    "portal_pay_done": "Gracias. Recibimos su pago.",
    "portal_pay_waiting": "Gracias. Esperamos a su banco. Puede tardar un poco.",
    "portal_pay_booking": "Gracias. Recibimos su pago y lo estamos registrando.",
    "portal_pay_again": (
        "Ya se hizo un pago de {amount} y lo estamos registrando. Para pagar otra vez el mismo "
        "monto, espere unos minutos."
    ),
    "portal_pay_begun": (
        "Hace un momento se inició un pago de {amount}, quizás en otra ventana. Termínelo allí. Si "
        "cerró esa ventana, espere {minutes} minutos e inténtelo de nuevo."
    ),
    "portal_part_paid": "Esta parte está pagada. ¡Gracias!",
    "portal_ask_plan": "Pagar poco a poco",
    "portal_plan_text": (
        "Puede pedir pagar un poco cada mes. Díganos cuánto puede pagar. Le vamos a llamar o "
        "escribir."
    ),
    "portal_plan_amount": "¿Cuánto puede pagar cada mes?",
    "portal_ask_dispute": "Pedir que revisemos una cuenta",
    "portal_dispute_text": (
        "Díganos qué le parece mal. No tiene que pagar esa parte mientras la revisamos."
    ),
    "portal_dispute_visit": "¿Cuál visita?",
    "portal_dispute_amount": "¿Qué monto está mal?",
    "portal_ask_assistance": "Pedir ayuda para pagar",
    "portal_message": "Su mensaje",
    "portal_send": "Mandar",
    "portal_back": "Volver",
    "portal_documents": "Mándenos papeles",
    "portal_documents_text": (
        "Puede mandar una carta, un talón de pago o una foto. PDF, JPG o PNG, hasta {size} MB."
    ),
    "portal_file": "Elija un archivo",
    "portal_sent": "Gracias. Lo recibimos. Le vamos a responder pronto.",
    "portal_closed": "Hoy ya nos mandó mucho. Por favor llámenos o pruebe mañana.",
    "portal_bad_file": "No pudimos usar este archivo. Mande un PDF, JPG o PNG, hasta {size} MB.",
    "portal_bad_amount": "Escriba un monto de {least} o más, y de {most} o menos.",
    "portal_empty": "Por favor escriba unas palabras.",
    "portal_state_paid": "Pagada",
    "portal_requests": "Lo que nos pidió",
    "portal_number": "Número",
    "portal_date": "Fecha",
    "portal_kind_plan": "Pagar poco a poco",
    "portal_kind_dispute": "Revisar una cuenta",
    "portal_kind_assistance": "Ayuda para pagar",
    "portal_kind_document": "Papeles que mandó",
    "portal_private": (
        "Para cuidar sus datos, esta página no muestra sus visitas. Entre para verlas."
    ),
    "join_title": "Vea sus cuentas en línea",
    "join_text": "Para cuidar sus datos, escriba la fecha de nacimiento de quien recibe la cuenta.",
    "join_birth_date": "Fecha de nacimiento",
    "join_wrong": "No es igual a lo que tenemos. Pruebe otra vez o llámenos.",
    "join_gone": "Este enlace ya no sirve. Llámenos y le damos otro.",
    "join_known": "Este correo ya tiene una clave. Entre primero y abra el enlace otra vez.",
    "join_sign_in": "Entrar",
    "mail_subject": "Tiene una cuenta nueva",
    "mail_text": "Hay una cuenta nueva para usted. Entre para verla: {link}",
    "preferences_title": "¿Cómo podemos hablar con usted?",
    "preferences_language": "Idioma de sus cuentas",
    "preferences_channels": "También me pueden avisar por",
    "preferences_email": "Correo electrónico",
    "preferences_sms": "Mensaje de texto",
    "preferences_call": "Llamada",
    "preferences_letters": "Puede parar esto cuando quiera. Las cartas y esta página siguen.",
    "preferences_paper": "Cuentas sin papel",
    "preferences_paperless": "Ver mis cuentas aquí y no por correo postal.",
    "preferences_paperless_hint": (
        "Mandamos un enlace a {email}. Ábralo, y desde ese día le escribimos sin papel."
    ),
    "preferences_save": "Guardar",
    "preferences_saved": "Gracias. Lo guardamos.",
    "preferences_link": "Abra el enlace que mandamos a {email}. Hasta ese día mandamos cartas.",
    "paperless_page": (
        "Sus cuentas nuevas salen aquí. Le avisamos a {email}. Puede pedir papel otra vez cuando "
        "quiera, y no cuesta nada."
    ),
    "paperless_confirm": "Sí, sin papel",
    "paperless_done": "Gracias. Ya no le mandamos cuentas por correo postal.",
    "paperless_subject": "Cuentas sin papel",
    "paperless_text": (
        "Usted pidió cuentas sin papel. Entre y abra este enlace para decir sí: {link}"
    ),
    "invite_subject": "Vea sus cuentas en línea",
    "invite_text": (
        "Ya puede ver y pagar sus cuentas en línea. Abra este enlace para empezar: {link}"
    ),
    "invite_until": "El enlace sirve hasta el {day}. Si no lo pidió, no tiene que hacer nada.",
    "answer_dispute_subject": "Nuestra respuesta a su pregunta {name}",
    "answer_dispute_upheld": "Usted pidió revisar {amount}. Tenía razón: lo quitamos todo.",
    "answer_dispute_partly_upheld": (
        "Usted pidió revisar {amount}. Quitamos {conceded}. El resto queda por pagar."
    ),
    "answer_dispute_denied": (
        "Usted pidió revisar {amount}. Lo hicimos. La cuenta está bien y queda por pagar."
    ),
    "answer_assistance_subject": "Nuestra respuesta a su pedido de ayuda {name}",
    "answer_assistance_granted": "Le podemos ayudar.",
    "answer_assistance_forgiven": "Quitamos {forgiven} de su cuenta.",
    "answer_assistance_refund": "Usted pagó {refund} de más. Se lo vamos a devolver.",
    "answer_assistance_denied": (
        "Esta vez no podemos quitar nada de su cuenta. Puede pedir pagar un poco cada mes."
    ),
    "answer_reason": "Este es el motivo:",
    "answer_again": "Si no está de acuerdo, o si su vida cambió, llámenos o escríbanos.",
}  # fmt: skip

WORDS = {ENGLISH: _ENGLISH_WORDS, SPANISH: _SPANISH_WORDS}


def language_of(code: str | None) -> str:
    """Return the language that is spoken for a code; English where none is.

    >>> language_of("es_MX"), language_of("fr_FR"), language_of(None)
    ('es_US', 'en_US', 'en_US')
    """
    if code in WORDS:
        return code
    family = (code or "").partition("_")[0]
    return next((known for known in WORDS if known.partition("_")[0] == family), ENGLISH)


def words_of(code: str | None) -> dict[str, str]:
    """Return all words in the language of a code, see `language_of`.

    >>> words_of("es_US")["owed"]
    'Usted debe'
    """
    return WORDS[language_of(code)]
