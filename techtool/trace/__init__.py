"""The trace: what passed over the wire, in rows for people. Pure; read by the trace page and by commands."""

from techtool.trace.book import Trace
from techtool.trace.detail import Field, Side, explain
from techtool.trace.filtering import Filter, Selection, parse
from techtool.trace.rows import BAD, ODD, Form, Row

__all__ = ["BAD", "ODD", "Field", "Filter", "Form", "Row", "Selection", "Side", "Trace", "explain", "parse"]
