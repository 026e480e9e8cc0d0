"""What is known of keys, errors and makes, as data files."""

from techtool.knowledge.errors import Explanation, explain_error

__all__ = ["Explanation", "explain_error"]
