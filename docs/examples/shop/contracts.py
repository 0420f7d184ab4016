"""The order as a PDF: one page of text, written by hand so that the example needs no library."""


def order(number: str, customer: str) -> bytes:
    """What the customer signs."""
    return pdf(
        f"BON DE COMMANDE {number}",
        "",
        f"Client : {customer}",
        "Article : vélo cargo électrique, 1 pièce",
        "Prix : 3 490,00 EUR TTC, livraison comprise",
        "",
        "Le client a lu et accepte les conditions générales de vente.",
        "Il dispose de quatorze jours pour se rétracter.",
    )


def pdf(*lines: str) -> bytes:
    text = b" T* ".join(b"(%s) Tj" % each.encode("cp1252", "replace").translate(None, b"()\\") for each in lines)
    text = b"BT /F 14 Tf 60 760 Td 22 TL %s ET" % text
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.7\n", [b"0000000000 65535 f \n"]
    for number, each in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return out + b"xref\n0 6\n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (b"".join(places), len(out))
