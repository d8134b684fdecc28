# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import os
import socket
import tempfile
import time
from io import BytesIO
from unittest.mock import patch

from PIL import Image
from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

LETTER = """
<t t-name="hc_revenue_base.template_letter_test">
    <t t-call="hc_revenue_base.layout_letter">
        <t t-set="title">Statement of your account</t>
        <t t-set="recipient" t-value="recipient"/>
        <p>Dear <t t-out="name"/>, here is what you owe.</p>
        <table>
            <thead><tr>
                <th style="width: 20%">Date</th><th>Service</th><th class="text-end">You owe</th>
            </tr></thead>
            <tbody>
                <tr t-foreach="charges" t-as="charge">
                    <td t-out="charge[0]"/><td t-out="charge[1]"/>
                    <td class="text-end" t-out="charge[2]"/>
                </tr>
                <tr><td colspan="2"><b>Total</b></td><td class="text-end">123.00</td></tr>
            </tbody>
        </table>
        <ul><li>Pay by the first of the month</li><li>Or call us</li></ul>
    </t>
</t>
"""


@tagged("post_install", "-at_install")
class TestPdf(TransactionCase):
    """Letters: readable, the same each time, and deaf to what hostile values ask for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.view = cls.env["ir.ui.view"].create(
            {
                "name": "letter",
                "type": "qweb",
                "key": "hc_revenue_base.template_letter_test",
                "arch": LETTER,
            }
        )
        cls.values = {
            "recipient": ["José Müller-Ångström", "12 Rue de l’Église", "Springfield IL 62701"],
            "name": "Иванова / Παπαδοπούλου",
            "charges": [(f"2026-03-{day:02}", f"Visit {day}", "41.00") for day in range(1, 4)],
        }

    def _render(self, **values):
        return self.env["hc.pdf"]._render(self.view.key, {**self.values, **values})

    def _read(self, content):
        return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]

    def _render_html(self, html, **options):
        return self.env["hc.pdf"]._render_html(html, **options)

    def test_a_letter_shows_what_it_was_given_in_many_scripts(self):
        [text] = self._read(self._render())
        for words in (*self.values["recipient"], self.values["name"], "Visit 3", "Or call us"):
            self.assertIn(words, text)
        self.assertIn(self.env.company.name, text)
        self.assertIn("Page 1 of 1", text)

    def test_header_footer_and_table_head_stand_on_every_page(self):
        charges = [("2026-03-01", f"Visit {number}", "1.00") for number in range(120)]
        pages = self._read(self._render(charges=charges))
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, 1):
            self.assertIn(f"Page {number} of {len(pages)}", text)
            self.assertIn(self.env.company.name, text)
            self.assertIn("You owe", text)
        everything = "".join(pages)
        for number in range(120):
            self.assertEqual(everything.count(f"Visit {number}\n"), 1)

    def test_the_same_letter_has_the_same_bytes(self):
        first = self._render()
        time.sleep(1.1)
        self.assertEqual(self._render(), first)
        self.assertNotEqual(self._render(name="Another"), first)

    def test_papers(self):
        for paper, width in (("letter", 612), ("a4", 595)):
            content = self._render_html("<p>x</p>", paper=paper)
            self.assertEqual(int(PdfReader(BytesIO(content)).pages[0].mediabox.width), width)
        with self.assertRaisesRegex(UserError, "no paper a0"):
            self._render_html("<p>x</p>", paper="a0")

    def test_hostile_markup_reads_no_file_and_calls_nobody(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file, socket.socket() as trap:
            file.write("top secret")
            file.flush()
            trap.bind(("127.0.0.1", 0))
            trap.listen()
            trap.settimeout(0.3)
            url = f"http://127.0.0.1:{trap.getsockname()[1]}/x.png"
            for address in (url, f"file://{file.name}", file.name, "//x/y.png", "ftp://x/y"):
                for markup in (
                    f'<img src="{address}"/>',
                    f'<p>text <b>and <img src="{address}"/></b></p>',
                    f'<link rel="stylesheet" href="{address}"/>',
                    f'<iframe src="{address}"></iframe>',
                    f'<object data="{address}"></object>',
                    f'<embed src="{address}"/>',
                    f'<style>@import "{address}";</style>',
                    f'<div style="background: url({address})">x</div>',
                    f'<a href="{address}">x</a>',
                    f"&lt;img src='{address}'/&gt; &lt;font name='{address}'&gt;x",
                    f'<svg><image href="{address}"/></svg>',
                    f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]><p>&amp;e; &e;</p>',
                ):
                    try:
                        content = self._render_html(f"<p>x</p>{markup}")
                    except UserError as error:
                        self.assertIn("letters fetch nothing", str(error))
                    else:
                        self.assertNotIn("top secret", "".join(self._read(content)))
            with self.assertRaises(TimeoutError):
                trap.accept()

    def test_values_are_text_and_never_markup(self):
        hostile = "<img src='file:///etc/passwd'/><b>x</b> & <para>"
        [text] = self._read(self._render(name=hostile))
        self.assertIn("<b>x</b> & <para>", text)

    def test_embedded_images_are_shown_and_bounded(self):
        picture = BytesIO()
        Image.new("RGB", (40, 20), "red").save(picture, "PNG")
        data = base64.b64encode(picture.getvalue()).decode()
        content = self._render_html(f'<img width="20" src="data:image/png;base64,{data}"/>')
        self.assertEqual(len(PdfReader(BytesIO(content)).pages[0].images), 1)
        huge = BytesIO()
        Image.new("1", (6000, 6000)).save(huge, "PNG")
        for broken in (base64.b64encode(huge.getvalue()).decode(), data[:20], "", "////"):
            with self.assertRaisesRegex(UserError, "not embedded"):
                self._render_html(f'<img src="data:image/png;base64,{broken}"/>')

    def test_shaded_cells_have_a_ground(self):
        plain = "<table><tr><td>Owed</td><td>5.00</td></tr></table>"
        for place in ("tr", "td"):
            shaded = self._render_html(plain.replace(f"<{place}>", f'<{place} class="bg-light">'))
            with self.subTest(place=place):
                self.assertEqual(self._read(shaded), self._read(self._render_html(plain)))
                self.assertEqual(self._count_grounds(shaded), 2)
        self.assertEqual(self._count_grounds(self._render_html(plain)), 0)

    def _count_grounds(self, content):
        [page] = PdfReader(BytesIO(content)).pages
        return page.get_contents().get_data().count(b" re f*")

    def test_a_heading_goes_with_what_follows(self):
        filler = "".join(f"<p>Line {number}</p>" for number in range(80))
        for number in range(30, 60):
            html = filler.split(f"<p>Line {number}</p>")[0] + "<h2>Heading</h2><p>Its words</p>"
            pages = self._read(self._render_html(html))
            place = [("Heading" in page, "Its words" in page) for page in pages]
            self.assertNotIn((True, False), place, number)

    def test_what_cannot_be_printed_is_said_and_not_left_out(self):
        with self.assertRaisesRegex(UserError, "李 .U.674E"):
            self._render(name="李")
        with self.assertRaisesRegex(UserError, "right to left"):
            self._render(name="السيدة")

    def test_more_fonts_come_from_the_server_s_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            self.enterContext(patch.dict(os.environ, {"HC_PDF_FONT_FOLDER": folder}))
            with open(os.path.join(folder, "a.ttf"), "wb") as file:
                file.write(b"no font")
            with self.assertRaisesRegex(UserError, "HC_PDF_FONT_FOLDER"):
                self._render(name="李")

    def test_a_letter_is_bounded(self):
        with self.assertRaisesRegex(UserError, "characters: shorten"):
            self._render_html("x" * 2_000_001)
        with self.assertRaisesRegex(UserError, "more than 200 pages"):
            self._render_html("<div class='page-break'></div><p>x</p>" * 250)
        with self.assertRaisesRegex(UserError, "fits on no page"):
            self._render_html("<table><tr><td>" + "<p>x</p>" * 300 + "</td></tr></table>")
        with self.assertRaisesRegex(UserError, "no HTML"):
            self._render_html("")

    def test_broken_markup_still_gives_a_letter(self):
        for html in (
            "<table></table>",
            "<table><tr></tr></table><p>x",
            "<td>x</td>",
            "<table><tr><td colspan='99999'>x</td><td>y</td></tr><tr><td>z</td></tr></table>",
            "<ul></ul><ol><li></li></ol>x",
            "<header></header><footer></footer>x",
            "<h1></h1>",
            "x" * 5000,
            "<b>" * 50 + "x",
        ):
            with self.subTest(html[:40]):
                self.assertTrue(self._render_html(html).startswith(b"%PDF"))
