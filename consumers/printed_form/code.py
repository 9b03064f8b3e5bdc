"""The case id as a QR code, so that a window scans what it would have to type."""

from io import BytesIO

import segno


def code_svg(case_id: str) -> str:
    """Return the code as SVG; it holds the case id and nothing else."""
    out = BytesIO()
    segno.make_qr(case_id, error="m").save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def code_png(case_id: str) -> bytes:
    """Return the same code as PNG."""
    out = BytesIO()
    segno.make_qr(case_id, error="m").save(out, kind="png", border=0, scale=8)
    return out.getvalue()
