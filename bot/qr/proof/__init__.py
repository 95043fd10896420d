"""Proof that a code scans: margin and gate of every answer, what mends a style, the ladder of conditions."""

from bot.qr.proof.gate import Fault, Unread, Verdict, prove
from bot.qr.proof.grades import Grade, Grades
from bot.qr.proof.margin import Margin

__all__ = ["Fault", "Grade", "Grades", "Margin", "Unread", "Verdict", "prove"]
